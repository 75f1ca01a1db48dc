"""What comes out of a notice: the year, or the change to a year, and what was understood of each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gongkai.domain.calendars import YearCalendar
from gongkai.domain.issues import Basis, Issue


class NoticeKind(StrEnum):
    """A yearly notice, one that changes a year already announced, or a text that is neither."""

    ANNUAL = "annual"
    AMENDING = "amending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatutoryDays:
    """The days the law takes off for each festival of a year, and where it says so.

    ``fixed`` names the (month, day) that festivals of the solar calendar always take off: 10月1日 for 国庆节.
    """

    festivals: Mapping[str, int]
    basis: tuple[Basis, ...] = ()
    fixed: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them together: 11 until 2024, 13 from 2025."""
        return sum(self.festivals.values())


@dataclass(frozen=True, slots=True)
class Understood:
    """What one stretch of the text was taken for.

    ``kind`` is one of title, doc_no, item, ignored, signature. For items ``name``, ``off_days`` and ``make_up_days`` say
    what was read; ``resumed_on`` is the day work begins again, where the notice names it.
    """

    line_from: int
    line_to: int
    text: str
    kind: str
    name: str = ""
    off_days: tuple[date, ...] = ()
    make_up_days: tuple[date, ...] = ()
    resumed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an amending notice changes: the whole festival (``replace``), or its end only (``extend``)."""

    name: str
    mode: str
    off_days: tuple[date, ...]
    make_up_days: tuple[date, ...] = ()
    resumed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later notice that changes a year; apply it with ``amend_year``."""

    year: int
    notice_no: str
    notice_date: date | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NoticeReading:
    """The result: ``calendar`` for a yearly notice, ``amendment`` for an amending one; both None when refused.

    ``issues`` holds every reason at once; ``year`` is known even when the notice is refused.
    """

    kind: NoticeKind
    year: int | None
    notice_no: str
    notice_date: date | None
    calendar: YearCalendar | None
    amendment: Amendment | None
    understood: tuple[Understood, ...]
    issues: tuple[Issue, ...] = field(default=())
