"""Addresses of the audit trail: the staff screen, and the public page of anchors."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.audit.public import views as public
from gongkai.kernel.audit.staff import views as staff

app_name = "audit"
staff_urls = [
    path("", staff.entry_list, name="entry_list"),
    path("<int:sequence>/", staff.entry_detail, name="entry_detail"),
]
public_urls = [
    path("", public.anchor_list, name="anchor_list"),
    path("anchors.json", public.anchors_json, name="anchors_json"),
]
urlpatterns = [
    path("admin/audit/", include((staff_urls, "staff"))),
    path("audit/anchors/", include((public_urls, "public"))),
]
