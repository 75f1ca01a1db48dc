"""The values a clock is made of: what a rule says, what happened, what the reading tells step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gongkai.domain.issues import Basis


class Unit(StrEnum):
    """What a limit is counted in; ``annual_date`` is a fixed day of the year, such as 31 January."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    ANNUAL_DATE = "annual_date"


UNIT_WORDS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.CALENDAR_DAY: "日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
    Unit.ANNUAL_DATE: "日",
}


class Direction(StrEnum):
    """Whether the due day lies after the starting fact, or before it (a notice 15 working days before an event)."""

    AFTER = "after"
    BEFORE = "before"


class Effect(StrEnum):
    """What a fact does to the clock.

    ``wait`` is a pause that ends with a restart only (补正告知: the reply period begins anew with the supplement);
    ``note`` is kept and shown but moves nothing.
    """

    START = "start"
    RESTART = "restart"
    PAUSE = "pause"
    WAIT = "wait"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"
    NOTE = "note"


class State(StrEnum):
    """How the clock stands: a ``paused`` one has a consultation or a supplement still open."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PauseLimit:
    """How long a pause may last: ``days`` working days after the fact ``counted_from`` of the same reference."""

    counted_from: str
    days: int
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRule:
    """What one kind of fact does under a rule.

    ``needs`` names the fact that must have come before; ``closes`` the pauses a resuming fact ends; ``once`` refuses a
    second one; ``at_most`` caps an extension (``target_at_most`` is its local target); ``within`` is the number of
    working days after the start inside which the fact has its effect; ``pause_limit`` caps a pause.
    """

    kind: str
    label: str
    effect: Effect
    needs: str | None = None
    closes: tuple[str, ...] = ()
    once: bool = False
    at_most: int | None = None
    target_at_most: int | None = None
    within: int | None = None
    pause_limit: PauseLimit | None = None
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A period as it holds on a day and in a place; ``gongkai.rulebook`` builds it from rule data.

    ``limit`` is the statutory number in ``unit``; where the law gives none it is None and ``suggested`` is the
    configured number, which a starting fact may replace by its own ``days``. ``target`` is the local target beside the
    statutory limit. ``annual_date`` is (month, day). ``roll`` moves a last day that is no working day to the next one
    (民法典 art. 203). ``counting_basis`` cites how days are counted.
    """

    id: str
    title: str
    unit: Unit
    facts: Mapping[str, FactRule]
    limit: int | None = None
    suggested: int | None = None
    target: int | None = None
    annual_date: tuple[int, int] | None = None
    direction: Direction = Direction.AFTER
    roll: bool = False
    layer: str = "cn"
    effect_if_missed: str = ""
    basis: tuple[Basis, ...] = ()
    target_basis: tuple[Basis, ...] = ()
    counting_basis: tuple[Basis, ...] = ()
    pause_basis: tuple[Basis, ...] = ()
    roll_basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on a day.

    ``days`` is the length of an extension or of a period fixed case by case; ``ref`` tells several consultations apart.
    """

    kind: str
    on: date
    days: int | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the computation.

    ``kind`` is one of start, restart, voided, note, pause_opened, pause_closed, extend, count, pause, rolled, due,
    target, stop, overdue. ``first`` and ``last`` are the days it covers, ``count`` the days it counts (or leaves out,
    or adds), ``total`` the days used so far, ``words`` the sentence a clerk reads, ``citation`` the provision behind it.
    """

    kind: str
    first: date
    last: date
    count: int
    total: int
    words: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One calendar day of the expansion: counted or not, its running number when counted, and why."""

    day: date
    weekday: str
    counted: bool
    number: int | None
    why: str
    provisional: bool = field(default=False)
