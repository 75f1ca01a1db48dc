"""Who may see and keep the organization tree: everybody signed in reads, the disclosure authority and administrators edit."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "机构"
_KEEPERS = {
    Role.SYSTEM_ADMINISTRATOR: Where.ANY,
    Role.DISCLOSURE_OFFICE: Where.TOP,
    Role.DISCLOSURE_OFFICE_HEAD: Where.TOP,
}
register("orgs.view_directory", "查看机构名录（公开页面）", area=AREA, visitors=True)
register("orgs.view", "查看单位、名称沿革和分组", area=AREA, everyone=True)
register("orgs.edit", "新增、修改、更名、合并、拆分、撤销单位，导入名录，维护分组", area=AREA, roles=_KEEPERS)
register(
    "orgs.check_entry",
    "核对并修改本单位的机构职能信息",
    area=AREA,
    roles={**_KEEPERS, Role.DISCLOSURE_OFFICE: Where.SAME, Role.DISCLOSURE_OFFICE_HEAD: Where.SAME},
)
register(
    "orgs.link_group",
    "按文件中的说法建立分组",
    area=AREA,
    roles={
        Role.SYSTEM_ADMINISTRATOR: Where.ANY,
        Role.DISCLOSURE_OFFICE: Where.ANY,
        Role.DISCLOSURE_OFFICE_HEAD: Where.ANY,
    },
)


def can_view_units(actor: Actor) -> bool:
    """Tell whether the actor may look at the organization tree in the back office."""
    return allows(actor, "orgs.view")


def can_edit_units(actor: Actor) -> bool:
    """Tell whether the actor may change the organization tree."""
    return allows(actor, "orgs.edit")


def can_check_entry(actor: Actor, *, unit_id: int) -> bool:
    """Tell whether the actor may correct the directory entry of the unit."""
    return can_edit_units(actor) or allows(actor, "orgs.check_entry", unit_ids=(unit_id,))


def can_link_group(actor: Actor) -> bool:
    """Tell whether the actor may put a group on file that a document names."""
    return can_edit_units(actor) or allows(actor, "orgs.link_group")
