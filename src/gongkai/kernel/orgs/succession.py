"""What became of a unit since a day, in words for whoever reads something that it issued."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from gongkai.kernel.orgs.models import Unit, UnitLineage, UnitName

MOST_STEPS = 12
"""A chain of changes is followed no further; it also ends a circle, should the data ever hold one."""


@dataclass(frozen=True, slots=True)
class Succession:
    """One change: on which day, and in words what the unit became (更名为…, 并入…, 拆分为…, 撤销)."""

    on: date
    words: str


def unit_successions(*, unit_id: int, since: date, on: date) -> list[Succession]:
    """Return what became of a unit after the day ``since`` and up to ``on``, successor after successor, oldest first.

    Public: names and changes of units are no secret. A unit that was split is followed no further.
    """
    found: list[Succession] = []
    current, after = unit_id, since
    while len(found) < MOST_STEPS:
        changes = UnitLineage.objects.select_related("source", "target").filter(
            source_id=current, on__gt=after, on__lte=on
        )
        day, steps = next(
            ((d, list(g)) for d, g in groupby(changes.order_by("on", "id"), key=lambda c: c.on)), (on, [])
        )
        if not steps:
            return found
        ending = next((step for step in steps if step.kind != UnitLineage.Kind.RENAMED), steps[-1])
        found.append(Succession(day, _words(ending, [step for step in steps if step.kind == ending.kind], day)))
        if ending.kind not in {UnitLineage.Kind.RENAMED, UnitLineage.Kind.MERGED} or ending.target_id is None:
            return found
        current, after = ending.target_id, day
    return found


def units_succeeded(*, unit_ids: Collection[int], on: date) -> set[int]:
    """Return those of the units of which anything became something else up to a day (one query)."""
    found = UnitLineage.objects.filter(source_id__in=list(unit_ids), on__lte=on)
    return set(found.values_list("source_id", flat=True))


def successions_between(*, after: date, until: date) -> bool:
    """Tell whether anything became of any unit after one day and up to another."""
    return UnitLineage.objects.filter(on__gt=after, on__lte=until).exists()


def _words(change: UnitLineage, alike: list[UnitLineage], day: date) -> str:
    targets = "、".join(_name(step.target, day) for step in alike if step.target is not None)
    match change.kind:
        case UnitLineage.Kind.RENAMED:
            return f"更名为{targets}"
        case UnitLineage.Kind.MERGED:
            return f"并入{targets}"
        case UnitLineage.Kind.SPLIT:
            still = change.source.dissolved_on is None or change.source.dissolved_on > day
            return f"分设{targets}" if still else f"拆分为{targets}"
        case _:
            return "撤销"


def _name(unit: Unit, day: date) -> str:
    """The unit's name on that day, whatever it was called later."""
    begun, lasting = Q(from_on__isnull=True) | Q(from_on__lte=day), Q(until_on__isnull=True) | Q(until_on__gte=day)
    named = UnitName.objects.filter(begun, lasting, unit=unit).order_by("-from_on", "-id").first()
    return named.name if named is not None else unit.name
