"""Who may do what with items, as rows of the permission matrix.

A unit's people write, its disclosure office decides the attribute and publishes, the disclosure authority (主管部门)
oversees all units. An access-limited item is a matter of the few: its authors, its readers by name, the disclosure
office of its unit and the people its review asks; no rank and no administrator's right opens it.
"""

from __future__ import annotations

from gongkai.features.disclosure.asked import asks
from gongkai.features.disclosure.models import Item, ItemReader, Revision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.selectors import unit_ancestor_ids

AREA = "信息公开"
_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
_WRITERS = (Role.DRAFTER, *_OFFICE)


def _where(where: Where, *roles: Role) -> dict[Role, Where]:
    return dict.fromkeys(roles, where)


register(
    "disclosure.item.see_all",
    "查看所有单位的公开信息（限制知悉的除外）",
    area=AREA,
    roles={**_where(Where.TOP, *_OFFICE), **_where(Where.ANY, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR)},
)
register(
    "disclosure.item.see_below",
    "查看本单位及下级单位的公开信息（限制知悉的除外）",
    area=AREA,
    roles=_where(Where.ABOVE, *_OFFICE, Role.UNIT_LEADER),
)
register(
    "disclosure.item.see",
    "查看本单位的公开信息（限制知悉的除外）",
    area=AREA,
    roles={role: Where.SAME for role in Role if role is not Role.SYSTEM_ADMINISTRATOR},
)
register(
    "disclosure.item.see_limited",
    "查看本单位限制知悉的公开信息",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.item.create",
    "新建本单位的公开信息",
    area=AREA,
    roles=_where(Where.SAME, *_WRITERS),
)
register(
    "disclosure.item.edit",
    "修改、送审和撤回本单位的公开信息",
    area=AREA,
    roles=_where(Where.SAME, *_WRITERS),
)
register(
    "disclosure.item.decide_attribute",
    "确定本单位信息的公开属性",
    area=AREA,
    roles=_where(Where.SAME, *_WRITERS),
)
register(
    "disclosure.item.publish",
    "发布、定时发布和撤下本单位的信息",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.item.publish_any",
    "发布和撤下所有单位的信息（限制知悉的除外）",
    area=AREA,
    roles=_where(Where.TOP, *_OFFICE),
)
register(
    "disclosure.item.limit",
    "限制或解除限制信息的知悉范围，指定知悉人员",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.item.archive",
    "归档、重新启用和作废本单位的信息",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.item.move",
    "把信息移交给接续职责的单位",
    area=AREA,
    roles=_where(Where.TOP, *_OFFICE),
)
register(
    "disclosure.item.review",
    "复核本单位信息的有效性",
    area=AREA,
    roles=_where(Where.SAME, *_WRITERS),
)
register(
    "disclosure.item.reassess",
    "定期评估本单位不予公开和依申请公开的信息",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.risk.judge",
    "查看和处理汇聚风险",
    area=AREA,
    roles={**_where(Where.TOP, *_OFFICE), Role.CONFIDENTIALITY_REVIEWER: Where.TOP},
)
register(
    "disclosure.banner.raise",
    "发布和撤下应急横幅",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.column.manage",
    "维护公开目录的栏目",
    area=AREA,
    roles={**_where(Where.TOP, *_OFFICE), Role.SYSTEM_ADMINISTRATOR: Where.ANY},
)
register(
    "disclosure.index.manage",
    "设定本单位索引号的编制规则",
    area=AREA,
    roles=_where(Where.SAME, *_OFFICE),
)
register(
    "disclosure.index.manage_all",
    "设定所有单位索引号的编制规则",
    area=AREA,
    roles={**_where(Where.TOP, *_OFFICE), Role.SYSTEM_ADMINISTRATOR: Where.ANY},
)


def can_see_all(actor: Actor) -> bool:
    """Tell whether the actor sees the items of every unit, the access-limited ones left aside."""
    return allows(actor, "disclosure.item.see_all")


def can_see_item(actor: Actor, item: Item) -> bool:
    """Tell whether the actor sees the item with its drafts; what is published everybody reads elsewhere."""
    if actor.is_system:
        return True
    if not actor.is_authenticated:
        return False
    if is_insider(actor, item):
        return True
    if not item.access_limited and _sees_unit(actor, item.unit_id):
        return True
    return asks(actor, item)


def is_insider(actor: Actor, item: Item) -> bool:
    """Tell whether the item is the actor's own matter: author, reader by name, or disclosure office of its unit."""
    if actor.is_system or allows(actor, "disclosure.item.see_limited", unit_ids=(item.unit_id,)):
        return True
    if actor.user_id is None:
        return False
    if item.created_by_id == actor.user_id and _in_house(actor, item.unit_id):
        return True
    if ItemReader.objects.filter(item_id=item.pk, user_id=actor.user_id).exists():
        return True
    wrote = Revision.objects.filter(item_id=item.pk, created_by_id=actor.user_id).exists()
    return wrote and _in_house(actor, item.unit_id)


