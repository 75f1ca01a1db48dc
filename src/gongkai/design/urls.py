"""The pattern library, for signed-in staff."""

from __future__ import annotations

from django.urls import path

from gongkai.design import views

app_name = "design"

urlpatterns = [
    path("design/", views.pattern_library, name="pattern_library"),
    path("display/", views.display_set, name="display_set"),
    path("display/theme.css", views.theme, name="theme"),
]
