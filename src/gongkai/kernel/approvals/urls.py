"""Addresses of the routes and delegations in the back office."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.approvals.staff import delegations, routes

app_name = "approvals"
staff_urls = [
    path("routes/", routes.route_list, name="route_list"),
    path("routes/<slug:code>/", routes.route_detail, name="route_detail"),
    path("routes/<slug:code>/edit/", routes.route_edit, name="route_edit"),
    path("routes/<slug:code>/copy/", routes.route_copy, name="route_copy"),
    path("routes/<slug:code>/assign/", routes.route_assign, name="route_assign"),
    path("routes/<slug:code>/assign/<int:assignment_id>/end/", routes.route_unassign, name="route_unassign"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/<int:delegation_id>/revoke/", delegations.delegation_revoke, name="delegation_revoke"),
]
urlpatterns = [path("admin/approvals/", include((staff_urls, "staff")))]
