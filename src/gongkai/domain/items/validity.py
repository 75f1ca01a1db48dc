"""Whether what an item lays down holds on a day (有效性), and when somebody has to look at it again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum


class Validity(StrEnum):
    """The validity of a document on a day; the words are those of the disclosure directory."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    AMENDED = "amended"
    PARTLY_LAPSED = "partly_lapsed"
    REPEALED = "repealed"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """Return the Chinese word for it."""
        return _LABELS[self]

    @property
    def ended(self) -> bool:
        """Tell whether nothing of it holds any more."""
        return self in {Validity.REPEALED, Validity.LAPSED}


_LABELS = {
    Validity.IN_FORCE: "有效",
    Validity.NOT_YET: "尚未施行",
    Validity.AMENDED: "已修改",
    Validity.PARTLY_LAPSED: "部分失效",
    Validity.REPEALED: "废止",
    Validity.LAPSED: "失效",
}


def validity_on(
    day: date, *, effective_on: date | None = None, expires_on: date | None = None, reviewed: Validity | None = None
) -> Validity:
    """Return the validity on ``day``; ``expires_on`` is the last day on which it holds.

    ``reviewed`` is the outcome of the last review, if there was one. A repeal and a lapse that somebody stated stand;
    otherwise the dates in the text decide, and after them an amendment that somebody stated.
    """
    if reviewed is not None and reviewed.ended:
        return reviewed
    if expires_on is not None and day > expires_on:
        return Validity.LAPSED
    if effective_on is not None and day < effective_on:
        return Validity.NOT_YET
    return reviewed or Validity.IN_FORCE


def next_review_on(from_on: date, *, months: int | None, expires_on: date | None = None) -> date | None:
    """Return the day on which somebody has to look at an item again: the earlier of its period and its lapse.

    ``months`` is the review period of its kind (none: not reviewed by time). The day of a lapse is the day after the
    last one on which it holds; a lapse that lies before ``from_on`` has been looked at and counts no more.
    """
    days = []
    if months is not None:
        days.append(add_months(from_on, months))
    if expires_on is not None and expires_on >= from_on:
        days.append(expires_on + timedelta(days=1))
    return min(days, default=None)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
