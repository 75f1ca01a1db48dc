"""Reading an inbox: a person sees their own notices and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from gongkai.kernel.notices.models import EmailOptOut, Notice

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor


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
