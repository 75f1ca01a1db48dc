"""What the selectors hand out: frozen values that templates can read, no model rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from gongkai.domain.ledger import LIGHT_NAMES, Light, State, Verb


@dataclass(frozen=True, slots=True)
class UnitLabel:
    """One unit or group that owes an item. ``open`` means that somebody still has to say who is meant.

    ``members`` names the group's units of today; it is filled for one item, not in lists.
    """

    role: str
    text: str
    unit_id: int | None = None
    group_id: int | None = None
    phrase: str = ""
    members: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether neither a unit nor a group is named yet."""
        return self.unit_id is None and self.group_id is None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the ledger list."""

    id: int
    plan_id: int
    plan_title: str
    plan_year: int
    parent_id: int | None
    kind: str
    number: str
    path: tuple[str, ...]
    title: str
    state: State
    state_name: str
    state_reason: str
    light: Light
    due_on: date | None
    due_phrase: str
    attention_on: date | None
    standing: bool
    periodic: bool
    shared_duty: bool
    overdue_days: int
    carried_over: bool
    percent: int
    children: int
    children_done: int
    lead: tuple[UnitLabel, ...]
    responsible: tuple[UnitLabel, ...]
    cooperating: tuple[UnitLabel, ...]
    evidence_count: int
    changed_at: datetime

    @property
    def light_name(self) -> str:
        """Return the light in words."""
        return LIGHT_NAMES[self.light]

    @property
    def depth(self) -> int:
        """Return 0 for a task of the plan, 1 for a part split off."""
        return 0 if self.parent_id is None else 1

    @property
    def unassigned(self) -> bool:
        """Tell whether no unit or group at all is named."""
        return all(label.open for label in (*self.lead, *self.responsible, *self.cooperating))


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of the ledger list."""

    rows: tuple[ItemRow, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """Return the number of pages, at least 1."""
        return max(-(-self.total // self.size), 1)

    @property
    def has_next(self) -> bool:
        """Tell whether a page follows."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """Tell whether a page comes before."""
        return self.number > 1


@dataclass(frozen=True, slots=True)
class LightCounts:
    """How many items show which light."""

    overdue: int = 0
    near: int = 0
    on_track: int = 0
    standing: int = 0
    no_date: int = 0
    done: int = 0
    canceled: int = 0

    @property
    def total(self) -> int:
        """Return the number of items that are not canceled."""
        return sum(getattr(self, field.name) for field in fields(self)) - self.canceled

    @property
    def open(self) -> int:
        """Return the number of items that are neither done nor canceled."""
        return self.total - self.done

    @property
    def rate(self) -> int:
        """Return the share of items done in whole percent, rounded down."""
        return self.done * 100 // self.total if self.total else 0

    def as_list(self) -> list[tuple[Light, str, int]]:
        """Return (light, name, number) in the order of urgency."""
        return [(light, LIGHT_NAMES[light], getattr(self, light.value)) for light in Light]


@dataclass(frozen=True, slots=True)
class UnitOverview:
    """One unit's line in the administrator's overview."""

    unit_id: int
    unit_name: str
    total: int
    done: int
    overdue: int
    near: int

    @property
    def rate(self) -> int:
        """Return the share of items done in whole percent, rounded down."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with the counts of its items."""

    id: int
    title: str
    doc_no: str
    year: int
    issued_on: date | None
    kind_name: str
    owner_id: int
    owner_name: str
    state: str
    state_name: str
    visibility: str
    visibility_name: str
    published_at: datetime | None
    file_id: int | None
    schedule: tuple[Mapping[str, object], ...]
    counts: LightCounts
    can_manage: bool

    @property
    def items(self) -> int:
        """Return the number of items that are not canceled."""
        return self.counts.total

    @property
    def done(self) -> int:
        """Return the number of items done."""
        return self.counts.done

    @property
    def overdue(self) -> int:
        """Return the number of items overdue."""
        return self.counts.overdue

    @property
    def near(self) -> int:
        """Return the number of items near their date."""
        return self.counts.near

    @property
    def rate(self) -> int:
        """Return the share of items done in whole percent."""
        return self.counts.rate


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A recurring duty of an item."""

    id: int
    kind: str
    period: str
    period_name: str
    times: int
    phrase: str
    starts_on: date
    ends_on: date | None
    harvester: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: required and counted times, and its result. ``counted`` is live while the check is open."""

    id: int
    item_id: int
    item_title: str
    kind: str
    label: str
    from_on: date | None
    due_on: date
    required: int
    counted: int
    state: str
    state_name: str
    note: str
    recorded_by_name: str
    recorded_at: datetime | None
    light: Light

    @property
    def kept(self) -> bool:
        """Tell whether enough has been counted."""
        return self.counted >= self.required

    @property
    def missing(self) -> int:
        """Return how many times are still missing."""
        return max(self.required - self.counted, 0)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence; ``file_id`` for a stored file, ``url`` for a page, ``ref`` for an object of the platform."""

    id: int
    kind: str
    title: str
    file_id: int | None
    url: str
    ref: str
    occurred_on: date
    counted: bool
    harvester: str
    check_id: int | None
    unit_name: str
    added_by_name: str
    added_at: datetime
    removed_at: datetime | None
    removed_reason: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of an item's history."""

    at: datetime
    occurred_on: date
    verb: str
    verb_name: str
    before_name: str
    after_name: str
    text: str
    reason: str
    percent: int | None
    by_name: str
    unit_name: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A supervision notice."""

    id: int
    item_id: int
    item_title: str
    unit_id: int
    unit_name: str
    color: str
    color_name: str
    number_text: str
    reason: str
    requirement: str
    answer_due_on: date
    issued_at: datetime
    issued_by_name: str
    file_id: int
    answered_at: datetime | None
    answered_by_name: str
    answer: str
    late: bool
    can_answer: bool


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """Everything about one item. ``verbs`` are what this actor may do now, by role and by state."""

    row: ItemRow
    plan: PlanRow
    text: str
    target: str
    note: str
    line_from: int | None
    line_to: int | None
    parent: ItemRow | None
    children: tuple[ItemRow, ...]
    checks: tuple[CheckRow, ...]
    duties: tuple[DutyRow, ...]
    evidence: tuple[EvidenceRow, ...]
    notices: tuple[NoticeRow, ...]
    submitted_on: date | None
    submitted_by_name: str
    accepted_by_name: str
    accepted_at: datetime | None
    closed_by_name: str
    closed_at: datetime | None
    verbs: tuple[Verb, ...]
    can_add_evidence: bool
    can_record_check: bool
    can_issue_notice: bool


@dataclass(frozen=True, slots=True)
class MyWork:
    """What waits for a person: items by the next day that matters, checks, submissions to check, notices to answer."""

    items: tuple[ItemRow, ...]
    checks: tuple[CheckRow, ...]
    to_accept: tuple[ItemRow, ...]
    notices: tuple[NoticeRow, ...]
    counts: LightCounts
