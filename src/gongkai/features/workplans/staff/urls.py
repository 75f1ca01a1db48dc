"""Staff addresses of the work plans."""

from __future__ import annotations

from django.urls import path

from gongkai.features.workplans.staff import plan_views

urlpatterns = [
    path("", plan_views.plan_list, name="plan_list"),
]
