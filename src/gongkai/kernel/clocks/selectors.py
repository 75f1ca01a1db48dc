"""Reading the calendar and the clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from gongkai.domain.calendars import Calendar, CalendarNotPublished, YearCalendar
from gongkai.domain.deadlines import ClockRule, Fact, Reading, read_clock
from gongkai.domain.holiday_notice import NoticeReading, amend_year, read_notice
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.models import CalendarYear, ClockState, StoredClock
from gongkai.kernel.clocks.permissions import can_import_calendar, can_view_calendar
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook import Rulebook, calendar_shipped, statutory_days

ALARM_FROM = (11, 1)
"""Month and day from which next year's notice is missed: it is normally issued in October or November."""

Mark = tuple[int, datetime, str]
_cached: tuple[Mark | None, Calendar] | None = None


def calendar_current() -> Calendar:
    """Return the calendar that holds now: shipped years, and over them the latest version of each imported year.

    Kept in the process; one small query notices an import, by whichever process it was made.
    """
    global _cached
    newest = _newest_import()
    if _cached is None or _cached[0] != newest:
        calendar = calendar_shipped()
        for year in _latest_imports():
            calendar = calendar.with_year(year)
        if newest != _newest_import():  # another import in between: do not keep what may be mixed
            return calendar
        _cached = (newest, calendar)
    return _cached[1]


def _newest_import() -> Mark | None:
    """Tell one state of the imports from another; they are never changed or deleted, so the newest one will do."""
    return CalendarYear.objects.order_by("-id").values_list("id", "imported_at", "notice_no").first()


def _latest_imports() -> list[YearCalendar]:
    return [row.value for row in CalendarYear.objects.order_by("year", "-version").distinct("year")]


@dataclass(frozen=True)
class YearOnFile:
    """One year or version of it on file: shipped with the program (``imported`` None) or imported."""

    year: YearCalendar
    version: int
    imported: CalendarYear | None
    holds: bool


def calendar_years(*, actor: Actor) -> list[YearOnFile]:
    """Return every year and version on file, newest first; ``holds`` marks the version that is used."""
    if not can_view_calendar(actor):
        raise NotPermitted(ability="查看工作日历")
    rows = list(CalendarYear.objects.select_related("imported_by").order_by("-year", "-version"))
    latest = {row.year: row.version for row in reversed(rows)}
    found = [YearOnFile(row.value, row.version, row, latest[row.year] == row.version) for row in rows]
    found += [YearOnFile(year, 0, None, year.year not in latest) for year in calendar_shipped().years]
    return sorted(found, key=lambda one: (one.year.year, one.version), reverse=True)


def calendar_missing(*, today: date) -> int | None:
    """Return the year whose notice is missed today: this year, or from 1 November the next one; None when none is."""
    wanted = today.year + 1 if (today.month, today.day) >= ALARM_FROM else today.year
    published = calendar_current().published_years
    return next((year for year in range(today.year, wanted + 1) if year not in published), None)


@dataclass(frozen=True)
class Preview:
    """What a notice would do: its reading, the year as it would be, and every reason why it may not be imported."""

    reading: NoticeReading
    year: YearCalendar | None
    issues: tuple[Issue, ...]


def calendar_preview(*, actor: Actor, text: str) -> Preview:
    """Read a notice against the calendar on file without saving anything. Raises NotPermitted."""
    if not can_import_calendar(actor):
        raise NotPermitted(ability="导入节假日安排通知")
    reading = read_notice(text, statutory_days=statutory_days)
    issues = list(reading.issues)
    year = reading.calendar
    if reading.amendment is not None:
        amended = reading.amendment.year
        try:
            year, more = amend_year(
                calendar_current().year(amended), reading.amendment, statutory=statutory_days(amended)
            )
            issues.extend(more)
        except CalendarNotPublished:
            issues.append(Issue("clocks.import.amends_nothing", values={"year": amended}))
    if year is not None and is_on_file(year):
        issues.append(Issue("clocks.import.same", values={"year": year.year, "notice_no": year.notice_no}))
    return Preview(reading, year, tuple(issues))


def is_on_file(year: YearCalendar) -> bool:
    """Tell whether the year on file has exactly these days and this notice already."""
    known = {one.year: one for one in calendar_current().years}.get(year.year)
    if known is None:
        return False
    same_days = (known.off_days, known.make_up_days) == (year.off_days, year.make_up_days)
    return same_days and known.notice_no == year.notice_no and known.amended_by == year.amended_by


@cache
def rulebook() -> Rulebook:
    """Return the rules of this installation: those shipped and those of the office's own folder."""
    return Rulebook.load([Path(settings.RULES_DIR)] if settings.RULES_DIR else [])


def rule_of(clock: StoredClock) -> ClockRule:
    """Return the rule in the version the clock began under."""
    return rulebook().clock_rule(clock.rule, on=clock.rule_on, layer=clock.layer)


def facts_of(clock: StoredClock) -> tuple[Fact, ...]:
    """Return the clock's facts as values."""
    return tuple(fact_from_data(entry) for entry in clock.facts)


def fact_from_data(data: Mapping[str, Any]) -> Fact:
    """Read a fact from its stored form; ``on`` may be a date or ISO text."""
    on = data["on"]
    return Fact(
        kind=data["kind"],
        on=on if isinstance(on, date) and not isinstance(on, datetime) else date.fromisoformat(str(on)),
        days=data.get("days"),
        ref=data.get("ref") or "",
    )


def fact_to_data(fact: Fact) -> dict[str, Any]:
    """Return the stored form of a fact."""
    return {"kind": fact.kind, "on": fact.on.isoformat(), "days": fact.days, "ref": fact.ref}


def clock_read(*, clock: StoredClock, today: date, calendar: Calendar | None = None) -> Reading:
    """Return what the clock says today, with its trace; pass ``calendar`` when reading many."""
    return read_clock(rule_of(clock), facts_of(clock), calendar or calendar_current(), today=today)


def clock_get(*, target_type: str, target_id: str | int, rule: str) -> StoredClock | None:
    """Return the clock of an object under a rule, or None."""
    return StoredClock.objects.filter(target_type=target_type, target_id=str(target_id), rule=rule).first()


def clock_list(*, target_type: str, target_ids: Iterable[str | int]) -> QuerySet[StoredClock]:
    """Return the clocks of objects, by due day; whoever may see the objects may see their clocks."""
    wanted: Sequence[str] = [str(one) for one in target_ids]
    return StoredClock.objects.filter(target_type=target_type, target_id__in=wanted).order_by("due_on", "id")


def clocks_due(*, until: date, target_type: str = "") -> QuerySet[StoredClock]:
    """Return running clocks whose due day is ``until`` or earlier; what a sweep looks for."""
    found = StoredClock.objects.filter(state=ClockState.RUNNING, due_on__lte=until)
    return found.filter(target_type=target_type) if target_type else found


def open_clock_count() -> int:
    """Count the clocks that a new notice would compute anew."""
    return StoredClock.objects.exclude(state=ClockState.STOPPED).count()
