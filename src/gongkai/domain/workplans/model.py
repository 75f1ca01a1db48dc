"""What a plan says, as values: tasks with units and dates, schedule entries, and the parts that are no tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gongkai.domain.issues import Issue, Where


class Kind(StrEnum):
    """Form of the document as a whole."""

    PLAN_TEXT = "plan_text"
    TASK_TABLE = "task_table"
    MIXED = "mixed"
    SCHEDULE = "schedule"
    NOT_A_PLAN = "not_a_plan"


class Period(StrEnum):
    """How often a recurring duty comes round."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Periodic:
    """A recurring duty: at least ``count`` times in each ``period`` (每月至少1次)."""

    count: int
    period: Period
    phrase: str


@dataclass(frozen=True, slots=True)
class Due:
    """One time limit as written.

    ``on`` is the last day of the period the phrase names, or None when it names none. ``standing`` is a duty that
    goes on (长期坚持), also after ``on``. ``immediate`` is 立行立改. ``source`` is ``stated`` (a label or a column)
    or ``clause`` (found in the sentence).
    """

    on: date | None
    standing: bool
    phrase: str
    immediate: bool = False
    source: str = "stated"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does it, as one bracket, label line or row of a table says.

    ``responsible_units`` contain the cooperating ones too; ``cooperating_units`` tells which of them only cooperate.
    ``shared`` is 按职责分工负责; ``open_list`` is a list that ends in 等.
    """

    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    due_text: str = ""
    shared: bool = False
    open_list: bool = False
    phrase: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    @property
    def has_units(self) -> bool:
        """Tell whether any unit is named."""
        return bool(self.lead_units or self.responsible_units)


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the plan.

    ``path`` are the headings above it, outermost first. ``kind`` is ``task`` or ``guarantee`` (a measure of the
    guarantee section, which binds everybody). ``parts`` are rows of an annex that split this very task.
    """

    no: str
    path: tuple[str, ...]
    title: str
    text: str
    lead_units: tuple[str, ...]
    responsible_units: tuple[str, ...]
    due: tuple[Due, ...]
    source: Where
    issues: tuple[Issue, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    periodic: tuple[Periodic, ...] = ()
    phrase: str = ""
    shared_duty: bool = False
    open_list: bool = False
    kind: str = "task"
    annex: str = ""
    target: str = ""
    note: str = ""
    parts: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One entry of a timetable: what is to happen between two days, and who takes part."""

    when: str
    starts_on: date | None
    ends_on: date | None
    units: tuple[str, ...]
    source: Where
    text: str = ""
    annex: str = ""


@dataclass(frozen=True, slots=True)
class FramePart:
    """A part of the document that is no task: title, number, addressees, preamble, goals, heading, note …"""

    kind: str
    text: str
    source: Where


@dataclass(frozen=True, slots=True)
class Plan:
    """A document read as a plan."""

    title: str
    doc_no: str
    year: int | None
    issued_on: date | None
    kind: Kind
    tasks: tuple[Task, ...] = ()
    schedule: tuple[ScheduleEntry, ...] = ()
    issues: tuple[Issue, ...] = ()
    frame: tuple[FramePart, ...] = ()

    @property
    def is_plan(self) -> bool:
        """Tell whether the document is a plan at all."""
        return self.kind is not Kind.NOT_A_PLAN
