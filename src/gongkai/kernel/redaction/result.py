"""What redaction takes in and gives back, for every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.domain.redaction.marks import Mark, Removed, Report

MOST_PAGES = 300
"""Pages of one file; a technical bound: each may be drawn and read several times."""


@dataclass(frozen=True, slots=True)
class Order:
    """One file with its marks.

    ``grounds`` holds the citation of every ground by its key. ``seen_pages`` are pages without readable text of which
    a person says that he looked at them. ``keep_pictures`` is for DOCX: whether its pictures stay.
    """

    data: bytes
    name: str
    marks: tuple[Mark, ...]
    grounds: Mapping[str, str]
    seen_pages: frozenset[int] = frozenset()
    keep_pictures: bool = True
    recognize: bool = True


@dataclass(frozen=True, slots=True)
class Redacted:
    """The file that may be given out, and what was done."""

    data: bytes = field(repr=False)
    report: Report = field(default_factory=lambda: Report((), ()))


def by_mark(order: Order, number: int, *, where: str, what: str = "redaction.removed.text", count: int = 1) -> Removed:
    """Return the entry of the report for what a mark removed somewhere."""
    mark = order.marks[number]
    return Removed(what, where, count, number, mark.ground, order.grounds[mark.ground], mark.reason)


def gathered(removed: Sequence[Removed]) -> tuple[Removed, ...]:
    """Join entries that differ in their count only, in the order in which they first came."""
    counts: dict[Removed, int] = {}
    for one in removed:
        key = Removed(one.what, one.where, 1, one.mark, one.ground, one.citation, one.reason)
        counts[key] = counts.get(key, 0) + one.count
    return tuple(
        Removed(one.what, one.where, count, one.mark, one.ground, one.citation, one.reason)
        for one, count in counts.items()
    )
