"""Which route holds for a text: the most specific assignment wins, and a unit's also holds for the units below it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gongkai.domain.approval.model import Purpose


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which route holds for a unit, a column and a kind; None and empty texts mean any."""

    route: str
    unit_id: int | None = None
    column: str = ""
    kind: str = ""
    purpose: Purpose = Purpose.ORDINARY
    ref: int | None = None


def choose(
    assignments: Sequence[Assignment],
    *,
    units: Sequence[int],
    columns: Collection[str],
    kind: str,
    purpose: Purpose = Purpose.ORDINARY,
    steps: Mapping[str, int] | None = None,
) -> Assignment | None:
    """Return the assignment that holds, or None.

    ``units`` is the text's unit followed by the units above it, nearest first. The more of unit, column and kind an
    assignment names, the more specific it is; among equals the one that names a unit, and the nearer unit, comes first,
    then the one that names a column. Where a text stands in two columns with rules of their own, the longer route
    holds (``steps`` counts the steps of each route): the stricter of two is never lost.
    """
    found = [
        one
        for one in assignments
        if one.purpose is purpose
        and (one.unit_id is None or one.unit_id in units)
        and (not one.column or one.column in columns)
        and (not one.kind or one.kind == kind)
    ]

    def specific(one: Assignment) -> tuple[int, bool, int, bool, bool, int, str]:
        named = (one.unit_id is not None) + bool(one.column) + bool(one.kind)
        near = -units.index(one.unit_id) if one.unit_id is not None else 0
        length = (steps or {}).get(one.route, 0)
        return named, one.unit_id is not None, near, bool(one.column), bool(one.kind), length, one.route

    return max(found, key=specific, default=None)
