"""Writing an office's own versions of routes, and saying where a route holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import RouteAssignment, RouteVersion
from gongkai.kernel.approvals.permissions import can_manage_routes
from gongkai.kernel.approvals.selectors.rounds import day_of
from gongkai.kernel.approvals.selectors.routes import forms, route_get, routes
from gongkai.kernel.approvals.targets import column_name, kind_name
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.approvals import SIGNING_ROLES

_PURPOSES = {purpose.value: name for purpose, name in domain.PURPOSE_NAMES.items()}


def route_save(
    *, actor: Actor, route: domain.Route, note: str = "", seen: int | None = None, now: datetime
) -> RouteVersion:
    """Write a new version of a route, or a new route; rounds that are running keep the steps they were opened with.

    ``seen`` is the number of the version that was edited: refused when somebody saved another meanwhile. An own version
    rests on the office's own decision, so it has no cited basis but the text of ``route.basis`` and is never marked 待核.
    Raises NotPermitted, or Refused with every fault.
    """
    if not can_manage_routes(actor):
        raise NotPermitted(ability="修改审批路线")
    today = day_of(now)
    with transaction.atomic():
        latest = list(
            RouteVersion.objects.select_for_update(no_key=True).filter(code=route.code).order_by("-number")[:1]
        )
        known = routes(on=today).get(route.code)
        if known is not None and seen is not None and known.number != seen:
            raise Refused(Issue("kernel.changed_meanwhile", values={"name": known.name}))
        issues = list(domain.check_route(route, forms=forms(on=today).keys(), roles=SIGNING_ROLES))
        if known is not None and known.purpose is not route.purpose:
            names = domain.PURPOSE_NAMES
            values = {"route": known.name, "purpose": names[known.purpose], "wanted": names[route.purpose]}
            issues.append(Issue("approvals.route.purpose", "purpose", values))
        if known is not None and not issues and _same(known, route):
            issues.append(Issue("approvals.route.unchanged"))
        if issues:
            raise Refused(issues)
        number = latest[0].number + 1 if latest else 1
        version = RouteVersion.objects.create(
            code=route.code,
            number=number,
            name=route.name.strip(),
            content=replace(route, number=number, verified=True).as_data(),
            note=note.strip(),
            created_by_id=actor.user_id,
            created_at=now,
        )
        record(
            actor=actor,
            action="approvals.route.save",
            target_type="approvals.route",
            target_id=route.code,
            summary=f"审批路线“{version.name}”改为第{number}版" + (f"（{version.note}）" if version.note else ""),
            details={"version": version.pk, "content": version.content},
            now=now,
        )
    return version


def _same(known: domain.Route, route: domain.Route) -> bool:
    return (known.name, known.steps, known.basis) == (route.name.strip(), route.steps, route.basis)


def route_assign(
    *,
    actor: Actor,
    route_code: str,
    now: datetime,
    unit_id: int | None = None,
    column: str = "",
    kind: str = "",
) -> RouteAssignment:
    """Let a route hold for a unit and those below it, a column and a kind; the one that held there before ends.

    Whether it is for ordinary or emergency releases is the route's own purpose. Raises NotPermitted or Refused.
    """
    if not can_manage_routes(actor):
        raise NotPermitted(ability="设定适用的审批路线")
    with transaction.atomic():
        route = route_get(route_code, on=day_of(now))
        column, kind = column.strip(), kind.strip()
        unit = Unit.objects.filter(pk=unit_id).first() if unit_id is not None else None
        if unit is not None and not unit.exists(day_of(now)):
            raise Refused(Issue("approvals.open.unit_gone", "unit", {"unit": unit.name}))
        there = {"unit": unit, "column": column, "kind": kind, "purpose": route.purpose.value}
        before = RouteAssignment.objects.select_for_update(no_key=True).filter(**there, ended_at__isnull=True).first()
        if before is not None and before.route_code == route.code:
            raise Refused(Issue("approvals.assignment.same", "route"))
        if before is not None:
            _end(before, actor, now)
        row = RouteAssignment.objects.create(
            **there, route_code=route.code, assigned_by_id=actor.user_id, assigned_at=now
        )
        record(
            actor=actor,
            action="approvals.route.assign",
            target_type="approvals.route",
            target_id=route.code,
            unit_id=unit.pk if unit else None,
            summary=f"{_where(row)}的{_PURPOSES[row.purpose]}适用审批路线“{route.name}”",
            details={"assignment": row.pk, "before": before.route_code if before else None},
            now=now,
        )
    return row


def route_unassign(*, actor: Actor, assignment_id: int, now: datetime) -> RouteAssignment:
    """Let an assignment end; the next less specific one, or the default route, holds from then on."""
    if not can_manage_routes(actor):
        raise NotPermitted(ability="取消适用的审批路线")
    with transaction.atomic():
        row = RouteAssignment.objects.select_for_update(no_key=True).filter(pk=assignment_id).first()
        if row is None:
            raise Refused(Issue("approvals.assignment.not_found", values={"id": assignment_id}))
        if row.ended_at is not None:
            raise Refused(Issue("approvals.assignment.ended"))
        _end(row, actor, now)
        record(
            actor=actor,
            action="approvals.route.unassign",
            target_type="approvals.route",
            target_id=row.route_code,
            unit_id=row.unit_id,
            summary=f"取消设定：{_where(row)}",
            details={"assignment": row.pk},
            now=now,
        )
    return row


def _end(row: RouteAssignment, actor: Actor, now: datetime) -> None:
    row.ended_by_id = actor.user_id
    row.ended_at = now
    row.save(update_fields=["ended_by", "ended_at"])


def _where(row: RouteAssignment) -> str:
    unit = f"“{row.unit.name}”及其下级" if row.unit is not None else "所有单位"
    column = f"、栏目“{column_name(row.column)}”" if row.column else ""
    kind = f"、种类“{kind_name(row.kind)}”" if row.kind else ""
    return unit + column + kind
