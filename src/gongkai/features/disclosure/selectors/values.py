"""What lists and pages of items are made of: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef, ItemContent, State, Verb
from gongkai.rulebook.disclosure import Ground, ItemKind


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of a list. ``published_at`` is when what is before the public now was published, None where nothing is."""

    id: int
    uid: str
    title: str
    doc_no: str
    index_no: str
    unit_id: int
    unit_name: str
    kind: str
    kind_name: str
    state: State
    state_name: str
    attribute: str
    attribute_name: str
    access_limited: bool
    columns: tuple[str, ...]
    column_names: tuple[str, ...]
    number: int
    written_on: date | None
    issued_on: date | None
    review_on: date | None
    created_by_name: str
    changed_at: datetime
    published_at: datetime | None
    due_on: date | None
    late: bool
    unsaved: bool
    path: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of a list: its rows, the number of the page from 1, how many there are."""

    rows: tuple[ItemRow, ...]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max((self.total + self.size - 1) // self.size, 1)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision on the attribute, with its grounds in words."""

    attribute: str
    attribute_name: str
    grounds: tuple[str, ...]
    note: str
    reassessed: bool
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A person who may read an access-limited item by name."""

    user_id: int
    name: str
    added_by_name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision. ``published_at`` tells that exactly this one was put before the public; ``current`` the newest."""

    number: int
    digest: str
    note: str
    restored_from: int | None
    by_id: int | None
    by_name: str
    at: datetime
    published_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One entry of the audit trail about an item."""

    at: datetime
    action: str
    action_name: str
    summary: str
    by_name: str


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """Everything an item's page shows, and what the actor may do: ``verbs`` by state and by role.

    ``release_blockers`` are the reasons that come from state and attribute only; the gate has its own.
    """

    row: ItemRow
    content: ItemContent
    kind: ItemKind | None
    grounds: tuple[Ground, ...]
    subject: str
    created_at: datetime
    attribute_note: str
    attribute_by_name: str
    attribute_at: datetime | None
    decisions: tuple[DecisionRow, ...]
    attachments: tuple[AttachmentRef, ...]
    readers: tuple[ReaderRow, ...]
    approval_id: int | None
    signed: tuple[str, ...]
    issuer_note: str
    public_path: str
    draft_by_name: str
    draft_at: datetime | None
    verbs: tuple[Verb, ...]
    can_edit: bool
    can_decide_attribute: bool
    can_circulate: bool
    can_recall: bool
    can_publish: bool
    can_withdraw: bool
    can_limit: bool
    can_discard: bool
    can_archive: bool
    missing: tuple[Issue, ...]
