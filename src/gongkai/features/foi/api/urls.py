"""Addresses of the interface for connected systems. A change that breaks their meaning gets another number."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.api import views

urlpatterns = [
    path("applications/", views.ApplicationsView.as_view(), name="applications"),
    path("applications/<uuid:uid>/", views.ApplicationView.as_view(), name="application"),
    path("events/", views.EventsView.as_view(), name="events"),
    path("figures/", views.FiguresView.as_view(), name="figures"),
    path("units/", views.UnitsView.as_view(), name="units"),
    path("vocabulary/", views.VocabularyView.as_view(), name="vocabulary"),
]
