"""Folding dated facts into the course of a clock: starts, pauses, extensions, the stop, and every contradiction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines.model import ClockRule, Direction, Effect, Fact, FactRule, Unit
from gongkai.domain.issues import Issue, Severity

Interval = tuple[date, date]
# No period fixed by a fact is longer than this many days; a larger number is a slip of the pen.
LONGEST = 3660
# On one day a period begins before it stops, and a letter goes out before it is answered.
_ORDER = {
    effect: rank
    for rank, effect in enumerate(
        (
            Effect.START,
            Effect.WAIT,
            Effect.RESTART,
            Effect.PAUSE,
            Effect.RESUME,
            Effect.EXTEND,
            Effect.STOP,
            Effect.NOTE,
        )
    )
}


@dataclass(slots=True)
class Pause:
    """A stretch (``opened`` excluded, ``ended`` included) that does not count; open while ``ended`` is None."""

    fact: Fact
    rule: FactRule
    closed: date | None = None
    cap: date | None = None

    def end(self, as_of: date) -> date:
        """The last day left out, as seen from a day: an open pause lasts until then."""
        end = self.closed or as_of
        return min(end, self.cap) if self.cap is not None else end

    def is_open(self, as_of: date) -> bool:
        """Tell whether the answer is still awaited (a silent one ends with its own limit)."""
        return self.closed is None and not (self.cap is not None and as_of >= self.cap)


@dataclass(slots=True)
class Course:
    """What the facts amount to; contradictory facts are left out of it and stand in ``issues``."""

    starts: list[Fact] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[tuple[Fact, int]] = field(default_factory=list)
    stop: Fact | None = None
    accepted: list[tuple[Fact, FactRule]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def start(self) -> Fact | None:
        """The fact from which the period runs now."""
        return self.starts[-1] if self.starts else None

    def intervals(self, as_of: date, after: date | None = None) -> list[Interval]:
        """The pauses since the start as (excluded, included] stretches, joined where they overlap, so each counts once."""
        start = after or self.starts[-1].on
        merged: list[Interval] = []
        for low, high in sorted((max(p.fact.on, start), p.end(as_of)) for p in self.pauses):
            if high <= low:
                continue
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return merged

    def pauses_seen_from(self, today: date | None) -> date:
        """The day up to which open pauses are known to be open: the stop, today, or the last fact, whichever tells most."""
        if self.stop is not None:
            return self.stop.on
        last = max(fact.on for fact, _ in self.accepted)
        return last if today is None or today < last else today

    def added(self) -> int:
        """Days granted by extension since the start."""
        return sum(days for _, days in self.extensions) if self.extensions else 0


def days_between(unit: Unit, calendar: Calendar, after: date, through: date) -> int:
    """Count the days d with ``after < d <= through``: working days, or every day for the other units."""
    if unit is Unit.WORKING_DAY:
        return calendar.working_days_between(after, through, strict=False)
    return max(0, (through - after).days)


def add_days(unit: Unit, calendar: Calendar, day: date, count: int) -> date:
    """Return the ``count``-th (working) day after ``day``."""
    if unit is Unit.WORKING_DAY:
        return calendar.add_working_days(day, count, strict=False)
    return day + timedelta(days=count)


def paused_days(unit: Unit, calendar: Calendar, intervals: Sequence[Interval], through: date | None = None) -> int:
    """Count the days the pauses leave out, up to ``through`` where given."""
    return sum(
        days_between(unit, calendar, low, high if through is None else min(high, through)) for low, high in intervals
    )


def fold(rule: ClockRule, facts: Iterable[Fact], calendar: Calendar, *, today: date | None) -> Course:
    """Put the facts in order and take in all that agree; name every one that does not, all at once."""
    course = Course()
    known: list[tuple[Fact, FactRule]] = []
    for fact in facts:
        fact_rule = rule.facts.get(fact.kind)
        if fact_rule is None:
            labels = "、".join(f"{kind}（{entry.label}）" for kind, entry in rule.facts.items())
            course.issues.append(Issue("clock.fact.unknown", fact.kind, {"fact": fact.kind, "known": labels}))
        else:
            known.append((fact, fact_rule))
    if len(known) > 1:
        known.sort(key=lambda pair: (pair[0].on, _ORDER[pair[1].effect]))
        _by_turns(known)
        if rule.direction is Direction.BEFORE:  # the event comes last in time and is still what the period hangs on
            known.sort(key=lambda pair: pair[1].effect is not Effect.START)
    first = next((fact for fact, fact_rule in known if fact_rule.effect is Effect.START), None)
    if first is None:
        starter = next((f for f in rule.facts.values() if f.effect is Effect.START), None)
        values = {
            "title": rule.title,
            "fact": starter.kind if starter else "",
            "label": starter.label if starter else "",
        }
        course.issues.append(Issue("clock.start.missing", starter.kind if starter else None, values))
        return course
    folder = _Folder(rule, calendar, course, first, today)
    for fact, fact_rule in known:
        folder.take(fact, fact_rule)
    return course


def _by_turns(known: list[tuple[Fact, FactRule]]) -> None:
    """Put letters and answers of one day and one side by turns: an answer belongs to the letter that is open then."""
    seen: set[tuple[date, str, str]] = set()
    for fact, rule in list(known):
        key = (fact.on, fact.kind, fact.ref)
        if rule.effect is not Effect.RESUME or key in seen:
            continue
        seen.add(key)
        side = [n for n, (one, _) in enumerate(known) if one.ref == fact.ref and one.kind in (fact.kind, *rule.closes)]
        places = [n for n in side if known[n][0].on == fact.on]
        answers = [known[n] for n in places if known[n][0].kind == fact.kind]
        letters = [known[n] for n in places if known[n][0].kind != fact.kind]
        earlier = [known[n][0].kind == fact.kind for n in side if known[n][0].on < fact.on]
        waiting = earlier.count(False) > earlier.count(True)
        for place in places:
            answered = not letters or (waiting and bool(answers))
            known[place] = (answers if answered else letters).pop(0)
            waiting = not answered


@dataclass(slots=True)
class _Folder:
    """One pass over the ordered facts."""

    rule: ClockRule
    calendar: Calendar
    course: Course
    first: Fact
    today: date | None
    seen: set[str] = field(default_factory=set)

    def take(self, fact: Fact, rule: FactRule) -> None:
        """Take one fact in, or say why not."""
        course = self.course
        if rule.effect is Effect.START and (course.starts or fact is not self.first):
            return self.refuse("clock.fact.repeated", fact, rule)
        if fact.on < self.first.on and self.rule.direction is Direction.AFTER:
            return self.refuse("clock.fact.before_start", fact, rule, start=self.first.on)
        if course.stop is not None and rule.effect is not Effect.NOTE:
            stopped = self.rule.facts[course.stop.kind].label
            return self.refuse("clock.fact.after_stop", fact, rule, stop=stopped, stopped_on=course.stop.on)
        if rule.once and fact.kind in self.seen:
            return self.refuse("clock.fact.repeated", fact, rule)
        if rule.needs is not None and rule.needs not in self.seen:
            return self.refuse("clock.fact.without", fact, rule, needs=self.rule.facts[rule.needs].label)
        if fact.days is not None and not 0 < fact.days <= LONGEST:
            return self.refuse("clock.fact.bad_days", fact, rule, days=fact.days, most=LONGEST)
        if self.today is not None and fact.on > self.today:
            self.tell("clock.fact.in_future", fact, rule, today=self.today)
        if getattr(self, f"_{rule.effect.value}")(fact, rule):
            self.seen.add(fact.kind)
            course.accepted.append((fact, rule))
        return None

    def refuse(self, code: str, fact: Fact, rule: FactRule, **values: object) -> None:
        """Leave a fact out, with the reason."""
        self.tell(code, fact, rule, severity=Severity.ERROR, **values)

    def tell(
        self, code: str, fact: Fact, rule: FactRule, *, severity: Severity = Severity.WARNING, **values: object
    ) -> None:
        """Record an issue about a fact, citing what the fact rests on."""
        told = {"label": rule.label, "fact": fact.kind, "on": fact.on, **values}
        self.course.issues.append(Issue(code, fact.kind, told, severity, basis=rule.basis))

    def due_so_far(self, on: date) -> date:
        """The due day as it stood on a day, from the facts taken in up to then."""
        course, rule = self.course, self.rule
        start = course.starts[-1]
        limit = period_length(rule, start) or 0
        paused = paused_days(rule.unit, self.calendar, course.intervals(on), on)
        last = add_days(rule.unit, self.calendar, start.on, limit + course.added() + paused)
        return self.calendar.next_working_day(last, strict=False) if rule.roll else last

    def _start(self, fact: Fact, rule: FactRule) -> bool:
        self.course.starts.append(fact)
        return True

    def _restart(self, fact: Fact, rule: FactRule) -> bool:
        self.course.starts.append(fact)
        self.course.extensions.clear()
        for pause in self.course.pauses:
            if pause.fact.kind in rule.closes and pause.closed is None:
                pause.closed = fact.on
        return True

    def _pause(self, fact: Fact, rule: FactRule) -> bool:
        if any(p.fact.kind == fact.kind and p.fact.ref == fact.ref and p.closed is None for p in self.course.pauses):
            self.refuse("clock.pause.open", fact, rule)
            return False
        due = self.due_so_far(fact.on)
        if fact.on > due:
            self.tell("clock.pause.after_due", fact, rule, due=due)
            return False
        self.course.pauses.append(Pause(fact, rule))
        return True

    def _wait(self, fact: Fact, rule: FactRule) -> bool:
        if rule.within is not None:
            last = self.calendar.add_working_days(self.course.starts[-1].on, rule.within, strict=False)
            if fact.on > last:
                self.tell("clock.fact.late", fact, rule, last=last, within=rule.within)
        return self._pause(fact, rule)

    def _resume(self, fact: Fact, rule: FactRule) -> bool:
        for pause in self.course.pauses:
            if pause.fact.kind in rule.closes and pause.closed is None and pause.fact.ref == fact.ref:
                pause.closed = fact.on
                if pause.cap is not None and fact.on > pause.cap:
                    self.tell("clock.pause.beyond_limit", fact, rule, last=pause.cap)
                return True
        opened = "、".join(self.rule.facts[kind].label for kind in rule.closes)
        self.refuse("clock.fact.without", fact, rule, needs=opened + (f"（{fact.ref}）" if fact.ref else ""))
        return False

    def _extend(self, fact: Fact, rule: FactRule) -> bool:
        days = fact.days if fact.days is not None else rule.at_most
        if days is None:
            self.refuse("clock.extension.days_missing", fact, rule)
            return False
        agreed = True
        if rule.at_most is not None and days > rule.at_most:
            self.refuse("clock.extension.too_long", fact, rule, days=days, at_most=rule.at_most)
            agreed = False
        due = self.due_so_far(fact.on)
        if fact.on > due:
            self.refuse("clock.extension.after_due", fact, rule, due=due)
            agreed = False
        if agreed:
            self.course.extensions.append((fact, days))
        return agreed

    def _stop(self, fact: Fact, rule: FactRule) -> bool:
        self.course.stop = fact
        return True

    def _note(self, fact: Fact, rule: FactRule) -> bool:
        for pause in self.course.pauses:
            limit = pause.rule.pause_limit
            if limit is not None and limit.counted_from == fact.kind and pause.fact.ref == fact.ref:
                pause.cap = self.calendar.add_working_days(fact.on, limit.days, strict=False)
        return True


def period_length(rule: ClockRule, start: Fact) -> int | None:
    """The number the period runs for: the law's, else the one fixed for this case, else the configured one."""
    if rule.limit is not None:
        return rule.limit
    return start.days if start.days is not None else rule.suggested
