"""Who may do what after an answer: the log of answers, proposals, holds, and the review before destruction.

All of it is the matter of the unit that was asked, as its cases are. What is destroyed needs two persons: the office
judges, its head or the head of the unit agrees; that they are two, the service and the database see to.
"""

from __future__ import annotations

from gongkai.features.foi.permissions import AREA
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
_HEADS = (Role.DISCLOSURE_OFFICE_HEAD, Role.UNIT_LEADER)

register(
    "foi.log.edit",
    "整理本单位的答复公开目录，记录申请人不同意列入",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.SAME),
)
register(
    "foi.proposal.evaluate",
    "评估本单位的转主动公开建议",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.SAME),
)
register(
    "foi.retention.judge",
    "编制销毁鉴定清单、提出鉴定意见、冻结和解除冻结案卷",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.SAME),
)
register(
    "foi.retention.agree",
    "复核鉴定意见、批准销毁案卷（不能与鉴定人为同一人）",
    area=AREA,
    roles=dict.fromkeys(_HEADS, Where.SAME),
)


def can_edit_log(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may put the unit's answers into the log."""
    return allows(actor, "foi.log.edit", unit_ids=(unit_id,))


def can_evaluate(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may evaluate the unit's proposals."""
    return allows(actor, "foi.proposal.evaluate", unit_ids=(unit_id,))


def can_judge_retention(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may draw the unit's list, judge its cases, place and lift holds."""
    return allows(actor, "foi.retention.judge", unit_ids=(unit_id,))


def can_agree_retention(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may agree to what another person found, and let cases be destroyed."""
    return allows(actor, "foi.retention.agree", unit_ids=(unit_id,))


def units_of_retention(actor: Actor) -> frozenset[int]:
    """Return the units whose retention the actor has to do with."""
    return frozenset(
        one for one in actor.unit_ids if can_judge_retention(actor, one) or can_agree_retention(actor, one)
    )


def units_of_log(actor: Actor) -> frozenset[int]:
    """Return the units whose log and proposals the actor works on."""
    return frozenset(one for one in actor.unit_ids if can_edit_log(actor, one))
