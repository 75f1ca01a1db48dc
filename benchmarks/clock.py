"""Clock readings per second, against a plain day-by-day loop over the ``chinesecalendar`` package in the same run.

The loop computes the due day only. ``read_clock`` checks the facts, computes due day, used and remaining days too, and
can explain itself; the last rows show what the whole explanation costs. Both sides are checked to give the same day.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from gongkai.domain.deadlines import Fact, Reading, read_clock
from gongkai.rulebook import calendar_shipped, clock_rule

CASES = 5_000
REPEATS = 3
FIRST, LAST = date(2024, 1, 1), date(2026, 6, 30)
LIMIT = 20
EXTENSION = 20


@dataclass(frozen=True)
class Case:
    """One application: receipt, and a consultation or an extension where there is one."""

    received: date
    sent: date | None = None
    closed: date | None = None
    extended: bool = False

    def facts(self) -> list[Fact]:
        """The same as dated facts."""
        facts = [Fact("received", self.received)]
        if self.sent is not None and self.closed is not None:
            facts += [Fact("consultation_sent", self.sent), Fact("consultation_closed", self.closed)]
        if self.extended:
            facts.append(Fact("extended", self.received + timedelta(days=10)))
        return facts


def make_cases(kind: str) -> list[Case]:
    """Make the same cases on every run."""
    chance = random.Random(7)
    cases = []
    for _ in range(CASES):
        received = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        sent = received + timedelta(days=chance.randrange(1, 12))
        closed = sent + timedelta(days=chance.randrange(1, 20))
        case = Case(received)
        if kind == "paused":
            case = Case(received, sent, closed)
        elif kind == "extended":
            case = Case(received, extended=True)
        cases.append(case)
    return cases


def plain_loop(case: Case) -> date:
    """Walk from day to day, as one would with the package alone."""
    left = LIMIT + (EXTENSION if case.extended else 0)
    day = case.received
    while left:
        day += timedelta(days=1)
        if not chinese_calendar.is_workday(day):
            continue
        if case.sent is not None and case.closed is not None and case.sent < day <= case.closed:
            continue
        left -= 1
    return day


def seconds(work: Callable[[], object]) -> float:
    """The best of a few runs, in seconds."""
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def measure(kind: str, read: Callable[[Case, Sequence[Fact]], object]) -> tuple[float, float]:
    """Return readings per second and the loop's, over the same cases."""
    cases = make_cases(kind)
    facts = [case.facts() for case in cases]
    ours = seconds(lambda: [read(case, entry) for case, entry in zip(cases, facts, strict=True)])
    plain = seconds(lambda: [plain_loop(case) for case in cases])
    return CASES / ours, CASES / plain


def main() -> None:
    """Print a small table."""
    calendar = calendar_shipped()
    rule = clock_rule("foi.reply", on=FIRST)

    def reading(case: Case, facts: Sequence[Fact]) -> Reading:
        return read_clock(rule, facts, calendar)

    def with_trace(case: Case, facts: Sequence[Fact]) -> object:
        return read_clock(rule, facts, calendar).trace

    def with_days(case: Case, facts: Sequence[Fact]) -> object:
        told = read_clock(rule, facts, calendar)
        return told.trace, told.days, told.basis

    for kind in ("plain", "paused", "extended"):
        for case in make_cases(kind):
            assert reading(case, case.facts()).due_on == plain_loop(case), case
    rows = [
        ("reply, 20 working days", "plain", reading),
        ("with a consultation", "paused", reading),
        ("with an extension", "extended", reading),
        ("with a consultation, trace told", "paused", with_trace),
        ("with a consultation, trace, every day and basis told", "paused", with_days),
    ]
    print(f"{'case':<54}{'readings/s':>12}{'plain loop/s':>14}{'ratio':>8}")
    for name, kind, read in rows:
        ours, plain = measure(kind, read)
        print(f"{name:<54}{ours:>12,.0f}{plain:>14,.0f}{ours / plain:>7.1f}x")


if __name__ == "__main__":
    main()
