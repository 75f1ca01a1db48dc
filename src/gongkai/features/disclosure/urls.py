"""Addresses of disclosure: staff pages in the back office, what was published for everybody."""

from __future__ import annotations

from django.urls import include, path

from gongkai.features.disclosure.public.signing_urls import urlpatterns as signing_urls
from gongkai.features.disclosure.public.urls import urlpatterns as public_urls
from gongkai.features.disclosure.staff.urls import urlpatterns as staff_urls

app_name = "disclosure"
urlpatterns = [
    path("admin/disclosure/", include((staff_urls, "staff"))),
    path("info/", include((public_urls, "public"))),
    path("sign/", include((signing_urls, "signing"))),
]
