"""The facets as links: each value leads to the results narrowed by it, each chosen one to those without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from gongkai.portal.search.facets import LABELS, Choice, Facet
from gongkai.portal.search.selectors import Asked


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go; ``count`` is how many results are there."""

    label: str
    url: str
    count: int | None = None
    current: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetLinks:
    """A facet for the page; ``all`` leads to the results without it."""

    name: str
    label: str
    links: tuple[Link, ...]
    more: tuple[Link, ...]
    all: str
    narrowed: bool


def facet_links(facets: Iterable[Facet], asked: Asked, text: str) -> tuple[FacetLinks, ...]:
    """Return the facets with the addresses of their values."""
    return tuple(
        FacetLinks(
            name=facet.name,
            label=facet.label,
            links=tuple(_link(facet.name, choice, asked, text) for choice in facet.choices),
            more=tuple(_link(facet.name, choice, asked, text) for choice in facet.more),
            all=_address(asked, text, {facet.name: ""}),
            narrowed=facet.chosen is not None,
        )
        for facet in facets
    )


def removals(facets: Iterable[Facet], asked: Asked, text: str) -> tuple[Link, ...]:
    """Return what the results are narrowed by, each leading to the results without it."""
    names = {facet.name: facet.chosen.label for facet in facets if facet.chosen is not None}
    return tuple(
        Link(f"{LABELS[name]}：{names.get(name, asked.filters.chosen[name])}", _address(asked, text, {name: ""}))
        for name in asked.filters.active
    )


def _link(name: str, choice: Choice, asked: Asked, text: str) -> Link:
    url = _address(asked, text, {name: "" if choice.chosen else choice.code})
    return Link(choice.label, url, choice.count, choice.chosen, choice.depth)


def _address(asked: Asked, text: str, change: Mapping[str, str]) -> str:
    told = {"q": text, **asked.filters.chosen, **change, "order": "date" if asked.by_date else ""}
    return f"?{urlencode({name: value for name, value in told.items() if value})}"
