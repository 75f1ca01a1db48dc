"""Addresses of the files app."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.files.staff.urls import urlpatterns as staff_urls

app_name = "files"
urlpatterns = [path("admin/files/", include((staff_urls, "staff")))]
