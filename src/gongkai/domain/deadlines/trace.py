"""Telling a reading step by step and day by day, in the words of a Chinese letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gongkai.domain.calendars import WEEKDAYS, Calendar
from gongkai.domain.deadlines.course import Course, Interval, days_between, paused_days
from gongkai.domain.deadlines.model import (
    UNIT_WORDS,
    ClockDay,
    ClockRule,
    Direction,
    Effect,
    Fact,
    FactRule,
    Step,
    Unit,
)
from gongkai.domain.issues import Basis

if TYPE_CHECKING:
    from gongkai.domain.deadlines.reading import Reading

_KINDS = {
    Effect.START: "start",
    Effect.RESTART: "restart",
    Effect.PAUSE: "pause_opened",
    Effect.WAIT: "pause_opened",
    Effect.RESUME: "pause_closed",
    Effect.EXTEND: "extend",
    Effect.STOP: "stop",
    Effect.NOTE: "note",
}


def say_day(day: date) -> str:
    """Write a day as 2024年9月27日（周五）."""
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def trace_steps(reading: Reading) -> tuple[Step, ...]:
    """Tell the computation of a reading in order; empty when the clock has not started."""
    if reading.started_on is None or reading.due_on is None:
        return ()
    if reading.rule.direction is Direction.BEFORE:
        return _before_steps(reading, reading.started_on, reading.due_on)
    return tuple(_Teller(reading, reading.course, reading.started_on, reading.due_on).tell())


@dataclass(slots=True)
class _Teller:
    """Walks from event to event and says what was counted in between."""

    reading: Reading
    course: Course
    start: date
    due: date
    total: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def rule(self) -> ClockRule:
        return self.reading.rule

    @property
    def unit(self) -> str:
        return "个工作日" if self.rule.unit is Unit.WORKING_DAY else "日"

    def tell(self) -> list[Step]:
        as_of = self.course.stop.on if self.course.stop is not None else self.reading.today
        seen_from = self.course.pauses_seen_from(self.reading.today)
        intervals = self.course.intervals(seen_from)
        before = [pair for pair in self.course.accepted if pair[0].on < self.start]
        after = [pair for pair in self.course.accepted if pair[0].on >= self.start]
        self._tell_voided(before, seen_from)
        cuts = {fact.on for fact, _ in after if self.start < fact.on <= self.due}
        cuts |= {edge for pair in intervals for edge in pair if self.start < edge <= self.due}
        last_counted = self._last_counted(intervals)
        if last_counted > self.start:
            cuts.add(last_counted)
        for fact, rule in after:
            if fact.on == self.start:
                self._tell_fact(fact, rule)
        cursor = self.start
        for cut in sorted(cuts | {self.due}):
            self._tell_stretch(cursor, cut, intervals, last_counted)
            if cut == self.due and self.due > last_counted and not _inside(intervals, self.due):
                self._tell_rolled(last_counted)
            for fact, rule in after:
                if fact.on == cut and cut > self.start:
                    self._tell_fact(fact, rule)
            cursor = cut
        self._tell_end()
        for fact, rule in after:
            if fact.on > self.due:
                self._tell_fact(fact, rule)
        self._tell_overdue(as_of)
        return self.steps

    def _add(self, kind: str, first: date, last: date, count: int, words: str, basis: tuple[Basis, ...] = ()) -> None:
        citation = "；".join(dict.fromkeys(entry.citation for entry in basis))
        self.steps.append(Step(kind, first, last, count, self.total, words, citation))

    def _last_counted(self, intervals: list[Interval]) -> date:
        """The last day of the period by its own count; later only a move to the next working day."""
        if self.reading.allowed == 0 and not intervals:
            return self.start
        if not self.rule.roll or self.rule.unit is Unit.WORKING_DAY:  # working days end on a working day by themselves
            return self.due
        skipped = paused_days(self.rule.unit, self.reading.calendar, intervals)
        return self.start + timedelta(days=self.reading.allowed + skipped)

    def _tell_voided(self, before: list[tuple[Fact, FactRule]], seen_from: date) -> None:
        """What came before the restart: shown, then declared void."""
        if not before:
            return
        for fact, rule in before:
            self._tell_fact(fact, rule)
        first = self.course.starts[0].on
        calendar, unit = self.reading.calendar, self.rule.unit
        skipped = paused_days(unit, calendar, self.course.intervals(seen_from, first), self.start)
        count = days_between(unit, calendar, first, self.start) - skipped
        words = f"重新起算前已计的{count}{self.unit}不再计入"
        self._add("voided", first + timedelta(days=1), self.start, count, words)

    def _tell_fact(self, fact: Fact, rule: FactRule) -> None:
        unit = self.unit
        day = say_day(fact.on)
        ref = f"（{fact.ref}）" if fact.ref else ""
        count = 0
        match rule.effect:
            case Effect.START:
                same_day = self.reading.allowed == 0
                words = f"{day}{rule.label}，应当日办理" if same_day else f"{day}{rule.label}，当日不计入，自次日起算"
            case Effect.RESTART:
                words = f"{day}{rule.label}，期限重新起算，当日不计入"
            case Effect.PAUSE:
                words = f"{day}{rule.label}{ref}，自次日起不计入期限"
            case Effect.WAIT:
                words = f"{day}{rule.label}，等待期间不计入期限"
            case Effect.RESUME:
                words = f"{day}{rule.label}{ref}，当日仍不计入，自次日起恢复计算"
            case Effect.EXTEND:
                count = (
                    next(days for known, days in self.course.extensions if known is fact) if self._valid(fact) else 0
                )
                words = f"{day}{rule.label}，期限增加{count}{unit}"
            case Effect.STOP:
                words = f"{day}{rule.label}，计时停止，已用{min(self.reading.used, self.reading.allowed)}{unit}"
            case Effect.NOTE:
                words = f"{day}{rule.label}{ref}"
        self._add(_KINDS[rule.effect], fact.on, fact.on, count, words, rule.basis)

    def _valid(self, fact: Fact) -> bool:
        return any(known is fact for known, _ in self.course.extensions)

    def _tell_stretch(self, low: date, high: date, intervals: list[Interval], last_counted: date) -> None:
        high = min(high, last_counted) if not _inside(intervals, high) else high
        if high <= low:
            return
        calendar, unit = self.reading.calendar, self.rule.unit
        count = days_between(unit, calendar, low, high)
        first = low + timedelta(days=1)
        span = say_day(first) if first == high else f"{say_day(first)}至{say_day(high)}"
        resting = (high - low).days - count
        rest = f"（其间{resting}天为休息日，不计入）" if resting and count else ""
        if _inside(intervals, high):
            seen_from = self.course.pauses_seen_from(self.reading.today)
            behind = (p for p in self.course.pauses if p.fact.on < high and p.end(seen_from) > low)
            names = "、".join(dict.fromkeys(p.rule.label for p in behind))
            words = f"{span}因{names}停止计算，{count}{self.unit}不计入期限{rest}"
            self._add("pause", first, high, count, words, self.rule.pause_basis)
            return
        if not count:
            return
        self.total += count
        words = f"{span}计入{count}{self.unit}{rest}，累计{self.total}{self.unit}"
        self._add("count", first, high, count, words)

    def _tell_rolled(self, last_counted: date) -> None:
        why = self.reading.calendar.why(last_counted)
        words = f"期限最后一日{say_day(last_counted)}不是工作日（{why}），顺延至{say_day(self.due)}"
        self._add("rolled", last_counted, self.due, (self.due - last_counted).days, words, self.rule.roll_basis)

    def _tell_end(self) -> None:
        reading = self.reading
        if reading.target_on is not None:
            self._add(
                "target",
                reading.target_on,
                reading.target_on,
                0,
                f"本地办理目标为{say_day(reading.target_on)}，不改变法定期限",
                self.rule.target_basis,
            )
        provisional = f"（暂定：{reading.reason}）" if reading.provisional else ""
        words = f"期限至{say_day(self.due)}届满，共{reading.allowed}{self.unit}{provisional}"
        if self.rule.annual_date is not None:
            month, day = self.rule.annual_date
            words = f"每年{month}月{day}日前完成，本次最迟{say_day(self.due)}"
        if self.rule.unit in (Unit.MONTH, Unit.YEAR):
            words += f"（{self.rule.limit}{UNIT_WORDS[self.rule.unit]}）"
        self._add("due", self.due, self.due, 0, words, self.rule.basis)

    def _tell_overdue(self, as_of: date | None) -> None:
        if as_of is not None and self.reading.overdue_days:
            words = f"截至{say_day(as_of)}已逾期{self.reading.overdue_days}{self.unit}"
            late = self.reading.overdue_days
            self._add("overdue", self.due + timedelta(days=1), as_of, late, words)


def _inside(intervals: list[Interval], day: date) -> bool:
    return any(low < day <= high for low, high in intervals)


def _before_steps(reading: Reading, event: date, due: date) -> tuple[Step, ...]:
    """A period counted backwards from an event."""
    rule = reading.rule
    unit = "个工作日" if rule.unit is Unit.WORKING_DAY else "日"
    citation = "；".join(basis.citation for basis in rule.basis)
    steps = [Step("start", event, event, 0, 0, f"{say_day(event)}{rule.facts[reading.course.starts[0].kind].label}")]
    last = event - timedelta(days=1)
    words = f"自{say_day(last)}向前计至{say_day(due)}，计入{reading.allowed}{unit}"
    steps.append(Step("count", due, last, reading.allowed, reading.allowed, words))
    words = f"最迟于{say_day(due)}完成" + (f"（暂定：{reading.reason}）" if reading.provisional else "")
    steps.append(Step("due", due, due, 0, reading.allowed, words, citation))
    if reading.course.stop is not None:
        stop = reading.course.stop
        words = f"{say_day(stop.on)}{rule.facts[stop.kind].label}"
        steps.append(Step("stop", stop.on, stop.on, 0, reading.allowed, words))
    return tuple(steps)


def expand_days(reading: Reading) -> tuple[ClockDay, ...]:
    """Tell every calendar day between start and due day; a day is counted or it says why it is not."""
    if reading.started_on is None or reading.due_on is None:
        return ()
    rule, calendar, start = reading.rule, reading.calendar, reading.started_on
    if rule.direction is Direction.BEFORE:
        return _days_before(reading, start, reading.due_on)
    seen_from = reading.course.pauses_seen_from(reading.today)
    intervals = reading.course.intervals(seen_from)
    first_label = rule.facts[reading.course.starts[-1].kind].label
    first_why = f"{first_label}，应当日办理" if reading.allowed == 0 else f"{first_label}当日不计入"
    out = [ClockDay(start, WEEKDAYS[start.weekday()], False, None, first_why, False)]
    number = 0
    for offset in range(1, (reading.due_on - start).days + 1):
        day = start + timedelta(days=offset)
        told = calendar.day(day)
        provisional = not told.published and (rule.roll or rule.unit is Unit.WORKING_DAY)
        working = told.working or rule.unit is not Unit.WORKING_DAY
        if _inside(intervals, day):
            label = "、".join(
                dict.fromkeys(p.rule.label for p in reading.course.pauses if p.fact.on < day <= p.end(seen_from))
            )
            why = f"{label}，不计入" if working else told.words
            out.append(ClockDay(day, WEEKDAYS[day.weekday()], False, None, why, provisional))
        elif not working:
            out.append(ClockDay(day, WEEKDAYS[day.weekday()], False, None, told.words, provisional))
        elif number >= reading.allowed:
            out.append(ClockDay(day, WEEKDAYS[day.weekday()], False, None, "期限届满日遇休息日，顺延", provisional))
        else:
            number += 1
            out.append(
                ClockDay(day, WEEKDAYS[day.weekday()], True, number, _why_counted(calendar, day, rule), provisional)
            )
    return tuple(out)


def _why_counted(calendar: Calendar, day: date, rule: ClockRule) -> str:
    return calendar.day(day).words if rule.unit is Unit.WORKING_DAY else "按自然日计入"


def _days_before(reading: Reading, event: date, due: date) -> tuple[ClockDay, ...]:
    label = reading.rule.facts[reading.course.starts[0].kind].label
    out = [ClockDay(event, WEEKDAYS[event.weekday()], False, None, f"{label}当日不计入", False)]
    number = 0
    for offset in range(1, (event - due).days + 1):
        day = event - timedelta(days=offset)
        told = reading.calendar.day(day)
        counted = told.working or reading.rule.unit is not Unit.WORKING_DAY
        number += counted
        why = told.words if reading.rule.unit is Unit.WORKING_DAY else "按自然日计入"
        out.append(
            ClockDay(day, WEEKDAYS[day.weekday()], counted, number if counted else None, why, not told.published)
        )
    return tuple(out)
