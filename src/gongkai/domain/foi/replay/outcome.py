"""What a run of one case tells: its place in the annual report, what was expected of it, and all of it as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gongkai.domain.foi.clocks import CaseClock, read_case
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import ELSEWHERE, STAGE_NAMES, CaseState
from gongkai.domain.foi.replay.player import UNSTATED, Run
from gongkai.domain.foi.replay.source import read_date
from gongkai.domain.foi.replay.vocabulary import FALSE_WORDS, TRUE_WORDS, normal


@dataclass(frozen=True, slots=True)
class YearLine:
    """Where a case stands in table three of one year."""

    year: int
    row: str


@dataclass(frozen=True, slots=True)
class Annual:
    """The result row of a case, the year it counts in, and every line of every year; ``row`` is empty without a result."""

    row: str
    year: int | None
    column: ApplicantClass | None
    lines: tuple[YearLine, ...]


def result_of(state: CaseState) -> tuple[str, date] | None:
    """The disposition that is counted and its day: the one by which the case was closed or answered first."""
    if state.rounds:
        return state.rounds[0].disposition, state.rounds[0].ended_on
    answer = state.answer
    if state.disposition and state.closed_on is not None:
        replied = answer.replied_on if answer is not None else None
        return state.disposition, replied or state.closed_on
    if answer is not None and answer.replied_on is not None:
        return answer.disposition, answer.replied_on
    return None


def annual_of(run: Run) -> Annual:
    """Count a case: new in its first year, carried in and out in between, its result in the year of the reply.

    A case that went on elsewhere, or whose day of receipt is not certain, is not counted here. A year that is not over
    on the day the case is seen from has no carrying out yet.
    """
    state = run.state
    column = run.script.applicant
    if state.received_on is None or state.stage in ELSEWHERE or state.moved_to or state.merged_into or state.split_into:
        return Annual("", None, column, ())
    result = result_of(state)
    known = run.law.dispositions.dispositions.get(result[0]) if result is not None else None
    row = known.annual_row if known is not None else ""
    last = result[1].year if result is not None else run.today.year
    lines = [YearLine(state.received_on.year, "new_received")]
    for year in range(state.received_on.year, last + 1):
        if year > state.received_on.year:
            lines.append(YearLine(year, "carried_in"))
        if year < last:
            lines.append(YearLine(year, "carried_out"))
    if result is not None and row:
        lines.append(YearLine(last, row))
    return Annual(row, last if row else None, column, tuple(lines))


@dataclass(frozen=True, slots=True)
class Checked:
    """One expectation and what came out of it."""

    key: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]
    met: bool
    line: int


def check_expected(run: Run) -> list[Checked]:
    """Compare what the file expects with what the run says."""
    clock = read_case(run.state, run.law, today=run.today)
    annual = annual_of(run)
    return [
        Checked(one.key, one.values, actual, _met(one.key, one.values, actual), one.line)
        for one in run.script.expected
        for actual in (_ACTUAL[one.key](run, clock, annual),)
    ]


def _met(key: str, expected: tuple[str, ...], actual: tuple[str, ...]) -> bool:
    if key in ("refusals", "notices", "waits"):
        if len(expected) == 1 and expected[0].isdecimal():
            return int(expected[0]) == len(actual)
        if len(expected) != len(actual):
            return False
        left = [set(one.split("|")) for one in actual]
        return all(any(word in parts for parts in left) for word in expected)
    if key in ("used", "allowed", "remaining", "paused", "overdue_days", "rounds", "annual_year", "fee"):
        return tuple(one.rstrip("个工作日天年元") for one in expected) == actual
    return tuple(_same(one) for one in expected) == tuple(_same(one) for one in actual) or (
        key in ("stage", "disposition", "annual_row", "route") and len(expected) == 1 and expected[0] in actual
    )


def _same(word: str) -> str:
    """A value as it is compared: days as ISO text, yes and no as such."""
    day = read_date(word)
    if day is not None:
        return day.isoformat()
    plain = normal(word)
    if plain in TRUE_WORDS:
        return "true"
    return "false" if plain in FALSE_WORDS else plain


def _day(day: date | None) -> tuple[str, ...]:
    return (day.isoformat(),) if day is not None else ()


def _disposition(run: Run) -> tuple[str, ...]:
    state = run.state
    code = state.disposition or (state.answer.disposition if state.answer is not None else "")
    known = run.law.dispositions.dispositions.get(code)
    return (code, known.title) if known is not None and code != UNSTATED else ()


def route_of(run: Run) -> str:
    """The remedy route of the result, or nothing."""
    code = run.state.disposition or (run.state.answer.disposition if run.state.answer is not None else "")
    if not code or code == UNSTATED or code not in run.law.dispositions.dispositions:
        return ""
    grounds = run.state.answer.grounds if run.state.answer is not None else ()
    known = run.law.dispositions.dispositions[code]
    # Without the grounds named a refusal counts as one under articles 14 to 16, as the result itself says.
    return str(run.law.dispositions.route(code, grounds) if grounds else known.route)


def _number(value: int | None) -> tuple[str, ...]:
    return (str(value),) if value is not None else ()


def _replied(run: Run) -> tuple[str, ...]:
    return _day(run.state.answer.replied_on if run.state.answer is not None else None)


def _served(run: Run) -> tuple[str, ...]:
    return _day(run.state.answer.served_on if run.state.answer is not None else None)


def _column(annual: Annual) -> tuple[str, ...]:
    return (annual.column.value,) if annual.column is not None else ()


_ACTUAL: dict[str, Callable[[Run, CaseClock, Annual], tuple[str, ...]]] = {
    "stage": lambda run, clock, annual: (run.state.stage.value, STAGE_NAMES[run.state.stage]),
    "received_on": lambda run, clock, annual: _day(run.state.received_on),
    "due_on": lambda run, clock, annual: _day(clock.due_on),
    "target_on": lambda run, clock, annual: _day(clock.target_on),
    "replied_on": lambda run, clock, annual: _replied(run),
    "served_on": lambda run, clock, annual: _served(run),
    "closed_on": lambda run, clock, annual: _day(run.state.closed_on),
    "overdue_days": lambda run, clock, annual: (str(clock.overdue_days),),
    "provisional": lambda run, clock, annual: (str(bool(clock.reply and clock.reply.provisional)).lower(),),
    "paused": lambda run, clock, annual: _number(clock.reply.paused if clock.reply else None),
    "used": lambda run, clock, annual: _number(clock.reply.used if clock.reply else None),
    "allowed": lambda run, clock, annual: _number(clock.reply.allowed if clock.reply else None),
    "remaining": lambda run, clock, annual: _number(clock.reply.remaining if clock.reply else None),
    "disposition": lambda run, clock, annual: _disposition(run),
    "annual_row": lambda run, clock, annual: (annual.row,) if annual.row else (),
    "annual_column": lambda run, clock, annual: _column(annual),
    "annual_year": lambda run, clock, annual: _number(annual.year),
    "route": lambda run, clock, annual: (route_of(run),),
    "refusals": lambda run, clock, annual: tuple(_named(run)),
    "notices": lambda run, clock, annual: tuple(
        [one.code for one in run.remarks] + [issue.code for _, issue in run.warnings]
    ),
    "ended": lambda run, clock, annual: (str(run.state.ended).lower(),),
    "waits": lambda run, clock, annual: tuple(f"{one.what}|{one.who}" for one in clock.waits),
    "rounds": lambda run, clock, annual: (str(len(run.state.rounds) + 1),),
    "fee": lambda run, clock, annual: _number(run.state.fee.amount if run.state.fee is not None else None),
}


def _named(run: Run) -> list[str]:
    """Each refusal by the event of the file and the codes of the reasons, either of which an expectation may name."""
    return ["|".join((one.kind, *(issue.code for issue in one.issues))) for one in run.refusals]
