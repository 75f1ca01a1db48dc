"""The directory entry of a unit: what article 20, item 2 of the Regulations asks for, and whether it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from gongkai import rulebook
from gongkai.domain.issues import Basis
from gongkai.kernel.orgs.models import Unit

ENTRY_FIELDS = ("functions", "address", "office_hours", "phone", "head_name")


@dataclass(frozen=True, slots=True)
class EntryState:
    """How a directory entry stands on a day: what is missing, when it is to be checked next, on what basis."""

    missing: tuple[str, ...]
    checked_on: date | None
    check_by: date | None
    is_stale: bool
    basis: tuple[Basis, ...]


def entry_state(unit: Unit, *, today: date) -> EntryState:
    """Tell what is missing in a unit's directory entry and whether it was checked too long ago.

    The period between checks is the rule ``orgs.directory_check``; an entry that nobody checked counts as stale.
    """
    rule = rulebook.value("orgs.directory_check", on=today, layer=settings.LAYER)
    days = rule.number
    missing = tuple(str(Unit._meta.get_field(field).verbose_name) for field in ENTRY_FIELDS if not getattr(unit, field))
    checked = unit.directory_checked_on
    check_by = checked + timedelta(days=days) if checked is not None and days is not None else None
    return EntryState(
        missing=missing,
        checked_on=checked,
        check_by=check_by,
        is_stale=checked is None or (check_by is not None and check_by < today),
        basis=rule.basis,
    )
