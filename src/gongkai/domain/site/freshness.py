"""Whether a column is as new as it promises to be: a light for those who keep it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Freshness(StrEnum):
    """How a column stands against its cycle of updates."""

    FRESH = "fresh"
    NEAR = "near"
    LATE = "late"
    EMPTY = "empty"
    UNSAID = "unsaid"


FRESHNESS_NAMES = {
    Freshness.FRESH: "正常",
    Freshness.NEAR: "快到期",
    Freshness.LATE: "超期未更新",
    Freshness.EMPTY: "空白",
    Freshness.UNSAID: "未定周期",
}
NEAR_PART = 5
"""The last fifth of a cycle, at least a day, is near its end. A technical bound."""


def next_due(*, last: date | None, update_days: int | None) -> date | None:
    """Return the last day on which something new keeps the promise; None without a promise or without anything yet."""
    return last + timedelta(days=update_days) if last is not None and update_days else None


def freshness_on(on: date, *, last: date | None, update_days: int | None) -> Freshness:
    """Return how a column stands on a day. ``last``: day of its newest item; ``update_days``: its cycle, in calendar days.

    A column without anything in it is empty whatever it promises; one without a promise cannot be late.
    """
    if last is None:
        return Freshness.EMPTY
    due = next_due(last=last, update_days=update_days)
    if due is None or not update_days:
        return Freshness.UNSAID
    if on > due:
        return Freshness.LATE
    return Freshness.NEAR if on > due - timedelta(days=max(1, update_days // NEAR_PART)) else Freshness.FRESH
