"""Addresses of the one-time links."""

from __future__ import annotations

from django.urls import path

from gongkai.features.disclosure.public import signing_views

urlpatterns = [
    path("<str:token>/", signing_views.sign, name="sign"),
    path("<str:token>/files/<int:file_id>/", signing_views.signing_file, name="file"),
]
