"""Periodic and standing duties: which periods they have, and what a clause asks for in words.

A duty such as 每月至少1次 has a period and a number of times; a standing duty (长期坚持) is looked at once a period that the
rulebook names. Each period that has begun gets one check; its due date is the last day of the period.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """How often."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


PERIOD_NAMES: Mapping[Period, str] = {
    Period.MONTH: "每月",
    Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年",
    Period.YEAR: "每年",
}
MONTHS: Mapping[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one period, both inclusive."""

    from_on: date
    to_on: date

    @property
    def label(self) -> str:
        """Return the period in words: 2023年9月, 2023年第3季度, 2023年上半年, 2023年."""
        year, first, months = self.from_on.year, self.from_on.month, self.to_on.month - self.from_on.month + 1
        if months == 1:
            return f"{year}年{first}月"
        if months == 3:
            return f"{year}年第{(first + 2) // 3}季度"
        if months == 6:
            return f"{year}年{'上' if first == 1 else '下'}半年"
        return f"{year}年"


def span_of(day: date, period: Period) -> Span:
    """Return the period that ``day`` lies in."""
    months = MONTHS[period]
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
class PeriodicDuty:
    """A duty with a number of times a period; ``phrase`` is how the clause says it."""

    period: Period
    times: int
    phrase: str


_NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_NUMBER = r"(?P<n>\d{1,2}|[一二两三四五六七八九十])"
_PERIODS = {
    "月": Period.MONTH,
    "季度": Period.QUARTER,
    "季": Period.QUARTER,
    "半年": Period.HALF_YEAR,
    "年": Period.YEAR,
    "年度": Period.YEAR,
}
_EVERY = r"[每按](?:个)?(?P<p>季度|季|半年|年度|年|月)(?:度)?"
_LEAST = r"(?:至少|不少于|不低于|原则上不少于)"
# 每月至少组织开展一次… / 每年至少听取1次…: a few words may stand between the verb and the number, no stop or comma.
_AFTER = re.compile(
    _EVERY
    + r"[^，。；、！？\s]{0,6}?"
    + _LEAST
    + r"[^，。；！？\s\d]{0,10}?"
    + _NUMBER
    + r"\s*(?:次|场|期|件|条|批|个)"
)
# 至少每季度开展一次 / 每半年召开1次
_PLAIN = re.compile(
    r"(?:" + _LEAST + r")?" + _EVERY + r"[^，。；、！？\s\d]{0,8}?" + _NUMBER + r"\s*(?:次|场|期|件|条|批)"
)


def find_duties(text: str) -> tuple[PeriodicDuty, ...]:
    """Return the periodic duties a clause states, in order (每月至少组织开展一次 → month, 1); line breaks do not matter."""
    flat = re.sub(r"\s+", "", text)
    found: dict[int, PeriodicDuty] = {}
    for pattern in (_AFTER, _PLAIN):
        for match in pattern.finditer(flat):
            if any(match.start() < start + len(duty.phrase) and start < match.end() for start, duty in found.items()):
                continue
            number = match["n"]
            times = int(number) if number.isdigit() else _NUMERALS[number]
            if times:
                found[match.start()] = PeriodicDuty(_PERIODS[match["p"]], times, match[0])
    return tuple(found[start] for start in sorted(found))


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
