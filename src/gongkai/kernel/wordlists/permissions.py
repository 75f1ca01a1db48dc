"""Who keeps the lists: the disclosure authority those of all units and the leaders, a unit's disclosure office its own."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "词库"
register("wordlists.view", "查看错敏词、放行词和领导名录", area=AREA, everyone=True)
register(
    "wordlists.keep_all",
    "维护全部单位通用的词库和领导名录",
    area=AREA,
    roles={Role.DISCLOSURE_OFFICE: Where.TOP, Role.DISCLOSURE_OFFICE_HEAD: Where.TOP},
)
register(
    "wordlists.keep_unit",
    "维护本单位的错敏词和放行词",
    area=AREA,
    roles={Role.DISCLOSURE_OFFICE: Where.SAME, Role.DISCLOSURE_OFFICE_HEAD: Where.SAME},
)


def can_view_words(actor: Actor) -> bool:
    """Tell whether the actor may look at the lists."""
    return allows(actor, "wordlists.view")


def can_keep_words(actor: Actor, unit_id: int | None) -> bool:
    """Tell whether the actor may add and end words of the unit, of all units where it is None."""
    if allows(actor, "wordlists.keep_all"):
        return True
    return unit_id is not None and allows(actor, "wordlists.keep_unit", unit_ids=(unit_id,))


def can_keep_leaders(actor: Actor) -> bool:
    """Tell whether the actor may change the table of leaders."""
    return allows(actor, "wordlists.keep_all")


def units_kept(actor: Actor) -> frozenset[int]:
    """Return the units whose own words the actor keeps by a post there."""
    return actor.units_with(Role.DISCLOSURE_OFFICE) | actor.units_with(Role.DISCLOSURE_OFFICE_HEAD)


def keeps_any(actor: Actor) -> bool:
    """Tell whether the actor keeps any list."""
    return can_keep_leaders(actor) or bool(units_kept(actor))
