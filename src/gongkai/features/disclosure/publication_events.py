"""What happens to publications, for whoever wants to know; listeners stand in ``config.wiring`` only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class ItemPublished(Event):
    """Content of an item was put before the public, from ``published_at`` on (it may lie a few seconds ahead)."""

    name: ClassVar[str] = "disclosure.item.published"
    item_id: int
    publication_id: int
    number: int
    bundle_id: int | None
    emergency: bool
    published_at: datetime


@dataclass(frozen=True)
class ItemWithdrawn(Event):
    """A publication ended without another one in its place; ``kind`` is a kind of ``PublicationEnd``."""

    name: ClassVar[str] = "disclosure.item.withdrawn"
    item_id: int
    publication_id: int
    kind: str
    ended_at: datetime


@dataclass(frozen=True)
class ScheduleFailed(Event):
    """What was set for a moment could not be done; people were told already."""

    name: ClassVar[str] = "disclosure.schedule.failed"
    schedule_id: int
    at: datetime
