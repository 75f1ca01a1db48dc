"""The working-day calendar: years as announced by the State Council's yearly notice, and counting in them.

A working day is Monday to Friday unless the notice takes it off, plus every make-up day (调休上班) of the notice. A day
is judged in this order: regional overlay, make-up day, day off, weekday. A notice also rules over the days it names in
the year before its own (the 元旦 item may begin on 31 December), so a year that is published may still change at its
end when the next notice arrives; where two notices name the same day the later year's notice prevails.

Periods of the 政府信息公开条例 are counted with this calendar; the 条例 itself does not define 工作日.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class CalendarNotPublished(LookupError):
    """A day was asked for in a year whose holiday notice is not on file; ``years`` names the missing years."""

    def __init__(self, years: Iterable[int]) -> None:
        self.years = tuple(years)
        super().__init__(f"no holiday notice on file for {', '.join(map(str, self.years))}")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One item of a notice: a festival (or two together), its days off and the make-up days that pay for them."""

    name: str
    off_days: tuple[date, ...]
    make_up_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """One year as announced; ``amended_by`` lists the numbers of later notices that changed it, oldest first."""

    year: int
    notice_no: str
    notice_date: date | None
    holidays: tuple[Holiday, ...]
    amended_by: tuple[str, ...] = ()

    @property
    def off_days(self) -> frozenset[date]:
        """Every day the notice takes off, weekends inside a holiday included."""
        return frozenset(day for holiday in self.holidays for day in holiday.off_days)

    @property
    def make_up_days(self) -> frozenset[date]:
        """Every Saturday or Sunday the notice makes a working day."""
        return frozenset(day for holiday in self.holidays for day in holiday.make_up_days)


