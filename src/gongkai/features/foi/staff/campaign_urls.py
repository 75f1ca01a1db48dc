"""Staff addresses of campaigns and of steps for many cases."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import batch_views, campaign_views

urlpatterns = [
    path("campaigns/", campaign_views.campaign_list, name="campaign_list"),
    path("campaigns/<int:campaign_id>/", campaign_views.campaign_page, name="campaign"),
    path("campaigns/<int:campaign_id>/delete/", campaign_views.campaign_delete, name="campaign_delete"),
    path("batches/", batch_views.batch_list, name="batch_list"),
    path("batches/new/", batch_views.batch_new, name="batch_new"),
    path("batches/<int:run_id>/", batch_views.batch_page, name="batch"),
    path("batches/<int:run_id>/start/", batch_views.batch_start, name="batch_start"),
    path("batches/<int:run_id>/again/", batch_views.batch_again, name="batch_again"),
    path("batches/<int:run_id>/stop/", batch_views.batch_stop, name="batch_stop"),
    path("batches/<int:run_id>/letters/<slug:kind>/", batch_views.batch_letters, name="batch_letters"),
    path("<int:application_id>/alike/", campaign_views.alike, name="alike"),
]
