"""What this feature needs of disclosed items, without knowing them; ``config`` puts the disclosure feature in here.

A log entry or an accepted proposal becomes an item and goes the item's own road: attribute, reviews, gate, release. The
item never learns of which case it came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from gongkai.kernel.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with an item: the name readers see, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NewItem:
    """What an item begins with: ``parts`` are headings with their text, ``kind`` a kind of the rulebook."""

    unit_id: int
    kind: str
    title: str
    parts: tuple[tuple[str, str], ...]
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemStand:
    """Where an item stands: its state in words, whether the public reads it, and both addresses.

    ``gone`` tells that its draft was discarded; ``ended`` why the public reads it no longer.
    """

    state: str
    public: bool
    gone: bool
    staff_url: str
    public_url: str
    published_on: date | None = None
    ended: str = ""


class Items(Protocol):
    """The road to items."""

    def draft(self, *, actor: Actor, new: NewItem, now: datetime) -> int:
        """Make a draft and return its number; raises NotPermitted, Refused."""

    def stands(self, *, item_ids: Collection[int], at: datetime) -> Mapping[int, ItemStand]:
        """Return where items stand, by number."""

    def drop(self, *, item_id: int, reason: str, now: datetime) -> bool:
        """Take an item that was never public out of the way, as a job; False where that is no longer possible."""

    def withdraw(self, *, actor: Actor, item_id: int, reason: str, now: datetime) -> None:
        """Take down what the public reads; raises NotPermitted, Refused."""


_registered: list[Items] = []


def register_items(items: Items) -> None:
    """Say who keeps items; the last one said counts."""
    _registered[:] = [items]


def items() -> Items:
    """Return who keeps items; raises LookupError when nobody was registered."""
    if not _registered:
        raise LookupError("nobody keeps items; see register_items")
    return _registered[0]
