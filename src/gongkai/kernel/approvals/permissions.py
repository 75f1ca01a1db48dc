"""Who may do what around approvals. Signing itself is never a matter of an ability alone: the step's post decides.

The system administrator manages routes and can sign nothing; a superuser counts as one and as nothing else; a job never
signs.
"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role
from gongkai.rulebook.approvals import SIGNING_ROLES

AREA = "审批"
_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
_SIGNING = tuple(role for role in Role if role.value in SIGNING_ROLES)

register("approvals.route.view", "查看审批路线", area=AREA, everyone=True)
register(
    "approvals.route.manage",
    "修改审批路线，设定各单位和栏目适用的路线",
    area=AREA,
    roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY, **dict.fromkeys(_OFFICE, Where.TOP)},
)
register(
    "approvals.sign",
    "办理审批中轮到本岗位的步骤",
    area=AREA,
    roles=dict.fromkeys(_SIGNING, Where.SAME),
)
register(
    "approvals.delegate",
    "把自己岗位的签批委托给本单位其他人",
    area=AREA,
    roles=dict.fromkeys(_SIGNING, Where.SAME),
)
register(
    "approvals.delegation.revoke_all",
    "收回本单位任何人的签批委托",
    area=AREA,
    roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY, **dict.fromkeys(_OFFICE, Where.ABOVE)},
)
register(
    "approvals.link.issue",
    "向单位以外的签署人发出和收回一次性链接",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.SAME),
)
register(
    "approvals.cancel",
    "撤销本单位和下级单位的审批",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.ABOVE),
)
register(
    "approvals.after_review.manage",
    "查看所有应急发布，撤销补审",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.TOP),
)


def can_view_routes(actor: Actor) -> bool:
    """Tell whether the actor may read the routes."""
    return allows(actor, "approvals.route.view")


def can_manage_routes(actor: Actor) -> bool:
    """Tell whether the actor may write routes and say where they hold."""
    return allows(actor, "approvals.route.manage")


def can_open(actor: Actor) -> bool:
    """Tell whether the actor may open a round; whether for this text is the feature's question."""
    return actor.is_system or bool(actor.grants)


def can_sign_at_all(actor: Actor) -> bool:
    """Tell whether the actor is a person at all: jobs and visitors sign nothing."""
    return actor.user_id is not None and not actor.is_system


def can_cancel(actor: Actor, *, opened_by: int | None, authors: Sequence[int], unit_ids: Sequence[int]) -> bool:
    """Tell whether the actor may cancel a round: who opened or wrote it, and the disclosure office (``unit_ids``: the
    text's unit, then those above it)."""
    mine = actor.user_id is not None and (actor.user_id == opened_by or actor.user_id in authors)
    return mine or allows(actor, "approvals.cancel", unit_ids=unit_ids)


def can_manage_after_reviews(actor: Actor) -> bool:
    """Tell whether the actor may see all emergency releases and cancel a review after one."""
    return allows(actor, "approvals.after_review.manage")


def can_delegate(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor signs anything in the unit that could be handed to another."""
    return can_sign_at_all(actor) and allows(actor, "approvals.delegate", unit_ids=[unit_id])


def can_delegate_anywhere(actor: Actor) -> bool:
    """Tell whether the actor holds a signing post in any unit."""
    return any(can_delegate(actor, unit_id) for unit_id in actor.unit_ids)


def can_revoke(actor: Actor, *, giver_id: int, unit_ids: Sequence[int]) -> bool:
    """Tell whether the actor may take a delegation back."""
    return (actor.user_id is not None and actor.user_id == giver_id) or allows(
        actor, "approvals.delegation.revoke_all", unit_ids=unit_ids
    )


def can_issue_link(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may ask somebody outside to sign; a person vouches for it, so a job may not."""
    return can_sign_at_all(actor) and allows(actor, "approvals.link.issue", unit_ids=[unit_id])
