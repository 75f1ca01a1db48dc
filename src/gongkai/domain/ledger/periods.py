"""Periodic and standing duties: which periods they have, and how far one is kept.

A duty such as 每月至少1次 has a period and a number of times; a standing duty (长期坚持) is looked at once a period that the
rulebook names. Each period that has begun gets one check; its due date is the last day of the period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """How often."""

    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


PERIOD_NAMES: Mapping[Period, str] = {
    Period.WEEK: "每周",
    Period.MONTH: "每月",
    Period.TWO_MONTHS: "每两个月",
    Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年",
    Period.YEAR: "每年",
}
_MONTHS: Mapping[Period, int] = {
    Period.MONTH: 1,
    Period.TWO_MONTHS: 2,
    Period.QUARTER: 3,
    Period.HALF_YEAR: 6,
    Period.YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one period, both inclusive."""

    from_on: date
    to_on: date

    @property
    def label(self) -> str:
        """Return the period in words: 2023年第36周, 2023年9月, 2023年第3季度, 2023年上半年, 2023年."""
        if (self.to_on - self.from_on).days < 7:
            iso = self.from_on.isocalendar()
            return f"{iso.year}年第{iso.week}周"
        year, first, months = self.from_on.year, self.from_on.month, self.to_on.month - self.from_on.month + 1
        if months == 1:
            return f"{year}年{first}月"
        if months == 2:
            return f"{year}年{first}至{first + 1}月"
        if months == 3:
            return f"{year}年第{(first + 2) // 3}季度"
        if months == 6:
            return f"{year}年{'上' if first == 1 else '下'}半年"
        return f"{year}年"


def span_of(day: date, period: Period) -> Span:
    """Return the period that ``day`` lies in; weeks begin on Monday."""
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    months = _MONTHS[period]
    first = (day.month - 1) // months * months + 1
    after = first + months
    last = date(day.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return Span(date(day.year, first, 1), last)


def spans_begun(period: Period, *, starts_on: date, ends_on: date | None, today: date) -> tuple[Span, ...]:
    """Return every period begun by ``today`` since ``starts_on``, oldest first; none begins after ``ends_on``.

    The period that ``starts_on`` lies in counts.
    """
    last = today if ends_on is None else min(today, ends_on)
    if starts_on > last:
        return ()
    spans = [span_of(starts_on, period)]
    while (following := spans[-1].to_on + timedelta(days=1)) <= last:
        spans.append(span_of(following, period))
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a check is kept: the times required and the times counted by evidence."""

    required: int
    counted: int

    @property
    def kept(self) -> bool:
        """Tell whether enough has been counted."""
        return self.counted >= self.required

    @property
    def missing(self) -> int:
        """Return how many times are still missing."""
        return max(self.required - self.counted, 0)
