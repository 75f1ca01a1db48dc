"""What many parts of one moment show alike, read once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from gongkai.domain.items import ItemContent
from gongkai.domain.release import Kind, ListKey, Part, index_numbers, numbers_of
from gongkai.domain.release.lists import unit_of
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.beside import Beside, public_beside
from gongkai.features.disclosure.selectors.proofs import Proof, publication_proofs
from gongkai.features.disclosure.selectors.public_items import PublicItem, PublicRow, Tombstone, public_items_get
from gongkai.features.disclosure.selectors.standing import public_rows
from gongkai.kernel.orgs.trees import unit_display_names
from gongkai.portal.feeds.selectors import Feeds
from gongkai.portal.pages.showing import Pages
from gongkai.portal.release import selectors
from gongkai.portal.release.rendering import page
from gongkai.portal.release.selectors import ListState

Shown = PublicItem | Tombstone
MOST_KEPT = 4000
"""Pieces and texts that a process keeps from one step to the next."""


@dataclass
class Kept:
    """What outlives a moment, because nothing can change it: pieces of pages by all that they depend on, checked texts."""

    pieces: dict[object, str] = field(default_factory=dict)
    contents: dict[int, ItemContent] = field(default_factory=dict)

    def bound(self) -> None:
        """Let go of everything when it has become much."""
        for kept in (self.pieces, self.contents):
            if len(kept) > MOST_KEPT:
                kept.clear()


@dataclass
class Moment:
    """A moment at which parts are rendered: ``at``, its day ``on`` in Beijing, and what was read for them together.

    Made anew for every chunk: nothing of it outlives a change but what ``kept`` holds.
    """

    at: datetime
    on: date
    kept: Kept = field(default_factory=Kept)
    items: dict[str, Shown] = field(default_factory=dict)
    proofs: dict[int, Proof] = field(default_factory=dict)
    beside: dict[int, Beside] = field(default_factory=dict)
    _looked: set[str] = field(default_factory=set)
    _rows: dict[int, PublicRow | None] = field(default_factory=dict)
    _states: dict[ListKey, ListState] = field(default_factory=dict)
    _places: dict[ListKey, dict[int, int]] = field(default_factory=dict)
    _ranges: set[tuple[ListKey, range]] = field(default_factory=set)
    _unit_names: dict[int, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[directory.ColumnView, ...]:
        """The columns of the directory, as a tree."""
        return directory.column_tree()

    @cached_property
    def columns_by_code(self) -> dict[str, directory.ColumnView]:
        """The same columns by code."""
        return {column.code: column for column in directory.walk(self.columns)}

    @cached_property
    def feeds(self) -> Feeds:
        """The feeds of the lists."""
        return Feeds(self.at, self.kept.contents)

    @cached_property
    def pages(self) -> Pages:
        """The pages of all sites."""
        return Pages(self.at, self.on, self.columns)

    def state(self, key: ListKey) -> ListState:
        """Return the numbers of a list; each is read once."""
        if key not in self._states:
            self._read_states([key])
        return self._states[key]

    def items_at(self, key: ListKey, numbers: range) -> list[int]:
        """Return the items that a list shows at these places, the newest first."""
        if (key, numbers) not in self._ranges:
            self._read_places([(key, numbers)])
        places = self._places.get(key, {})
        return [places[number] for number in reversed(numbers) if number in places]

    def unit_name(self, unit_id: int) -> str:
        """Return by what name a unit is called now, empty for none."""
        if unit_id not in self._unit_names:
            self._unit_names[unit_id] = unit_display_names(unit_ids=[unit_id]).get(unit_id, "")
        return self._unit_names[unit_id]

    def read_lists(self, parts: Collection[Part]) -> None:
        """Read what the lists among these parts show, all of them together."""
        lists = [part for part in parts if part.kind in {Kind.LIST, Kind.LIST_PAGE}]
        keys = {part.key for part in lists}
        self._read_states(key for key in keys if key not in self._states)
        wanted = [(part.key, self._numbers(part)) for part in lists]
        self._read_places([one for one in wanted if one not in self._ranges])
        units = [unit_id for key in keys if (unit_id := unit_of(key)) is not None]
        if units:
            self._unit_names |= dict.fromkeys(units, "") | unit_display_names(unit_ids=units)
        ids = [one for key, numbers in wanted for one in self.items_at(key, numbers)]
        self.rows(ids)
        self.feeds.read(part.key for part in lists if part.kind is Kind.LIST)

    def _numbers(self, part: Part) -> range:
        return numbers_of(part.number) if part.kind is Kind.LIST_PAGE else index_numbers(self._states[part.key].count)

    def _read_states(self, keys: Iterable[ListKey]) -> None:
        keys = list(keys)
        if keys:
            self._states |= dict.fromkeys(keys, ListState()) | selectors.list_states(keys=keys)

    def _read_places(self, wanted: Collection[tuple[ListKey, range]]) -> None:
        if wanted:
            for key, places in selectors.items_between(wanted=wanted).items():
                self._places.setdefault(key, {}).update(places)
            self._ranges.update(wanted)

    def rows(self, ids: Sequence[int]) -> tuple[PublicRow, ...]:
        """Return the lines of lists for those of the items that are public, in the order given; each is read once."""
        unknown = [one for one in ids if one not in self._rows]
        if unknown:
            found = public_rows(item_ids=unknown, at=self.at)
            self._rows |= {one: found.get(one) for one in unknown}
        return tuple(row for one in ids if (row := self._rows[one]) is not None)

    def page(self, template: str, context: dict[str, Any], *, url: str) -> bytes:
        """Render a public page as everybody gets it at ``url``."""
        return page(template, context, url=url, pieces=self.kept.pieces)

    def has_read(self, part: Part) -> bool:
        """Tell whether this part's item was looked for."""
        return part.key in self._looked

    def read_items(self, parts: Collection[Part]) -> None:
        """Read the items among these parts, with all that their pages show."""
        uids = [UUID(part.key) for part in parts if part.kind is Kind.ITEM]
        if not uids:
            return
        self.items, self._looked = {}, set()
        found = public_items_get(uids=uids, at=self.at)
        public = [item for item in found.values() if isinstance(item, PublicItem)]
        self.beside = public_beside(items=public, at=self.at, on=self.on) if public else {}
        wanted = [(item.item_id, item.number if isinstance(item, PublicItem) else None) for item in found.values()]
        self.proofs = publication_proofs(wanted=wanted) if wanted else {}
        self.items = {str(uid): item for uid, item in found.items()}
        self._looked = {str(uid) for uid in uids}
