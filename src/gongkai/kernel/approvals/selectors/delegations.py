"""Reading delegations of signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Delegation
from gongkai.kernel.approvals.permissions import can_revoke
from gongkai.kernel.approvals.selectors.signers import held_posts
from gongkai.kernel.orgs.selectors import unit_descendant_ids


def delegation_list(*, actor: Actor) -> QuerySet[Delegation]:
    """Return the delegations that the actor gave or holds, and those whose units' office the actor is; latest first."""
    mine = Q(giver=actor.user_id) | Q(to=actor.user_id)
    found = Delegation.objects.select_related("giver", "to", "unit", "revoked_by")
    if not (actor.is_system or actor.has(Role.SYSTEM_ADMINISTRATOR)):
        units: set[int] = set()
        for role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD):
            for unit_id in actor.units_with(role):
                units |= unit_descendant_ids(unit_id=unit_id)
        found = found.filter(mine | Q(unit__in=units))
    return found.order_by("-from_on", "-pk")


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation as listed: its state in words and color, and whether the actor may take it back."""

    delegation: Delegation
    state: str
    tone: str
    revocable: bool


def delegation_rows(*, actor: Actor, today: date, limit: int = 200) -> list[DelegationRow]:
    """Return the delegations the actor may see, latest first, at most ``limit``."""
    rows = []
    for one in delegation_list(actor=actor)[:limit]:
        state, tone = delegation_state(one, today=today)
        may = tone != "grey" and can_revoke(actor, giver_id=one.giver_id, unit_ids=[one.unit_id])
        rows.append(DelegationRow(one, state, tone, may))
    return rows


def delegation_state(one: Delegation, *, today: date) -> tuple[str, str]:
    """Return where a delegation stands, in words and color."""
    if one.revoked_at is not None:
        return "已收回", "grey"
    if one.until_on < today:
        return "已结束", "grey"
    if one.from_on > today:
        return "未开始", "blue"
    return "有效", "green"


def delegable_posts(*, actor: Actor, today: date) -> Sequence[Post]:
    """Return the signing posts that the actor holds today and could hand to another."""
    return list(held_posts(today).filter(user=actor.user_id).select_related("unit").order_by("unit__sort_key", "role"))


def colleagues(*, actor: Actor, today: date) -> list[tuple[User, str]]:
    """Return the people who could stand in for the actor: with a post beside administration in one of his units.

    Each with the units' names, by name.
    """
    units = {post.unit_id for post in delegable_posts(actor=actor, today=today)}
    posts = (
        Post.objects.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=today), from_on__lte=today, unit__in=units, user__is_active=True
        )
        .exclude(role=Role.SYSTEM_ADMINISTRATOR.value)
        .exclude(user=actor.user_id)
        .select_related("user", "unit")
        .order_by("user__display_name", "user_id", "unit__sort_key")
    )
    found: dict[int, tuple[User, dict[str, None]]] = {}
    for post in posts:
        found.setdefault(post.user_id, (post.user, {}))[1][post.unit.display_name] = None
    return [(user, "、".join(names)) for user, names in found.values()]
