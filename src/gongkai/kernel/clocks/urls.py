"""Addresses of the working-day calendar in the back office."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.clocks.staff import views

app_name = "clocks"
staff_urls = [
    path("calendar/", views.calendar_year, name="calendar"),
    path("calendar/import/", views.calendar_import, name="calendar_import"),
]
urlpatterns = [path("admin/clocks/", include((staff_urls, "staff")))]
