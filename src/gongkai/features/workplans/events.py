"""What happens to plans and items, for whoever wants to know; listeners stand in ``config.wiring`` only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class PlanConfirmed(Event):
    """A plan was confirmed: its items are on the ledger."""

    name: ClassVar[str] = "workplans.plan.confirmed"
    plan_id: int
    items: int
    at: datetime


@dataclass(frozen=True)
class PlanVisibilityChanged(Event):
    """What the public may see of a plan was changed."""

    name: ClassVar[str] = "workplans.plan.visibility_changed"
    plan_id: int
    visibility: str
    at: datetime


@dataclass(frozen=True)
class ItemMoved(Event):
    """A step of the sign-off was taken on an item; ``verb`` is a verb of the ledger, ``actor_id`` None for the system."""

    name: ClassVar[str] = "workplans.item.moved"
    item_id: int
    verb: str
    before: str
    after: str
    actor_id: int | None
    entry_id: int
    at: datetime


@dataclass(frozen=True)
class ItemSplit(Event):
    """Parts were split off an item."""

    name: ClassVar[str] = "workplans.item.split"
    item_id: int
    child_ids: tuple[int, ...]
    actor_id: int | None
    at: datetime


@dataclass(frozen=True)
class EvidenceAdded(Event):
    """A piece of evidence was put on record."""

    name: ClassVar[str] = "workplans.evidence.added"
    item_id: int
    evidence_id: int
    at: datetime


@dataclass(frozen=True)
class SupervisionNoticeIssued(Event):
    """A supervision notice was issued to a unit."""

    name: ClassVar[str] = "workplans.supervision.issued"
    notice_id: int
    at: datetime


@dataclass(frozen=True)
class SupervisionNoticeAnswered(Event):
    """A unit answered a supervision notice."""

    name: ClassVar[str] = "workplans.supervision.answered"
    notice_id: int
    at: datetime
