"""Addresses of the file store in the back office."""

from __future__ import annotations

from django.urls import path

from gongkai.kernel.files.staff import views

urlpatterns = [path("<int:file_id>/download/", views.download, name="download")]
