"""Reading a clock: from a rule and its facts to the due day and everything that explains it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines.course import Course, add_days, days_between, fold, paused_days, period_length
from gongkai.domain.deadlines.model import ClockDay, ClockRule, Direction, Effect, Fact, State, Step, Unit
from gongkai.domain.deadlines.trace import expand_days, trace_steps
from gongkai.domain.issues import Basis, Issue, Severity


@dataclass(frozen=True)
class Reading:
    """What a clock says on asking; computed, never edited.

    ``due_on`` is the statutory last day, ``target_on`` the local one beside it (None where there is none). ``used``,
    ``allowed``, ``remaining`` and ``paused`` are numbers of working days, or of calendar days for rules in days, months
    or years; ``used + remaining == allowed`` always, and what runs past the due day is in ``overdue_days``. Without a
    ``today`` and without a stopping fact the whole period is read, so ``used == allowed``. ``provisional`` is True when
    a day counted lies in a year whose holiday notice is not on file, and while a pause is open, since every day of it
    moves the due day on; ``reason`` says so in Chinese. ``issues`` names facts that contradict each other; they were
    left out of the computation.
    """

    rule: ClockRule
    state: State
    started_on: date | None
    due_on: date | None
    target_on: date | None
    used: int
    allowed: int
    paused: int
    remaining: int
    overdue_days: int
    provisional: bool
    provisional_years: tuple[int, ...]
    reason: str
    issues: tuple[Issue, ...]
    course: Course = field(repr=False, compare=False)
    calendar: Calendar = field(repr=False, compare=False)
    today: date | None = field(repr=False, compare=False)

    @cached_property
    def trace(self) -> tuple[Step, ...]:
        """The steps of the computation in order, in words a clerk can read."""
        return trace_steps(self)

    @cached_property
    def days(self) -> tuple[ClockDay, ...]:
        """Every calendar day from the start to the due day, counted or not, and why."""
        return expand_days(self)

    @cached_property
    def basis(self) -> tuple[Basis, ...]:
        """The provisions this reading rests on, the rule's own first, the holiday notices last."""
        rule = self.rule
        found: list[Basis] = [*rule.basis, *(rule.target_basis if self.target_on is not None else ())]
        for fact, fact_rule in self.course.accepted:
            if fact_rule.effect is not Effect.NOTE:
                found.extend(fact_rule.basis)
            if fact_rule.pause_limit is not None and any(p.fact is fact and p.cap for p in self.course.pauses):
                found.extend(fact_rule.pause_limit.basis)
        found.extend(rule.counting_basis)
        if self.paused:
            found.extend(rule.pause_basis)
        if self.started_on is not None and self.due_on is not None:
            low, high = sorted((self.started_on, self.due_on))
            if rule.roll:
                found.extend(rule.roll_basis)
            if rule.roll or rule.unit is Unit.WORKING_DAY:
                for year in self.calendar.years:
                    if low.year <= year.year <= high.year:
                        numbers = (year.notice_no, *year.amended_by)
                        found.extend(Basis(f"calendar.{year.year}", f"{number}（{year.year}年）") for number in numbers)
        return tuple(dict.fromkeys(found))


