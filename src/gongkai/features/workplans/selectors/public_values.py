"""What the public sees of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gongkai.domain.ledger import LIGHT_NAMES, Light
from gongkai.features.workplans.selectors.values import LightCounts


@dataclass(frozen=True, slots=True)
class PublicItem:
    """A task as the public sees it; ``latest_note`` is filled only when the plan's owner shows notes."""

    id: int
    number: str
    path: tuple[str, ...]
    title: str
    text: str
    units: tuple[str, ...]
    due_on: date | None
    due_phrase: str
    standing: bool
    light: Light
    percent: int
    children: int
    children_done: int
    latest_note: str = ""
    latest_on: date | None = None

    @property
    def light_name(self) -> str:
        """Return the light in words."""
        return LIGHT_NAMES[self.light]


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """A plan as the public sees it."""

    id: int
    title: str
    doc_no: str
    year: int
    issued_on: date | None
    owner_name: str
    published_at: datetime
    show_notes: bool
    counts: LightCounts
    items: tuple[PublicItem, ...]

    @property
    def rate(self) -> int:
        """Return the share of tasks done in whole percent."""
        return self.counts.rate


@dataclass(frozen=True, slots=True)
class PublicPlanRow:
    """A plan in the public list."""

    id: int
    title: str
    year: int
    doc_no: str
    owner_name: str
    items: int
    done: int
    rate: int
