"""Handing one's signing to another for some days, and taking it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Delegation
from gongkai.kernel.approvals.permissions import can_revoke, can_sign_at_all
from gongkai.kernel.approvals.selectors.rounds import day_of
from gongkai.kernel.approvals.selectors.routes import route_for
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import unit_ancestor_ids
from gongkai.rulebook.approvals import SIGNING_ROLES

PAGE = "/admin/approvals/delegations/"


def delegation_give(
    *,
    actor: Actor,
    to_user_id: int,
    role: Role | str,
    unit_id: int,
    from_on: date,
    until_on: date,
    reason: str,
    now: datetime,
) -> Delegation:
    """Let a colleague sign for the actor in one role of one unit between two days (inclusive).

    The actor must hold the post himself on all these days; what was handed to him cannot be handed on. Where persons
    have to differ, giver and holder count both. Raises NotPermitted for a job, or Refused with every reason.
    """
    if not can_sign_at_all(actor) or actor.user_id is None:
        raise NotPermitted(ability="委托签批")
    role = Role(role)
    with transaction.atomic():
        giver = User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
        to = User.objects.get(pk=to_user_id)
        unit = Unit.objects.get(pk=unit_id)
        issues = _issues(giver, to, unit, role, from_on, until_on, reason, day_of(now))
        if issues:
            raise Refused(issues)
        row = Delegation.objects.create(
            giver=giver,
            to=to,
            unit=unit,
            role=role.value,
            from_on=from_on,
            until_on=until_on,
            reason=reason.strip(),
            given_at=now,
        )
        span = f"{from_on}至{until_on}"
        notice_send(
            recipients=[to.pk],
            kind="approvals.waiting",
            title=f"{giver}委托您代签（{unit.display_name} · {role.label}，{span}）",
            body=f"事由：{row.reason}。委托期间，轮到这个岗位的审批也会出现在您的待办中；代签时会写明受谁委托。",
            url=PAGE,
            dedupe_key=f"approvals.delegation:{row.pk}",
            now=now,
        )
        record(
            actor=actor,
            action="approvals.delegation.give",
            target_type="approvals.delegation",
            target_id=row.pk,
            unit_id=unit.pk,
            summary=f"{giver}把“{unit.name}”的“{role.label}”委托给{to}（{span}，{row.reason}）",
            details={"giver": giver.pk, "to": to.pk, "role": role.value, "from_on": from_on, "until_on": until_on},
            now=now,
        )
    return row


def _issues(
    giver: User, to: User, unit: Unit, role: Role, from_on: date, until_on: date, reason: str, today: date
) -> list[Issue]:
    issues = []
    if role.value not in SIGNING_ROLES:
        issues.append(Issue("approvals.delegation.role", "role", {"role": role.label}))
    if giver.pk == to.pk:
        issues.append(Issue("approvals.delegation.to_self", "to"))
    if not to.is_active:
        issues.append(Issue("approvals.delegation.to_inactive", "to", {"name": to.get_full_name()}))
    if until_on < from_on:
        values = {"from_on": from_on, "until_on": until_on}
        issues.append(Issue("approvals.delegation.dates", "until_on", values))
    elif until_on < today:
        issues.append(Issue("approvals.delegation.past", "until_on", {"until_on": until_on}))
    if not reason.strip():
        issues.append(Issue("approvals.delegation.reason", "reason"))
    span = {"from_on": from_on, "until_on": until_on}
    if not _holds_throughout(giver, unit, role, max(from_on, min(today, until_on)), until_on):
        values = {"unit": unit.name, "role": role.label, **span}
        issues.append(Issue("approvals.delegation.no_post", "role", values))
    theirs = _roles_of(to, unit, max(today, from_on))
    if giver.pk != to.pk and to.is_active and not theirs - {Role.SYSTEM_ADMINISTRATOR.value}:
        values = {"name": to.get_full_name(), "unit": unit.name}
        issues.append(Issue("approvals.delegation.to_stranger", "to", values))
    issues += _excluded(to, unit, role, theirs, today)
    running = Delegation.objects.filter(
        giver=giver, unit=unit, role=role.value, revoked_at__isnull=True, from_on__lte=until_on, until_on__gte=from_on
    ).first()
    if running is not None:
        values = {
            "unit": unit.name,
            "role": role.label,
            "name": str(running.to),
            "from_on": running.from_on,
            "until_on": running.until_on,
        }
        issues.append(Issue("approvals.delegation.overlap", "from_on", values))
    return issues


def _holds_throughout(user: User, unit: Unit, role: Role, first: date, last: date) -> bool:
    """Tell whether posts of the person cover every day; two posts may follow each other without a gap."""
    day = first
    posts = Post.objects.filter(user=user, unit=unit, role=role.value).order_by("from_on")
    for post in posts:
        if post.from_on > day:
            break
        if post.until_on is None or post.until_on >= last:
            return True
        day = max(day, post.until_on + timedelta(days=1))
    return False


def _roles_of(user: User, unit: Unit, day: date) -> set[str]:
    held = Q(until_on__isnull=True) | Q(until_on__gte=day)
    return set(Post.objects.filter(held, user=user, unit=unit, from_on__lte=day).values_list("role", flat=True))


def _excluded(to: User, unit: Unit, role: Role, theirs: set[str], today: date) -> list[Issue]:
    """Return an issue where the unit's route keeps the role apart from one that the other person holds himself."""
    if role.value in theirs:
        return []
    route = route_for(unit_id=unit.pk, on=today).route
    mine = [step for step in route.steps if role.value in step.roles]
    for other in sorted(theirs):
        steps = [step for step in route.steps if other in step.roles]
        apart = [
            two.code in domain.separate_steps(route, one, domain.FLAG_NAMES)
            for one in mine
            for two in steps
            if one != two
        ]
        if apart and all(apart):
            values = {
                "name": to.get_full_name(),
                "unit": unit.name,
                "other": Role(other).label,
                "role": role.label,
                "route": route.name,
            }
            return [Issue("approvals.delegation.separation", "to", values)]
    return []


def delegation_revoke(*, actor: Actor, delegation_id: int, now: datetime) -> Delegation:
    """Take a delegation back, at once; what was signed under it stays valid. Raises NotPermitted or Refused."""
    with transaction.atomic():
        row = (
            Delegation.objects.select_for_update(no_key=True, of=("self",))
            .select_related("giver", "to", "unit")
            .filter(pk=delegation_id)
            .first()
        )
        if row is None:
            raise Refused(Issue("approvals.delegation.not_found", values={"id": delegation_id}))
        units = (row.unit_id, *unit_ancestor_ids(unit_id=row.unit_id))
        if not can_revoke(actor, giver_id=row.giver_id, unit_ids=units):
            raise NotPermitted(ability="收回签批委托")
        if row.revoked_at is not None:
            raise Refused(Issue("approvals.delegation.revoked"))
        row.revoked_by_id = actor.user_id
        row.revoked_at = now
        row.save(update_fields=["revoked_by", "revoked_at"])
        record(
            actor=actor,
            action="approvals.delegation.revoke",
            target_type="approvals.delegation",
            target_id=row.pk,
            unit_id=row.unit_id,
            summary=f"收回{row.giver}给{row.to}的委托（“{row.unit.name}”的“{Role(row.role).label}”）",
            details={"giver": row.giver_id, "to": row.to_id},
            now=now,
        )
    return row
