"""What many parts of one moment show alike, read once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from gongkai.domain.release import Kind, Part
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.beside import Beside, public_beside
from gongkai.features.disclosure.selectors.proofs import Proof, publication_proofs
from gongkai.features.disclosure.selectors.public_items import PublicItem, PublicRow, Tombstone, public_items_get
from gongkai.features.disclosure.selectors.standing import public_rows

Shown = PublicItem | Tombstone


@dataclass
class Moment:
    """A moment at which parts are rendered: ``at``, its day ``on`` in Beijing, and what was read for them together.

    Made anew for every chunk: nothing of it outlives a change.
    """

    at: datetime
    on: date
    items: dict[str, Shown] = field(default_factory=dict)
    proofs: dict[int, Proof] = field(default_factory=dict)
    beside: dict[int, Beside] = field(default_factory=dict)
    _looked: set[str] = field(default_factory=set)
    _rows: dict[int, PublicRow | None] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[directory.ColumnView, ...]:
        """The columns of the directory, as a tree."""
        return directory.column_tree()

    @cached_property
    def columns_by_code(self) -> dict[str, directory.ColumnView]:
        """The same columns by code."""
        found: dict[str, directory.ColumnView] = {}
        waiting = list(self.columns)
        while waiting:
            column = waiting.pop()
            found[column.code] = column
            waiting.extend(column.children)
        return found

    def rows(self, ids: Sequence[int]) -> tuple[PublicRow, ...]:
        """Return the lines of lists for those of the items that are public, in the order given; each is read once."""
        unknown = [one for one in ids if one not in self._rows]
        if unknown:
            found = public_rows(item_ids=unknown, at=self.at)
            self._rows |= {one: found.get(one) for one in unknown}
        return tuple(row for one in ids if (row := self._rows[one]) is not None)

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
