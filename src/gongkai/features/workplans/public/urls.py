"""Public addresses of the work plans."""

from __future__ import annotations

from django.urls import path

from gongkai.features.workplans.public import views

urlpatterns = [
    path("", views.plan_list, name="plan_list"),
    path("<int:plan_id>/", views.plan_detail, name="plan_detail"),
    path("<int:plan_id>/data.csv", views.plan_data, name="plan_data"),
]
