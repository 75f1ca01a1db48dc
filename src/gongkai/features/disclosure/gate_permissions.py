"""Who may run the gate, ask to let a problem pass, and agree to it. Agreeing takes a second person; the service sees to it."""

from __future__ import annotations

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

_DECIDERS = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD, Role.UNIT_LEADER)
register(
    "disclosure.gate.agree",
    "对发布检查查出的问题同意或不同意放行（与提出人不同）",
    area=permissions.AREA,
    roles=dict.fromkeys(_DECIDERS, Where.SAME),
)
register(
    "disclosure.gate.agree_any",
    "对所有单位发布检查查出的问题同意或不同意放行（限制知悉的除外）",
    area=permissions.AREA,
    roles=dict.fromkeys((Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD), Where.TOP),
)


def can_run_gate(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may run the gate over the item: whoever may see it."""
    return permissions.can_see_item(actor, item)


def can_ask_override(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may ask to let a problem pass: whoever edits the item or publishes it; never a job."""
    if actor.user_id is None:
        return False
    return permissions.can_edit_item(actor, item) or permissions.can_publish(actor, item)


def can_answer_override(actor: Actor, item: Item, *, asked_by_id: int) -> bool:
    """Tell whether the actor may agree or refuse: by role, and never who asked."""
    if actor.user_id is None or actor.user_id == asked_by_id:
        return False
    return can_decide_overrides(actor, item)


def can_decide_overrides(actor: Actor, item: Item) -> bool:
    """Tell whether the actor's roles let him decide on overrides of the item."""
    if not permissions.can_see_item(actor, item):
        return False
    if allows(actor, "disclosure.gate.agree", unit_ids=(item.unit_id,)):
        return True
    return not item.access_limited and allows(actor, "disclosure.gate.agree_any")
