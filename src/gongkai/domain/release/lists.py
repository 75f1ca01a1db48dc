"""The lists of the public site: everything, every column of the directory with those above it, every unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ListKey = str
"""``all``, ``column:<code>`` or ``unit:<id>``."""

ALL: ListKey = "all"
_COLUMN, _UNIT = "column:", "unit:"
MOST_DEEP = 20
"""A column is followed upward no further; it also ends a circle, should the data ever hold one."""


def column_list(code: str) -> ListKey:
    """Return the key of a column's list."""
    return f"{_COLUMN}{code}"


def unit_list(unit_id: int) -> ListKey:
    """Return the key of a unit's list."""
    return f"{_UNIT}{unit_id}"


def column_of(key: ListKey) -> str:
    """Return the code of the column whose list this is, empty for any other list."""
    return key.removeprefix(_COLUMN) if key.startswith(_COLUMN) else ""


def unit_of(key: ListKey) -> int | None:
    """Return the id of the unit whose list this is, None for any other list."""
    return int(key.removeprefix(_UNIT)) if key.startswith(_UNIT) else None


def lists_of(*, columns: Iterable[str], unit_id: int, parents: Mapping[str, str | None]) -> frozenset[ListKey]:
    """Return the lists in which an item stands: all, its unit, its columns and every column above them.

    ``parents`` is the directory as code → code of the column above (None at the top); a column that is not in it is
    left out, as it has no page.
    """
    found = {ALL, unit_list(unit_id)}
    for column in columns:
        code: str | None = column
        for _ in range(MOST_DEEP):
            if code is None or code not in parents:
                break
            found.add(column_list(code))
            code = parents[code]
    return frozenset(found)
