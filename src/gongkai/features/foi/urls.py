"""Addresses of disclosure on application: the back office, and the pages of applicants."""

from __future__ import annotations

from django.urls import include, path

from gongkai.features.foi.public.urls import urlpatterns as public_urls
from gongkai.features.foi.staff.urls import urlpatterns as staff_urls

app_name = "foi"
urlpatterns = [
    path("admin/foi/", include((staff_urls, "staff"))),
    path("apply/", include((public_urls, "public"))),
]
