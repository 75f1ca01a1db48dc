"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.notices.staff import views

app_name = "notices"
staff_urls = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.notices_mark_read, name="mark_read"),
    path("<int:notice_id>/open/", views.notice_open, name="notice_open"),
    path("email/", views.email_preferences, name="email_preferences"),
]
urlpatterns = [path("admin/notices/", include((staff_urls, "staff")))]
