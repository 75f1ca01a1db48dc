"""Addresses of what divisions are asked to look for."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import retrieval_views

urlpatterns = [
    path("divisions/", retrieval_views.divisions, name="divisions"),
    path("retrievals/", retrieval_views.retrievals, name="retrievals"),
    path("retrievals/<int:retrieval_id>/", retrieval_views.retrieval, name="retrieval"),
    path("retrievals/<int:retrieval_id>/do/<slug:act>/", retrieval_views.retrieval_act, name="retrieval_act"),
    path("<int:application_id>/retrievals/new/", retrieval_views.retrieval_new, name="retrieval_new"),
]
