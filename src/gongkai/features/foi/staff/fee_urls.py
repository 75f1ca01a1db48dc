"""Addresses of the processing fee."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import fee_views

urlpatterns = [
    path("fees/", fee_views.fees, name="fees"),
    path("fees/months.csv", fee_views.fees_csv, name="fees_csv"),
    path("<int:application_id>/fee/", fee_views.fee, name="fee"),
    path("<int:application_id>/fee/decide/", fee_views.fee_decide, name="fee_decide"),
    path("<int:application_id>/fee/notify/", fee_views.fee_notify, name="fee_notify"),
    path("<int:application_id>/fee/pay/", fee_views.fee_pay, name="fee_pay"),
]
