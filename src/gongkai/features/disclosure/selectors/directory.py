"""The columns of the disclosure directory as everybody sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.features.disclosure.models import DirectoryColumn


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column with those below it. ``statutory`` is the class of the 条例 it serves.

    ``unit_name`` answers for it; ``update_days`` is the longest time between two items that it promises, None without.
    """

    code: str
    name: str
    statutory: str
    description: str
    children: tuple[ColumnView, ...] = ()
    unit_id: int | None = None
    unit_name: str = ""
    update_days: int | None = None


def column_get(*, code: str) -> ColumnView | None:
    """Return one column that is not closed, without its children; None for an unknown code."""
    column = (
        DirectoryColumn.objects.select_related("unit")
        .filter(code=code[:40].replace("\x00", ""), closed_on__isnull=True)
        .first()
    )
    return _view(column, ()) if column is not None else None


def column_tree() -> tuple[ColumnView, ...]:
    """Return the columns that are not closed, by order, each with its children (one query)."""
    below: dict[int | None, list[DirectoryColumn]] = {}
    for column in (
        DirectoryColumn.objects.select_related("unit").filter(closed_on__isnull=True).order_by("order", "code")
    ):
        below.setdefault(column.parent_id, []).append(column)

    def views(parent_id: int | None) -> tuple[ColumnView, ...]:
        return tuple(_view(column, views(column.pk)) for column in below.get(parent_id, ()))

    return views(None)


def walk(columns: Iterable[ColumnView]) -> Iterator[ColumnView]:
    """Yield columns of the tree, each followed by all below it."""
    for column in columns:
        yield column
        yield from walk(column.children)


def column_views(*, codes: Iterable[str]) -> list[ColumnView]:
    """Return the columns with these codes that are not closed, by order, without their children."""
    found = (
        DirectoryColumn.objects.select_related("unit")
        .filter(code__in=list(codes), closed_on__isnull=True)
        .order_by("order", "code")
    )
    return [_view(column, ()) for column in found]


def _view(column: DirectoryColumn, children: tuple[ColumnView, ...]) -> ColumnView:
    unit = column.unit
    return ColumnView(
        code=column.code,
        name=column.name,
        statutory=column.statutory,
        description=column.description,
        children=children,
        unit_id=column.unit_id,
        unit_name=unit.display_name if unit is not None else "",
        update_days=column.update_days,
    )
