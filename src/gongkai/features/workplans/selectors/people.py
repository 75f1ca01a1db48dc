"""Who has to be told about an item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gongkai.features.workplans.permissions import Standing
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.orgs.selectors import authority_unit_ids

OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD})
WORKERS = OFFICE | {Role.DRAFTER}
CHECKERS = OFFICE | {Role.UNIT_LEADER}
LEADERS = frozenset({Role.UNIT_LEADER})
SUPERVISORS = frozenset({Role.SUPERVISOR})


def people_of(*, unit_ids: Iterable[int], roles: frozenset[Role], today: date) -> frozenset[int]:
    """Return the ids of the active people who hold one of the roles in one of the units on the day."""
    found = users_of_units(unit_ids=sorted(unit_ids), today=today, roles=roles)
    return frozenset(user.pk for users in found.values() for user in users)


def workers_of(standing: Standing, *, today: date) -> frozenset[int]:
    """Return the people who do the work on an item."""
    return people_of(unit_ids=standing.doers, roles=WORKERS, today=today)


def leaders_of(standing: Standing, *, today: date) -> frozenset[int]:
    """Return the leaders of the units that do the work."""
    return people_of(unit_ids=standing.doers, roles=LEADERS, today=today)


def checkers_of(standing: Standing, *, today: date) -> frozenset[int]:
    """Return the people who check what is handed in: the lead units', or the owner's where no unit leads."""
    units = standing.lead | standing.lead_above
    if units:
        return people_of(unit_ids=units, roles=CHECKERS, today=today)
    return office_of(standing, today=today)


def office_of(standing: Standing, *, today: date) -> frozenset[int]:
    """Return the disclosure office of the plan's owner, and that of the disclosure authority."""
    units = {standing.owner_id, *authority_unit_ids(on=today)}
    return people_of(unit_ids=units, roles=OFFICE, today=today)


def supervisors_of(standing: Standing, *, today: date) -> frozenset[int]:
    """Return the supervisors of the plan's owner and of the disclosure authority."""
    units = {standing.owner_id, *authority_unit_ids(on=today)}
    return people_of(unit_ids=units, roles=SUPERVISORS, today=today)
