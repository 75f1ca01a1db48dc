"""A public site in memory: what each part shows, rendered from the whole state or from what a change touched."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.domain.release import (
    ALL,
    Kind,
    Part,
    Place,
    Slots,
    index_numbers,
    index_pages,
    item_part,
    lists_of,
    numbers_of,
    pages_in,
    shard_numbers,
    sitemap_shards_in,
    touched,
)

PARENTS = {"A": None, "A-1": "A", "A-2": "A", "B": None}
Shown = dict[Part, tuple[object, ...]]


@dataclass
class Site:
    """Items with their text and lists (None: withdrawn), and the slots of every list."""

    items: dict[int, tuple[str, frozenset[str]] | None] = field(default_factory=dict)
    slots: dict[str, Slots] = field(default_factory=dict)

    def publish(self, item: int, text: str, columns: frozenset[str], unit: int) -> frozenset[Part]:
        lists = lists_of(columns=columns, unit_id=unit, parents=PARENTS)
        self.items[item] = (text, lists)
        return self._settle(item, lists)

    def withdraw(self, item: int) -> frozenset[Part]:
        if item not in self.items:
            return frozenset()
        self.items[item] = None
        return self._settle(item, frozenset())

    def _settle(self, item: int, lists: frozenset[str]) -> frozenset[Part]:
        for key in sorted(lists):
            self.slots.setdefault(key, Slots()).enter(item)
        for key, slots in self.slots.items():
            if key not in lists:
                slots.leave(item)
        places = [Place(key, slots.numbers[item]) for key, slots in self.slots.items() if item in slots.numbers]
        return touched(places) | {item_part(item)}

    def parts(self) -> set[Part]:
        """Every part there is."""
        count = self.slots[ALL].count if ALL in self.slots else 0
        found = {Part(Kind.HOME), Part(Kind.SITEMAP), *(item_part(item) for item in self.items)}
        found |= {Part(Kind.SITEMAP_SHARD, number=n + 1) for n in range(sitemap_shards_in(count))}
        for key, slots in self.slots.items():
            found.add(Part(Kind.LIST, key))
            found |= {Part(Kind.LIST_PAGE, key, n + 1) for n in range(pages_in(slots.count))}
        return found

    def shows(self, part: Part) -> tuple[object, ...]:
        """What a part shows: everything that its bytes depend on."""
        slots = self.slots.get(part.key or ALL, Slots())
        match part.kind:
            case Kind.ITEM:
                return (self.items[int(part.key)],)
            case Kind.HOME:
                return tuple(self._row(item) for item in slots.at(range(1, slots.count + 1))[:10])
            case Kind.LIST:
                older = index_pages(slots.count).start - 1
                rows = slots.at(index_numbers(slots.count))
                return (len(slots.shown), older, *(self._row(item) for item in rows))
            case Kind.LIST_PAGE:
                newer = part.number + 1 if part.number < pages_in(slots.count) else 0
                return (newer, *(self._row(item) for item in slots.at(numbers_of(part.number))))
            case Kind.SITEMAP_SHARD:
                return tuple(slots.at(shard_numbers(part.number)))
            case _:
                return (sitemap_shards_in(slots.count),)

    def _row(self, item: int) -> tuple[int, object]:
        return item, self.items[item]

    def full(self) -> Shown:
        return {part: self.shows(part) for part in self.parts()}
