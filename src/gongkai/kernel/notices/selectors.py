"""Reading an inbox: a person sees their own notices and nobody else's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet

from gongkai.kernel.accounts.models import Post
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.notices.models import EmailOptOut, Level, Notice
from gongkai.kernel.orgs.selectors import authority_unit_ids

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

LEVELS = tuple(Level.choices)
"""Level and label of each level, mild ones first."""


def notice_list(*, actor: Actor, unread_only: bool = False, kind: str = "", level: str = "") -> QuerySet[Notice]:
    """Return the actor's notices, unread ones first, then the newest."""
    found = Notice.objects.filter(recipient_id=actor.user_id)
    if unread_only:
        found = found.filter(read_at=None)
    if kind:
        found = found.filter(kind=kind)
    if level:
        found = found.filter(level=level)
    return found.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-id")


def notice_unread_count(*, actor: Actor) -> int:
    """Count the actor's unread notices."""
    return Notice.objects.filter(recipient_id=actor.user_id, read_at=None).count()


def notice_kinds(*, actor: Actor) -> list[str]:
    """Return the kinds of notices the actor has."""
    return list(
        Notice.objects.filter(recipient_id=actor.user_id).values_list("kind", flat=True).distinct().order_by("kind")
    )


def email_opt_outs(*, actor: Actor) -> set[str]:
    """Return the kinds that the actor does not want by e-mail."""
    return set(EmailOptOut.objects.filter(user_id=actor.user_id).values_list("kind", flat=True))


def administrator_ids(*, today: date) -> list[int]:
    """Return the active people who look after the system: system administrators by post, and superusers."""
    return _holders(Q(role=Role.SYSTEM_ADMINISTRATOR), today=today)


def calendar_owner_ids(*, today: date) -> list[int]:
    """Return who looks after the working-day calendar: administrators and the disclosure authority's office."""
    office = Q(role__in=[Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD], unit_id__in=authority_unit_ids(on=today))
    return _holders(Q(role=Role.SYSTEM_ADMINISTRATOR) | office, today=today)


def _holders(posts: Q, *, today: date) -> list[int]:
    held = Post.objects.filter(posts, Q(until_on=None) | Q(until_on__gte=today), from_on__lte=today)
    wanted = Q(id__in=held.values("user_id")) | Q(is_superuser=True)
    return list(get_user_model().objects.filter(wanted, is_active=True).order_by("id").values_list("id", flat=True))