@dataclass(frozen=True, slots=True)
class OverlayDay:
    """A day that one region sets for itself (放假办法 art. 4); it goes before the national notice."""

    day: date
    working: bool
    name: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What one day is and why: ``words`` in Chinese, ``source`` the notice that says so (empty for the weekday rule).

    ``published`` is False when the year's notice is not on file and only the weekday rule could be applied.
    """

    day: date
    working: bool
    words: str
    source: str
    published: bool


@dataclass(frozen=True)
class Calendar:
    """Published years as one frozen value; the exact methods raise CalendarNotPublished outside of them.

    With ``strict=False`` the counting methods use the weekday rule where a year is not published. Whoever does that
    must ask ``missing_years`` for the stretch counted and show the result as provisional.
    """

    years: tuple[YearCalendar, ...]
    overlay: tuple[OverlayDay, ...] = ()
    _marks: dict[date, tuple[bool, str, str]] = field(init=False, repr=False, compare=False, hash=False)
    _tables: dict[int, list[int]] = field(init=False, repr=False, compare=False, hash=False)
    _published: frozenset[int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Sort the years, refuse a year given twice, and note what every named day is."""
        ordered = tuple(sorted(self.years, key=lambda year: year.year))
        if len({year.year for year in ordered}) != len(ordered):
            raise ValueError("a year may be given once only; use with_year to replace it")
        marks: dict[date, tuple[bool, str, str]] = {}
        for year in ordered:
            for holiday in year.holidays:
                marks.update((day, (False, f"{holiday.name}放假", year.notice_no)) for day in holiday.off_days)
            for holiday in year.holidays:
                marks.update((day, (True, f"{holiday.name}调休上班", year.notice_no)) for day in holiday.make_up_days)
        marks.update((extra.day, (extra.working, extra.name, extra.citation)) for extra in self.overlay)
        object.__setattr__(self, "years", ordered)
        object.__setattr__(self, "_marks", marks)
        object.__setattr__(self, "_tables", {})
        object.__setattr__(self, "_published", frozenset(year.year for year in ordered))

    @property
    def published_years(self) -> tuple[int, ...]:
        """The years on file, in order."""
        return tuple(year.year for year in self.years)

    def year(self, number: int) -> YearCalendar:
        """Return one published year; raises CalendarNotPublished."""
        for year in self.years:
            if year.year == number:
                return year
        raise CalendarNotPublished([number])

    def with_year(self, year: YearCalendar) -> Calendar:
        """Return a calendar in which ``year`` is added, or stands in place of the year of the same number."""
        return Calendar((*(known for known in self.years if known.year != year.year), year), self.overlay)

    def with_overlay(self, days: Iterable[OverlayDay]) -> Calendar:
        """Return a calendar with regional days added to those it has."""
        return Calendar(self.years, (*self.overlay, *days))

    def is_published(self, day: date) -> bool:
        """Tell whether the notice for the day's year is on file."""
        return day.year in self._published

    def missing_years(self, first: date, last: date) -> tuple[int, ...]:
        """Name the years without a notice between two days, both included."""
        if first.year in self._published and first.year == last.year:
            return ()
        return tuple(number for number in range(first.year, last.year + 1) if number not in self._published)

    def day(self, day: date) -> CalendarDay:
        """Say what a day is and why; never raises, see ``CalendarDay.published``."""
        published = day.year in self._published
        mark = self._marks.get(day)
        if mark is not None:
            working, words, source = mark
            return CalendarDay(day, working, words, source, published)
        working = day.weekday() < SATURDAY
        return CalendarDay(day, working, "工作日" if working else "周末", "", published)

    def why(self, day: date) -> str:
        """Say in Chinese why a day is a working day or not; an unpublished year is named as such."""
        told = self.day(day)
        return told.words if told.published else f"{told.words}（{day.year}年放假安排尚未公布，按周一至周五推算）"

    def is_working_day(self, day: date, *, strict: bool = True) -> bool:
        """Tell whether a day is a working day."""
        if strict and day.year not in self._published:
            raise CalendarNotPublished([day.year])
        mark = self._marks.get(day)
        return day.weekday() < SATURDAY if mark is None else mark[0]

    def add_working_days(self, day: date, count: int, *, strict: bool = True) -> date:
        """Return the ``count``-th working day after ``day`` (before it when negative); ``day`` itself never counts.

        A count of 0 gives the day itself.
        """
        if count == 0:
            if strict:
                self._require(day, day)
            return day
        number, year = day.toordinal(), day.year
        table = self._table(year)
        index = (bisect_right(table, number) - 1 if count > 0 else bisect_left(table, number)) + count
        while index >= len(table):
            index -= len(table)
            year += 1
            table = self._table(year)
        while index < 0:
            year -= 1
            table = self._table(year)
            index += len(table)
        found = date.fromordinal(table[index])
        if strict:
            self._require(min(day, found), max(day, found))
        return found

    def working_days_between(self, after: date, through: date, *, strict: bool = True) -> int:
        """Count the working days d with ``after < d <= through``; 0 when ``through`` is not later."""
        if through <= after:
            return 0
        if strict:
            self._require(after + timedelta(days=1), through)
        low, high = after.toordinal(), through.toordinal()
        if after.year == through.year:
            table = self._table(after.year)
            return bisect_right(table, high) - bisect_right(table, low)
        first = self._table(after.year)
        whole = sum(len(self._table(number)) for number in range(after.year + 1, through.year))
        return len(first) - bisect_right(first, low) + whole + bisect_right(self._table(through.year), high)

    def next_working_day(self, day: date, *, strict: bool = True) -> date:
        """Return the day itself when it is a working day, else the first one after it (民法典 art. 203)."""
        if self.is_working_day(day, strict=strict):
            return day
        return self.add_working_days(day, 1, strict=strict)

    def days(self, first: date, last: date) -> Iterator[CalendarDay]:
        """Yield every calendar day between two days, both included."""
        for number in range(first.toordinal(), last.toordinal() + 1):
            yield self.day(date.fromordinal(number))

    def working_days_by_month(self, year: int) -> tuple[int, ...]:
        """Count the working days of each month of a published year."""
        self._require(date(year, 1, 1), date(year, 12, 31))
        counts = [0] * 12
        for number in self._table(year):
            counts[date.fromordinal(number).month - 1] += 1
        return tuple(counts)

    def _require(self, first: date, last: date) -> None:
        missing = self.missing_years(first, last)
        if missing:
            raise CalendarNotPublished(missing)

    def _table(self, year: int) -> list[int]:
        """The ordinals of a year's working days in order, built once a year."""
        table = self._tables.get(year)
        if table is None:
            table = [
                number
                for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
                if self.is_working_day(date.fromordinal(number), strict=False)
            ]
            self._tables[year] = table
        return table
