"""Who reads and closes what readers say: those who write for the unit, and its disclosure office and those above."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.selectors import unit_ancestor_ids, unit_descendant_ids

WHERE = {Role.DRAFTER: Where.SAME, Role.DISCLOSURE_OFFICE: Where.ABOVE, Role.DISCLOSURE_OFFICE_HEAD: Where.ABOVE}
AREA = "公开网站"
EVERYWHERE = {Role.DISCLOSURE_OFFICE: Where.TOP, Role.DISCLOSURE_OFFICE_HEAD: Where.TOP}
register("feedback.handle", "查看和办结页面评价", area=AREA, roles=WHERE)
register("feedback.handle_all", "查看和办结各单位的页面评价", area=AREA, roles=EVERYWHERE)


def can_handle_feedback(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may read and close what was said of the unit's pages."""
    units = (unit_id, *unit_ancestor_ids(unit_id=unit_id))
    return can_handle_all_feedback(actor) or allows(actor, "feedback.handle", unit_ids=units)


def can_handle_all_feedback(actor: Actor) -> bool:
    """Tell whether the actor may read and close what was said of the pages of every unit."""
    return allows(actor, "feedback.handle_all")


def can_handle_any_feedback(actor: Actor) -> bool:
    """Tell whether there is any unit of which the actor may read what was said."""
    return can_handle_all_feedback(actor) or any(actor.units_with(role) for role in WHERE)


def handled_units(actor: Actor) -> frozenset[int]:
    """Return the units of which ``feedback.handle`` holds, for an actor who is a person."""
    found: set[int] = set()
    for role, where in WHERE.items():
        for unit_id in actor.units_with(role):
            found |= unit_descendant_ids(unit_id=unit_id) if where is Where.ABOVE else {unit_id}
    return frozenset(found)
