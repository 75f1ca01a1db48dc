"""Addresses of disclosure on application: the back office, the pages of applicants, the interface for other systems."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.cache import never_cache

from gongkai.features.foi.api.urls import urlpatterns as api_urls
from gongkai.features.foi.public.urls import urlpatterns as public_urls
from gongkai.features.foi.staff.urls import urlpatterns as staff_urls

app_name = "foi"
for _pattern in staff_urls:  # what a page of a case shows stays in no browser, whoever wrote the view
    _pattern.callback = never_cache(_pattern.callback)
urlpatterns = [
    path("admin/foi/", include((staff_urls, "staff"))),
    path("apply/", include((public_urls, "public"))),
    path("api/v1/foi/", include((api_urls, "api"))),
]
