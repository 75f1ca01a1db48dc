"""The divisions (内设机构) of a unit: internal offices under it in the organization tree, and the people who have a post there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gongkai.domain.organizations.kinds import UnitKind
from gongkai.features.foi import permissions
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Division:
    """A division of a unit with its people and how many retrievals it has open, late ones among them."""

    id: int
    unit_id: int
    unit: str
    name: str
    people: tuple[str, ...]
    open: int = 0
    late: int = 0


def divisions_of(*, unit_ids: Collection[int], on: date) -> list[Unit]:
    """Return the divisions of some units that exist on a day, in the order of the tree."""
    rows = Unit.objects.existing(on).filter(parent_id__in=list(unit_ids), kind=UnitKind.INTERNAL_OFFICE.value)
    return list(rows.select_related("parent").order_by("parent_id", "position", "sort_key", "id"))


def division_people(*, division_ids: Collection[int], today: date) -> dict[int, list[User]]:
    """Return who answers for each division on a day."""
    return users_of_units(unit_ids=list(division_ids), today=today, roles=permissions.DIVISION_ROLES)
