"""Who may hand documents in, look at what was handed in, and import many at once."""

from __future__ import annotations

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import ImportBatch, Intake
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role

OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)


def can_take_in(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may hand documents in for the unit: whoever may make its items."""
    return permissions.can_create_item(actor, unit_id)


def can_use_intake(actor: Actor, handed_in: Intake | ImportBatch) -> bool:
    """Tell whether the actor may look at it and work on it: who handed it in and still is there, and the unit's office.

    A document that was just handed in may be one that few may know of; so nobody else sees it, whatever the rank.
    """
    if actor.is_system:
        return True
    if not can_take_in(actor, handed_in.unit_id):
        return False
    own = handed_in.created_by_id is not None and handed_in.created_by_id == actor.user_id
    return own or handed_in.unit_id in office_unit_ids(actor)


def office_unit_ids(actor: Actor) -> frozenset[int]:
    """Return the units whose disclosure office the actor belongs to."""
    return frozenset(unit_id for role, unit_id in actor.grants if role in OFFICE)


def can_import_folder(actor: Actor) -> bool:
    """Tell whether the actor may read folders of the server: the command line only."""
    return actor.is_system or actor.is_superuser
