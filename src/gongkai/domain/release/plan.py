"""Which parts of the site a change of an item touches: a constant number, however much was published before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.domain.release.lists import ALL, ListKey
from gongkai.domain.release.parts import Kind, Part
from gongkai.domain.release.slots import page_of, sitemap_shard_of


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an item in a list: its number there, whether it is shown at present or has left a gap."""

    list: ListKey
    number: int


def touched(places: Iterable[Place]) -> frozenset[Part]:
    """Return the parts to render anew, besides the item's own, when an item with these places changed in any way.

    ``places`` are all the item ever had: what it left shows a gap now. The first page of each list, the page of the
    place and the one that is next to it where the place is the first of its page (its link to the newer page changes
    when that page comes up); for the list of everything also the home page and the sitemap.
    """
    found: set[Part] = set()
    for place in places:
        page = page_of(place.number)
        found.add(Part(Kind.LIST, place.list))
        found.add(Part(Kind.LIST_PAGE, place.list, page))
        if page > 1 and page != page_of(place.number - 1):
            found.add(Part(Kind.LIST_PAGE, place.list, page - 1))
        if place.list == ALL:
            found.add(Part(Kind.HOME))
            shard = sitemap_shard_of(place.number)
            found.add(Part(Kind.SITEMAP_SHARD, number=shard))
            if place.number == 1 or shard != sitemap_shard_of(place.number - 1):
                found.add(Part(Kind.SITEMAP))
    return frozenset(found)
