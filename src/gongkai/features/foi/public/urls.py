"""Public addresses of disclosure on application; none of them carries a query code."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.public import apply_views, figure_views, follow_views

urlpatterns = [
    path("", apply_views.start, name="start"),
    path("new/", apply_views.application_new, name="application_new"),
    path("follow/", follow_views.follow, name="follow"),
    path("follow/confirm/", follow_views.confirm, name="confirm"),
    path("follow/withdraw/", follow_views.withdraw, name="withdraw"),
    path("figures/", figure_views.figures, name="figures"),
]
