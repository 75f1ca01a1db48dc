"""Which routes and forms there are, and which route holds where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import RouteAssignment, RouteVersion
from gongkai.kernel.approvals.permissions import can_view_routes
from gongkai.kernel.approvals.targets import column_name, kind_name
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.selectors import unit_ancestor_ids
from gongkai.rulebook.approvals import approval_forms, approval_routes

DEFAULT_ROUTE = {
    domain.Purpose.ORDINARY: "three_review_three_proof",
    domain.Purpose.EMERGENCY: "emergency_release",
}
"""The route that holds where nobody assigned another."""


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One route as it holds today; ``own`` when the office wrote it (``number`` 0 is the shipped version)."""

    route: domain.Route
    own: bool

    @property
    def is_default(self) -> bool:
        """Whether it holds where nobody assigned another."""
        return DEFAULT_ROUTE[self.route.purpose] == self.route.code


def forms(*, on: date) -> dict[str, domain.Form]:
    """Return the forms in force on a day, by code."""
    return approval_forms(rulebook(), on=on, layer=settings.LAYER)


def routes(*, on: date) -> dict[str, domain.Route]:
    """Return every route by code: those of the rulebook on that day, and over them the office's latest versions."""
    found = approval_routes(rulebook(), on=on, layer=settings.LAYER)
    for version in RouteVersion.objects.order_by("code", "-number").distinct("code"):
        found[version.code] = route_of_version(version)
    return found


def route_of_version(version: RouteVersion) -> domain.Route:
    """Return a stored version as the domain reads it."""
    return domain.Route.from_data({**version.content, "number": version.number})


def route_list(*, actor: Actor, on: date) -> list[RouteRow]:
    """Return the routes, the ordinary ones first, by name. Raises NotPermitted."""
    if not can_view_routes(actor):
        raise NotPermitted(ability="查看审批路线")
    rows = [RouteRow(route, route.number > 0) for route in routes(on=on).values()]
    return sorted(
        rows, key=lambda row: (row.route.purpose != domain.Purpose.ORDINARY, not row.is_default, row.route.name)
    )


def route_get(code: str, *, on: date) -> domain.Route:
    """Return one route; raises Refused (approvals.route.unknown)."""
    found = routes(on=on).get(code)
    if found is None:
        raise Refused(Issue("approvals.route.unknown", values={"code": code}))
    return found


def route_versions(*, actor: Actor, code: str) -> QuerySet[RouteVersion]:
    """Return the versions an office made of a route, newest first. Raises NotPermitted."""
    if not can_view_routes(actor):
        raise NotPermitted(ability="查看审批路线")
    return RouteVersion.objects.filter(code=code).select_related("created_by").order_by("-number")


def assignment_list(*, actor: Actor, code: str = "") -> QuerySet[RouteAssignment]:
    """Return the assignments in force, of one route or of all. Raises NotPermitted."""
    if not can_view_routes(actor):
        raise NotPermitted(ability="查看审批路线")
    found = RouteAssignment.objects.filter(ended_at__isnull=True).select_related("unit", "assigned_by")
    found = found.order_by("unit__sort_key", "column", "kind", "pk")
    return found.filter(route_code=code) if code else found


@dataclass(frozen=True, slots=True)
class Held:
    """The route that holds for a text, and the assignment that says so (None: the default)."""

    route: domain.Route
    assignment: RouteAssignment | None

    @property
    def why(self) -> str:
        """Say in words why this route holds."""
        if self.assignment is None:
            return "没有专门设定，适用默认路线"
        parts = []
        if self.assignment.unit is not None:
            parts.append(f"单位“{self.assignment.unit.name}”及其下级")
        if self.assignment.column:
            parts.append(f"栏目“{column_name(self.assignment.column)}”")
        if self.assignment.kind:
            parts.append(f"种类“{kind_name(self.assignment.kind)}”")
        return "按设定：" + ("、".join(parts) or "所有单位和栏目")


def route_for(
    *, unit_id: int, columns: Collection[str] = (), kind: str = "", emergency: bool = False, on: date
) -> Held:
    """Return the route that holds for a text of the unit in these columns and of this kind; three queries.

    Raises Refused (approvals.open.no_route) when the assignment names a route that is gone.
    """
    purpose = domain.Purpose.EMERGENCY if emergency else domain.Purpose.ORDINARY
    known = routes(on=on)
    in_force = {row.pk: row for row in RouteAssignment.objects.filter(ended_at__isnull=True).select_related("unit")}
    chosen = domain.choose(
        [
            domain.Assignment(
                row.route_code, row.unit_id, row.column, row.kind, domain.Purpose(row.purpose), ref=row.pk
            )
            for row in in_force.values()
        ],
        units=(unit_id, *unit_ancestor_ids(unit_id=unit_id)),
        columns=columns,
        kind=kind,
        purpose=purpose,
        steps={code: len(route.steps) for code, route in known.items()},
    )
    route = known.get(chosen.route if chosen else DEFAULT_ROUTE[purpose])
    if route is None:
        raise Refused(Issue("approvals.open.no_route"))
    return Held(route, in_force[chosen.ref] if chosen and chosen.ref is not None else None)