def read_clock(rule: ClockRule, facts: Iterable[Fact], calendar: Calendar, *, today: date | None = None) -> Reading:
    """Read a clock from its dated facts.

    Never raises for what the facts say: contradictions stand in ``Reading.issues``, all at once, and a period whose
    beginning is unknown has ``due_on`` None. ``today`` is the day from which used days, open pauses and lateness are
    seen.
    """
    course = fold(rule, facts, calendar, today=today)
    start = course.start
    if start is None:
        return _unread(rule, course, calendar, today)
    length = period_length(rule, start)
    if length is None and rule.unit is not Unit.ANNUAL_DATE:
        values = {"title": rule.title, "start": start.kind}
        course.issues.append(Issue("clock.rule.no_limit", start.kind, values, Severity.ERROR, basis=rule.basis))
        return _unread(rule, course, calendar, today)
    as_of = course.stop.on if course.stop is not None else today
    paused, intervals = 0, []
    added = course.added()
    if course.pauses:
        intervals = course.intervals(course.pauses_seen_from(today))
        paused = paused_days(rule.unit, calendar, intervals)
    last = _last_day(rule, calendar, start.on, (length or 0) + added, paused)
    due_on = calendar.next_working_day(last, strict=False) if rule.roll else last
    target_on = _target_day(rule, course, calendar, start.on, paused)
    before = rule.direction is Direction.BEFORE
    in_days = rule.unit is not Unit.WORKING_DAY
    allowed = abs((last - start.on).days) - paused if in_days else (length or 0) + added
    used, overdue = allowed, 0
    if as_of is not None:
        if before:
            used = allowed - min(allowed, days_between(rule.unit, calendar, as_of, due_on))
        else:
            used = days_between(rule.unit, calendar, start.on, as_of)
            if course.pauses:
                used -= paused_days(rule.unit, calendar, intervals, as_of)
            used = min(used, allowed)
        overdue = days_between(rule.unit, calendar, due_on, as_of)
    missing: tuple[int, ...] = ()
    if rule.unit is Unit.WORKING_DAY or rule.roll:
        missing = calendar.missing_years(min(start.on, due_on), max(start.on, due_on))
    state = _state(course, today)
    waiting = ""
    if state is State.PAUSED:
        seen_from = course.pauses_seen_from(today)
        waiting = "、".join(dict.fromkeys(p.rule.label for p in course.pauses if p.is_open(seen_from)))
    return Reading(
        rule=rule,
        state=state,
        started_on=start.on,
        due_on=due_on,
        target_on=target_on,
        used=used,
        allowed=allowed,
        paused=paused,
        remaining=allowed - used,
        overdue_days=overdue,
        provisional=bool(missing) or state is State.PAUSED,
        provisional_years=missing,
        reason=_reason(missing, waiting),
        issues=tuple(course.issues),
        course=course,
        calendar=calendar,
        today=today,
    )


def _state(course: Course, today: date | None) -> State:
    if course.stop is not None:
        return State.STOPPED
    seen_from = course.pauses_seen_from(today)
    return State.PAUSED if any(pause.is_open(seen_from) for pause in course.pauses) else State.RUNNING


def _reason(missing: tuple[int, ...], waiting: str) -> str:
    """Say why the due day is not final: ``missing`` years, ``waiting`` for what a pause is open."""
    reasons = []
    if waiting:
        reasons.append(f"{waiting}尚未结束，这是即刻恢复计算时的最早日期，多等几个工作日就顺延几个工作日")
    if missing:
        years = "、".join(f"{year}年" for year in missing)
        reasons.append(f"{years}放假安排尚未公布，暂按周一至周五为工作日推算，公布后重新计算")
    return "；".join(reasons)


def _target_day(rule: ClockRule, course: Course, calendar: Calendar, start: date, paused: int) -> date | None:
    """The local target over the same facts; an extension counts up to its own local target (none: as granted)."""
    if rule.target is None:
        return None
    added = 0
    for fact, days in course.extensions:
        cap = rule.facts[fact.kind].target_at_most
        added += days if cap is None else min(days, cap)
    last = _last_day(rule, calendar, start, rule.target + added, paused)
    return calendar.next_working_day(last, strict=False) if rule.roll else last


def _last_day(rule: ClockRule, calendar: Calendar, start: date, length: int, paused: int) -> date:
    """The day on which the period ends by its own count, before any move to the next working day."""
    if rule.unit is Unit.ANNUAL_DATE:
        assert rule.annual_date is not None
        month, day = rule.annual_date
        this_year = date(start.year, month, day)
        return this_year if this_year > start else date(start.year + 1, month, day)
    if rule.unit in (Unit.MONTH, Unit.YEAR):
        return add_months(start, length * (12 if rule.unit is Unit.YEAR else 1))
    if rule.direction is Direction.BEFORE:
        return add_days(rule.unit, calendar, start, -length)
    if length + paused == 0 and rule.unit is Unit.WORKING_DAY:
        return calendar.next_working_day(start, strict=False)
    return add_days(rule.unit, calendar, start, length + paused)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where it has no such day (民法典 art. 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _unread(rule: ClockRule, course: Course, calendar: Calendar, today: date | None) -> Reading:
    return Reading(
        rule=rule,
        state=State.NOT_STARTED,
        started_on=None,
        due_on=None,
        target_on=None,
        used=0,
        allowed=0,
        paused=0,
        remaining=0,
        overdue_days=0,
        provisional=False,
        provisional_years=(),
        reason="",
        issues=tuple(course.issues),
        course=course,
        calendar=calendar,
        today=today,
    )
