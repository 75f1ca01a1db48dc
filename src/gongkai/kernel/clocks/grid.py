"""A year as twelve months of weeks, for the calendar screen and the preview; pure."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from gongkai.domain.calendars import SATURDAY, Calendar, CalendarDay, YearCalendar

_MONDAY = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: ``kind`` is off (放假), make_up (调休上班), weekend or work; ``mark`` the character shown beside it."""

    day: date
    kind: str
    words: str

    @property
    def mark(self) -> str:
        """Return 休 or 班 where the notice changes the day, so that colour is never alone."""
        return {"off": "休", "make_up": "班"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Month:
    """One month: weeks from Monday to Sunday, with None outside of it, and its working days."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Weekdays taken off, make-up days, and what the law grants (None where the rulebook does not know)."""

    off: int
    made_up: int
    granted: int | None

    @property
    def net(self) -> int:
        """Weekdays off less make-up days."""
        return self.off - self.made_up


def year_grid(calendar: Calendar, year: int) -> tuple[Month, ...]:
    """Return the twelve months of a year; the year need not be published (then the weekday rule alone holds)."""
    return tuple(_month(calendar, year, number) for number in range(1, 13))


def _month(calendar: Calendar, year: int, number: int) -> Month:
    weeks = tuple(
        tuple(_cell(calendar, date(year, number, day)) if day else None for day in week)
        for week in Weeks(_MONDAY).monthdayscalendar(year, number)
    )
    working = sum(cell is not None and cell.kind in {"work", "make_up"} for week in weeks for cell in week)
    return Month(number, weeks, working)


def _cell(calendar: Calendar, day: date) -> Cell:
    told = calendar.day(day)
    return Cell(day, _kind(told), told.words)


def _kind(told: CalendarDay) -> str:
    weekend = told.day.weekday() >= SATURDAY
    if told.working:
        return "make_up" if weekend else "work"
    return "off" if told.source or not weekend else "weekend"


def balance(year: YearCalendar, granted: int | None) -> Balance:
    """Count a year's days off on weekdays against its make-up days."""
    off = sum(day.weekday() < SATURDAY for day in year.off_days)
    return Balance(off, len(year.make_up_days), granted)
