"""The organization tree as rows with depth, for lists, menus and pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.domain.organizations.kinds import UnitKind
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.models import Unit

# Lower governments come after a government's own units.
_KINDS = [kind.value for kind in UnitKind if kind is not UnitKind.GOVERNMENT] + [UnitKind.GOVERNMENT.value]


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One unit with its depth (0 at the top) and how many units stand directly under it on the day."""

    unit: Unit
    depth: int
    children: int

    @property
    def indent(self) -> str:
        """Return one full-width space a level, so that the tree shows in plain text too."""
        return "　" * self.depth


def unit_display_names(*, unit_ids: Iterable[int]) -> dict[int, str]:
    """Return the names by which units are called today, by id; names are public."""
    return {unit.pk: unit.display_name for unit in Unit.objects.filter(pk__in=list(unit_ids))}


def unit_tree(*, actor: Actor, on: date) -> list[TreeRow]:
    """Return all units that exist on the day, superiors before what stands under them (one query).

    A unit whose superior no longer exists stands at the top.
    """
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位")
    return _rows(on)


def directory_tree(*, on: date) -> list[TreeRow]:
    """Return the tree for the public directory: without internal offices, which do not act in their own name."""
    return [row for row in _rows(on) if row.unit.kind != "internal_office"]


def _place_among_sisters(unit: Unit) -> tuple[int, bool, int, str, int]:
    """Return what puts units under one superior in order: as set by hand, the authority first, kind, pinyin."""
    return unit.position, not unit.is_disclosure_authority, _KINDS.index(unit.kind), unit.sort_key, unit.pk


def _rows(on: date) -> list[TreeRow]:
    units = sorted(Unit.objects.existing(on).select_related("parent"), key=_place_among_sisters)
    known = {unit.pk for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    rows: list[TreeRow] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        children = below.get(unit.pk, [])
        rows.append(TreeRow(unit, depth, len(children)))
        waiting += [(child, depth + 1) for child in reversed(children)]
    return rows


def unit_options(*, on: date) -> list[tuple[int, str]]:
    """Return (id, name indented by depth) of every unit of the day, for a choice in a form."""
    return [(row.unit.pk, row.indent + row.unit.name) for row in _rows(on)]


def directory_unit(*, unit_id: int, on: date) -> Unit | None:
    """Return a unit for its public page; None for one that does not exist on the day or is an internal office."""
    units = Unit.objects.existing(on).select_related("parent").exclude(kind="internal_office")
    return units.filter(pk=unit_id).first()
