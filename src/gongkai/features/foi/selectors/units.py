"""Which units can be asked (art. 27): governments, departments, management committees, towns and streets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from gongkai.domain.issues import Issue
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.models import Unit

ASKED = (
    UnitKind.GOVERNMENT,
    UnitKind.DEPARTMENT,
    UnitKind.MANAGEMENT_COMMITTEE,
    UnitKind.TOWN,
    UnitKind.STREET,
)


def receiving_units(*, on: date) -> list[Unit]:
    """Return the units that take applications on a day, in directory order."""
    rows = Unit.objects.existing(on).filter(kind__in=[kind.value for kind in ASKED])
    return list(rows.order_by("position", "sort_key", "id"))


def units_named(*, unit_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return ids and names of units, in directory order."""
    rows = Unit.objects.filter(pk__in=unit_ids).order_by("position", "sort_key", "id")
    return [(unit.pk, unit.name) for unit in rows]


def receiving_unit(*, unit_id: int, on: date) -> Unit:
    """Return the unit that is asked; raises Refused when it takes no applications on the day."""
    found = Unit.objects.existing(on).filter(pk=unit_id, kind__in=[kind.value for kind in ASKED]).first()
    if found is None:
        raise Refused(Issue("foi.intake.unit", "unit"))
    return found
