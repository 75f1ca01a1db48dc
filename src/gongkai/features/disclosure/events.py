"""What happens to items, for whoever wants to know; listeners stand in ``config.wiring`` only.

No event carries a title: an access-limited item stays unknown to whoever listens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class ItemCreated(Event):
    """An item was made."""

    name: ClassVar[str] = "disclosure.item.created"
    item_id: int
    at: datetime


@dataclass(frozen=True)
class ItemRevised(Event):
    """An item got a new revision; ``number`` is the revision's."""

    name: ClassVar[str] = "disclosure.item.revised"
    item_id: int
    number: int
    at: datetime


@dataclass(frozen=True)
class ItemDated(Event):
    """What the time for publication is counted from may have changed: a date of the item, or its attribute."""

    name: ClassVar[str] = "disclosure.item.dated"
    item_id: int
    at: datetime


@dataclass(frozen=True)
class AttributeDecided(Event):
    """An item's attribute was decided; ``decision_id`` names the decision."""

    name: ClassVar[str] = "disclosure.item.attribute_decided"
    item_id: int
    decision_id: int
    attribute: str
    at: datetime


@dataclass(frozen=True)
class ItemMoved(Event):
    """An item took a step by the table of states; ``verb`` is a verb of ``domain.items.states``."""

    name: ClassVar[str] = "disclosure.item.moved"
    item_id: int
    verb: str
    before: str
    after: str
    at: datetime
