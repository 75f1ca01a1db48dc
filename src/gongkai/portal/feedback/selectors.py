"""What readers said, by page: how many found it of use, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.portal.feedback import permissions
from gongkai.portal.models import PageFeedback

MOST_SHOWN = 200
"""Newest words of a page that are listed; the numbers count all."""


class NotFound(Refused):
    """There is nothing, or the actor may not know of it; views answer 404."""

    def __init__(self) -> None:
        super().__init__(Issue("feedback.not_found"))


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page and what was said of it: counts of both answers, how many are open, and when the newest came."""

    item_uid: UUID
    title: str
    unit_id: int
    useful: int
    useless: int
    open: int
    newest: datetime


def page_list(*, actor: Actor) -> list[PageRow]:
    """Return the pages of the actor's units of which something was said, those with most that is open first."""
    rows = (
        _visible(actor)
        .order_by()
        .values("item_uid")
        .annotate(
            named=Max("title"),
            unit=Max("unit_id"),
            liked=Count("id", filter=Q(useful=True)),
            disliked=Count("id", filter=Q(useful=False)),
            waiting=Count("id", filter=waiting()),
            newest=Max("said_at"),
        )
        .values_list("item_uid", "named", "unit", "liked", "disliked", "waiting", "newest")
    )
    found = [PageRow(*row) for row in rows]
    return sorted(found, key=lambda row: (-row.open, -row.newest.timestamp(), str(row.item_uid)))


def page_feedback(*, actor: Actor, uid: UUID) -> list[PageFeedback]:
    """Return the newest that was said of a page, open ones first; raises NotFound where the actor sees none."""
    rows = _visible(actor).filter(item_uid=uid).select_related("closed_by")
    found = sorted(rows[:MOST_SHOWN], key=lambda row: row.useful or row.closed_at is not None)
    if not found:
        raise NotFound
    return found


def feedback_get(*, actor: Actor, feedback_id: int) -> PageFeedback:
    """Return one; raises NotFound where the actor may not see it."""
    found = _visible(actor).filter(pk=feedback_id).first()
    if found is None:
        raise NotFound
    return found


def waiting() -> Q:
    """Return what asks for something to be done: that a page is of no use, or words; until it is closed."""
    return Q(closed_at__isnull=True) & (Q(useful=False) | ~Q(text=""))


def _visible(actor: Actor) -> QuerySet[PageFeedback]:
    if permissions.can_handle_all_feedback(actor):
        return PageFeedback.objects.all()
    return PageFeedback.objects.filter(unit_id__in=permissions.handled_units(actor))