def _in_house(actor: Actor, unit_id: int) -> bool:
    """An author who has left the unit sees its drafts no longer."""
    return unit_id in actor.unit_ids


def _sees_unit(actor: Actor, unit_id: int) -> bool:
    if can_see_all(actor) or allows(actor, "disclosure.item.see", unit_ids=(unit_id,)):
        return True
    if not any(role in (*_OFFICE, Role.UNIT_LEADER) for role in actor.roles):
        return False
    return allows(actor, "disclosure.item.see_below", unit_ids=(unit_id, *unit_ancestor_ids(unit_id=unit_id)))


def _in_unit(actor: Actor, code: str, item: Item) -> bool:
    """The ability in the item's unit, for an item that the actor may see."""
    if not allows(actor, code, unit_ids=(item.unit_id,)):
        return False
    return not item.access_limited or can_see_item(actor, item)


def can_create_item(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may make items of the unit."""
    return allows(actor, "disclosure.item.create", unit_ids=(unit_id,))


def can_create_items(actor: Actor) -> bool:
    """Tell whether the actor may make items of any unit."""
    return actor.is_system or any(can_create_item(actor, unit_id) for unit_id in actor.unit_ids)


def can_edit_item(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may change the item's content; whether its state allows that is asked of the table."""
    return _in_unit(actor, "disclosure.item.edit", item)


def can_decide_attribute(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may decide whether and how the item is disclosed."""
    return _in_unit(actor, "disclosure.item.decide_attribute", item)


def can_circulate(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may send the item into review and take it back."""
    return _in_unit(actor, "disclosure.item.edit", item)


def can_publish(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may publish or schedule the item once it is approved."""
    if _in_unit(actor, "disclosure.item.publish", item):
        return True
    return not item.access_limited and allows(actor, "disclosure.item.publish_any")


def can_withdraw(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may take down what is published."""
    return can_publish(actor, item) or allows(actor, "disclosure.item.publish_any")


def can_limit_item(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may limit who knows of the item: its unit's office, and whoever made it while it is a draft."""
    own = item.created_by_id is not None and item.created_by_id == actor.user_id
    return _in_unit(actor, "disclosure.item.limit", item) or (own and can_edit_item(actor, item))


def can_discard(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may discard a draft: whoever made it and the unit's office."""
    own = item.created_by_id is not None and item.created_by_id == actor.user_id
    return _in_unit(actor, "disclosure.item.archive", item) or (own and can_edit_item(actor, item))


def can_archive(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may archive the item and take it out of the archive again."""
    return _in_unit(actor, "disclosure.item.archive", item)


def can_move_items(actor: Actor) -> bool:
    """Tell whether the actor may give a unit's items to the unit that took over from it."""
    return allows(actor, "disclosure.item.move")


def can_review_validity(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may state that a published item still holds."""
    return _in_unit(actor, "disclosure.item.review", item)


def can_reassess(actor: Actor, item: Item) -> bool:
    """Tell whether the actor may reassess why the item is not disclosed proactively (条例 art. 18)."""
    return _in_unit(actor, "disclosure.item.reassess", item)


def can_judge_risk(actor: Actor) -> bool:
    """Tell whether the actor may look into what several items tell together."""
    return allows(actor, "disclosure.risk.judge")


def can_raise_banner(actor: Actor, unit_id: int | None = None) -> bool:
    """Tell whether the actor may raise the emergency banner of the unit, or (None) of any unit."""
    units = actor.unit_ids if unit_id is None else (unit_id,)
    return actor.is_system or any(allows(actor, "disclosure.banner.raise", unit_ids=(one,)) for one in units)


def can_manage_columns(actor: Actor) -> bool:
    """Tell whether the actor may change the columns of the directory."""
    return allows(actor, "disclosure.column.manage")


def can_set_index_scheme(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may say how the unit's index numbers are written."""
    return allows(actor, "disclosure.index.manage_all") or allows(actor, "disclosure.index.manage", unit_ids=(unit_id,))


def can_manage_bundle(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may put together and publish bundles of the unit."""
    return allows(actor, "disclosure.item.publish", unit_ids=(unit_id,)) or allows(actor, "disclosure.item.publish_any")


def can_see_bundle(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor sees the unit's bundles: whoever sees its items by role; members are hidden one by one."""
    return actor.is_system or _sees_unit(actor, unit_id)
