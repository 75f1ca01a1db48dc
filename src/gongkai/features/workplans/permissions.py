"""Who may do what with plans and work items, as rows of the permission matrix.

Three places count: the disclosure authority (主管部门) and the plan's owner keep the ledger, lead units check what is
handed in, responsible units do the work. Supervisors read everything and issue notices; leaders read what their unit
owes and may check for it. Whoever submits may not accept: that is decided by ``domain.ledger``, for every role.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from gongkai.domain.ledger import Verb
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "工作要点与台账"
_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)


def _same(*roles: Role) -> dict[Role, Where]:
    return dict.fromkeys(roles, Where.SAME)


register(
    "workplans.plan.manage",
    "导入、公开和归档本单位的工作方案，交办、调整和取消任务",
    area=AREA,
    roles=_same(*_OFFICE),
)
register(
    "workplans.plan.manage_all",
    "管理所有单位的工作方案和台账",
    area=AREA,
    roles=dict.fromkeys(_OFFICE, Where.TOP),
)
register(
    "workplans.item.see_all",
    "查看所有单位的任务和台账",
    area=AREA,
    roles={
        **dict.fromkeys(_OFFICE, Where.TOP),
        Role.SUPERVISOR: Where.ANY,
        Role.SYSTEM_ADMINISTRATOR: Where.ANY,
    },
)
register(
    "workplans.item.see",
    "查看本单位承担的任务",
    area=AREA,
    roles={role: Where.SAME for role in Role if role is not Role.SYSTEM_ADMINISTRATOR},
)
register(
    "workplans.item.work",
    "办理本单位承担的任务：报告进展、添加佐证、记录检查、报结",
    area=AREA,
    roles=_same(Role.DRAFTER, *_OFFICE),
)
register(
    "workplans.item.split",
    "分解本单位牵头或承担的任务",
    area=AREA,
    roles=_same(*_OFFICE),
)
register(
    "workplans.item.check",
    "验收、退回和销号本单位牵头的任务",
    area=AREA,
    roles=_same(Role.UNIT_LEADER, *_OFFICE),
)
register(
    "workplans.supervise",
    "发出督办单",
    area=AREA,
    roles={Role.SUPERVISOR: Where.ANY, **dict.fromkeys(_OFFICE, Where.TOP)},
)
register(
    "workplans.supervision.answer",
    "答复发给本单位的督办单",
    area=AREA,
    roles=_same(Role.DRAFTER, Role.UNIT_LEADER, *_OFFICE),
)
register(
    "workplans.template.replace",
    "更换督办单模板",
    area=AREA,
    roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY, **dict.fromkeys(_OFFICE, Where.TOP)},
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How units stand to an item on a day, groups resolved: who owns the plan, who leads, who does it, who helps."""

    owner_id: int
    lead: frozenset[int] = frozenset()
    responsible: frozenset[int] = frozenset()
    cooperating: frozenset[int] = frozenset()
    lead_above: frozenset[int] = frozenset()

    @property
    def doers(self) -> frozenset[int]:
        """Return the units that do the work: the responsible and cooperating ones, or the lead units where none is named."""
        return (self.responsible | self.cooperating) or self.lead

    @property
    def everyone(self) -> frozenset[int]:
        """Return every unit that has to do with the item, the lead units of the items above it included."""
        return self.lead | self.responsible | self.cooperating | self.lead_above


def _in_any(actor: Actor, code: str, unit_ids: Collection[int]) -> bool:
    return any(allows(actor, code, unit_ids=(unit_id,)) for unit_id in unit_ids)


def can_see_all(actor: Actor) -> bool:
    """Tell whether the actor sees every plan and item."""
    return allows(actor, "workplans.item.see_all")


def can_manage_plan(actor: Actor, owner_id: int) -> bool:
    """Tell whether the actor keeps the plans of the unit ``owner_id``."""
    return allows(actor, "workplans.plan.manage_all") or allows(actor, "workplans.plan.manage", unit_ids=(owner_id,))


