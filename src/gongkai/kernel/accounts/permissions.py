"""Who may see and manage people and posts."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import REVIEWING, Role

AREA = "人员"
register(
    "accounts.list",
    "查看人员和岗位",
    area=AREA,
    roles={
        Role.SYSTEM_ADMINISTRATOR: Where.ANY,
        Role.DISCLOSURE_OFFICE: Where.ANY,
        Role.DISCLOSURE_OFFICE_HEAD: Where.ANY,
        Role.SUPERVISOR: Where.ANY,
        Role.UNIT_LEADER: Where.ANY,
    },
)
register(
    "accounts.manage",
    "新增、修改、停用人员，重置密码，授予和终止岗位",
    area=AREA,
    roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY},
)
register("accounts.own_password", "修改自己的密码", area=AREA, everyone=True)


def can_list_users(actor: Actor) -> bool:
    """Tell whether the actor may see people and their posts."""
    return allows(actor, "accounts.list")


def can_manage_users(actor: Actor) -> bool:
    """Tell whether the actor may add, change and deactivate people, reset passwords, and grant and end posts."""
    return allows(actor, "accounts.manage")


def can_grant(actor: Actor, *, user_id: int, role: Role) -> bool:
    """Tell whether the actor may give the role to the person: nobody gives a reviewing role to himself."""
    return can_manage_users(actor) and not (actor.user_id == user_id and role in REVIEWING)


def can_enter_back_office(actor: Actor) -> bool:
    """Tell whether the actor has any business in the back office today."""
    return actor.is_system or actor.is_superuser or bool(actor.grants)
