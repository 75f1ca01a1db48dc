"""Addresses of the unit pages: back office and public directory."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.orgs.public import views as public
from gongkai.kernel.orgs.staff import changes, groups, sheets, units

app_name = "orgs"
staff_urls = [
    path("", units.unit_list, name="unit_list"),
    path("add/", units.unit_create, name="unit_create"),
    path("import/", sheets.unit_import, name="unit_import"),
    path("export/", sheets.unit_export, name="unit_export"),
    path("<int:unit_id>/", units.unit_detail, name="unit_detail"),
    path("<int:unit_id>/edit/", units.unit_edit, name="unit_edit"),
    path("<int:unit_id>/entry/", units.entry_edit, name="entry_edit"),
    path("<int:unit_id>/aliases/", units.alias_add, name="alias_add"),
    path("<int:unit_id>/aliases/<int:alias_id>/end/", units.alias_end, name="alias_end"),
    path("<int:unit_id>/rename/", changes.unit_rename, name="unit_rename"),
    path("<int:unit_id>/merge/", changes.unit_merge, name="unit_merge"),
    path("<int:unit_id>/split/", changes.unit_split, name="unit_split"),
    path("<int:unit_id>/dissolve/", changes.unit_dissolve, name="unit_dissolve"),
    path("groups/", groups.group_list, name="group_list"),
    path("groups/add/", groups.group_create, name="group_create"),
    path("groups/<int:group_id>/", groups.group_detail, name="group_detail"),
    path("groups/<int:group_id>/members/", groups.member_add, name="member_add"),
    path("groups/<int:group_id>/members/<int:member_id>/end/", groups.member_end, name="member_end"),
]
public_urls = [
    path("", public.unit_list, name="unit_list"),
    path("<int:unit_id>/", public.unit_detail, name="unit_detail"),
]
urlpatterns = [
    path("admin/orgs/", include((staff_urls, "staff"))),
    path("units/", include((public_urls, "public"))),
]