def can_manage_plans(actor: Actor) -> bool:
    """Tell whether the actor keeps the plans of any unit."""
    return allows(actor, "workplans.plan.manage_all") or _in_any(actor, "workplans.plan.manage", actor.unit_ids)


def can_import_plans(actor: Actor) -> bool:
    """Tell whether the actor may upload a plan."""
    return can_manage_plans(actor)


def can_see_overview(actor: Actor) -> bool:
    """Tell whether the actor sees the overview of all units."""
    return can_see_all(actor)


def can_see_plan(actor: Actor, owner_id: int, *, owes: bool) -> bool:
    """Tell whether the actor sees the plan; ``owes`` says whether one of its items concerns a unit of the actor."""
    return can_see_all(actor) or can_manage_plan(actor, owner_id) or (owes and bool(actor.grants))


def can_see_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor sees the item."""
    if can_see_all(actor) or can_manage_plan(actor, item.owner_id):
        return True
    return _in_any(actor, "workplans.item.see", item.everyone & actor.unit_ids)


def can_work_on_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may start, report, add evidence, record checks and submit: people of a unit that owes it."""
    own = (item.doers | item.lead) & actor.unit_ids
    return actor.is_system or _in_any(actor, "workplans.item.work", own)


def can_check_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may accept, return and close: the lead unit, the plan's owner or the disclosure authority."""
    if can_manage_plan(actor, item.owner_id):
        return True
    return _in_any(actor, "workplans.item.check", (item.lead | item.lead_above) & actor.unit_ids)


def can_manage_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may assign, cancel, reopen and change the date: whoever keeps the plan."""
    return can_manage_plan(actor, item.owner_id)


def can_split_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may split the item: whoever keeps the plan, and disclosure offices of units that owe it."""
    own = (item.lead | item.responsible) & actor.unit_ids
    return can_manage_plan(actor, item.owner_id) or _in_any(actor, "workplans.item.split", own)


def can_assign_item(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may say which units are meant: whoever keeps the plan, and the lead unit's office."""
    return can_manage_plan(actor, item.owner_id) or _in_any(actor, "workplans.item.split", item.lead & actor.unit_ids)


def can_issue_notices(actor: Actor) -> bool:
    """Tell whether the actor may issue supervision notices at all."""
    return allows(actor, "workplans.supervise")


def can_issue_notice(actor: Actor, item: Standing) -> bool:
    """Tell whether the actor may issue a supervision notice about the item: supervisors and whoever keeps the plan."""
    return can_issue_notices(actor) or can_manage_plan(actor, item.owner_id)


def can_answer_notice(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may answer a notice sent to the unit."""
    return allows(actor, "workplans.supervision.answer", unit_ids=(unit_id,))


def can_replace_template(actor: Actor) -> bool:
    """Tell whether the actor may replace the templates of supervision notices."""
    return allows(actor, "workplans.template.replace")


# Which predicate guards which verb of the ledger; a test walks every role through every row.
BY_VERB: Mapping[Verb, Callable[[Actor, Standing], bool]] = {
    Verb.ASSIGN: can_assign_item,
    Verb.SPLIT: can_split_item,
    Verb.START: can_work_on_item,
    Verb.REPORT: can_work_on_item,
    Verb.SUBMIT: can_work_on_item,
    Verb.ACCEPT: can_check_item,
    Verb.RETURN: can_check_item,
    Verb.CLOSE: can_check_item,
    Verb.REOPEN: can_manage_item,
    Verb.CANCEL: can_manage_item,
    Verb.CHANGE_DUE: can_manage_item,
}


def can_do(actor: Actor, verb: Verb, item: Standing) -> bool:
    """Tell whether the actor's roles allow the verb on the item; whether its state does is asked of the ledger."""
    return BY_VERB[verb](actor, item)
