"""Public addresses of the work plans."""

from __future__ import annotations

from django.urls import path

from gongkai.features.workplans.public import views

urlpatterns = [
    path("", views.plan_list, name="plan_list"),
]
