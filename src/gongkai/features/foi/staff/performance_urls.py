"""Staff addresses of the figures of performance."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import performance_views

urlpatterns = [
    path("performance/", performance_views.performance_page, name="performance"),
    path("performance/cases/", performance_views.performance_list, name="performance_cases"),
    path("performance/export/", performance_views.performance_export, name="performance_export"),
]
