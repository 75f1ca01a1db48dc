"""Moments of schedules: to the second, said in Beijing time, never in the past."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from gongkai.domain.issues import Issue

BEIJING = ZoneInfo("Asia/Shanghai")


def to_second(at: datetime) -> datetime:
    """Return the moment without fractions of a second; raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment of publication needs a time zone")
    return at.replace(microsecond=0)


def in_words(at: datetime) -> str:
    """Return ``2026-03-02 09:30:00`` in Beijing time."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def check_schedule(
    *, publish_at: datetime | None, unpublish_at: datetime | None, public_since: datetime | None, now: datetime
) -> tuple[Issue, ...]:
    """Return what is wrong with moments somebody wants; ``public_since`` is when the item came before the public."""
    found: list[Issue] = []
    if publish_at is not None and publish_at <= now:
        found.append(
            Issue(
                "publication.schedule.past",
                field="publish_at",
                values={"at": in_words(publish_at), "now": in_words(now)},
            )
        )
    if unpublish_at is None:
        return tuple(found)
    if unpublish_at <= now:
        found.append(
            Issue(
                "publication.schedule.unpublish_past",
                field="unpublish_at",
                values={"at": in_words(unpublish_at), "now": in_words(now)},
            )
        )
    begins = publish_at or public_since
    if begins is not None and unpublish_at <= begins:
        found.append(
            Issue(
                "publication.schedule.ends_before_it_begins",
                field="unpublish_at",
                values={"at": in_words(unpublish_at), "from": in_words(begins)},
            )
        )
    return tuple(found)
