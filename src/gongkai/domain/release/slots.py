"""Slots: an item that enters a list for the first time gets the list's next number, for good.

Page ``n`` of a list holds the slots ``(n-1)·PAGE+1 … n·PAGE``, the oldest first. A full page therefore never moves:
a new item changes the last page, and a withdrawn one leaves a gap where it was. That is what keeps the number of files
that one publication rewrites the same for a list of twenty items and of a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

PAGE = 20
"""Items on a page of a list."""
SHARD = 100
"""Items in one file of the sitemap."""
INDEX_PAGES = 2
"""How many of the newest pages the first page of a list shows together, so that it never holds only an item or two."""


def page_of(number: int) -> int:
    """Return the page (from 1) on which the slot with this number (from 1) stands."""
    return (number - 1) // PAGE + 1


def numbers_of(page: int) -> range:
    """Return the numbers of the slots of a page."""
    return range((page - 1) * PAGE + 1, page * PAGE + 1)


def pages_in(count: int) -> int:
    """Return how many pages a list has that has given out ``count`` numbers."""
    return page_of(count) if count else 0


def index_pages(count: int) -> range:
    """Return the pages that the first page of a list shows."""
    last = pages_in(count)
    return range(max(1, last - INDEX_PAGES + 1), last + 1)


def index_numbers(count: int) -> range:
    """Return the numbers of the slots that the first page of a list shows."""
    pages = index_pages(count)
    return range(numbers_of(pages.start).start, count + 1)


def sitemap_shard_of(number: int) -> int:
    """Return the file of the sitemap (from 1) that holds the item with this number in the list of everything."""
    return (number - 1) // SHARD + 1


def shard_numbers(shard: int) -> range:
    """Return the numbers of the items in a file of the sitemap."""
    return range((shard - 1) * SHARD + 1, shard * SHARD + 1)


def sitemap_shards_in(count: int) -> int:
    """Return how many files the sitemap has."""
    return sitemap_shard_of(count) if count else 0


@dataclass(slots=True)
class Slots:
    """The numbers of one list in memory: item → number, and which of the items the list shows at present."""

    numbers: dict[int, int] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many numbers were given out."""
        return len(self.numbers)

    def enter(self, item: int) -> int:
        """Show an item and return its number: the one it has, or the next one."""
        self.shown.add(item)
        return self.numbers.setdefault(item, len(self.numbers) + 1)

    def leave(self, item: int) -> None:
        """Show an item no more; its number stays its own."""
        self.shown.discard(item)

    def at(self, numbers: Iterable[int]) -> list[int]:
        """Return the items that are shown among these numbers, the newest first."""
        wanted = set(numbers)
        found = [(number, item) for item, number in self.numbers.items() if number in wanted and item in self.shown]
        return [item for _, item in sorted(found, reverse=True)]
