"""Addresses of the work plans and the ledger: staff pages in the back office, progress pages for everybody."""

from __future__ import annotations

from django.urls import include, path

from gongkai.features.workplans.public.urls import urlpatterns as public_urls
from gongkai.features.workplans.staff.urls import urlpatterns as staff_urls

app_name = "workplans"
urlpatterns = [
    path("admin/workplans/", include((staff_urls, "staff"))),
    path("plans/", include((public_urls, "public"))),
]
