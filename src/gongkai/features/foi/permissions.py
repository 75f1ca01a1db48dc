"""Who may do what with applications, as rows of the permission matrix.

A case is the matter of the unit that was asked: no other unit sees it, the disclosure authority of the whole installation
included, which sees figures only. Inside the unit the disclosure office handles it, its head consents to an extension
(art. 33), legality is reviewed by the reviewer, and the head of the unit or of the office signs.
"""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.domain.foi.verbs import Verb
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "依申请公开"
_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
OFFICE = frozenset(_OFFICE)
"""Who works in a disclosure office: they are told what wants attention."""


def _same(*roles: Role) -> dict[Role, Where]:
    return dict.fromkeys(roles, Where.SAME)


register(
    "foi.case.see",
    "查看本单位收到的公开申请（申请人信息遮挡显示）",
    area=AREA,
    roles=_same(*_OFFICE, Role.LEGALITY_REVIEWER, Role.UNIT_LEADER),
)
register("foi.case.handle", "登记和办理本单位收到的公开申请", area=AREA, roles=_same(*_OFFICE))
register("foi.case.extend", "同意延长答复期限、撤销延长", area=AREA, roles=_same(Role.DISCLOSURE_OFFICE_HEAD))
register("foi.case.review", "对拟答复作合法性审查", area=AREA, roles=_same(Role.LEGALITY_REVIEWER))
register("foi.case.sign", "签发答复", area=AREA, roles=_same(Role.UNIT_LEADER, Role.DISCLOSURE_OFFICE_HEAD))
register("foi.office.set_up", "填写本单位的依申请公开设置，更换文书模板和答复模板", area=AREA, roles=_same(*_OFFICE))
register("foi.applicant.open", "查看申请人的完整信息（须写明理由，留痕）", area=AREA, roles=_same(*_OFFICE))
DIVISION_ROLES = frozenset(Role) - {Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR}
register(
    "foi.retrieval.answer",
    "查看并答复交给本内设机构的查找任务（看不到申请人和案卷）",
    area=AREA,
    roles=_same(*sorted(DIVISION_ROLES)),
)
register(
    "foi.figures.see_all",
    "查看各单位依申请公开的统计数字",
    area=AREA,
    roles={Role.SUPERVISOR: Where.ANY, **dict.fromkeys(_OFFICE, Where.TOP)},
)
register(
    "foi.figures.by_person",
    "查看本单位各经办人的办理情况",
    area=AREA,
    roles=_same(Role.DISCLOSURE_OFFICE_HEAD),
)

ABILITIES: Mapping[Verb, str] = {
    **dict.fromkeys(Verb, "foi.case.handle"),
    Verb.EXTEND: "foi.case.extend",
    Verb.UNDO_EXTENSION: "foi.case.extend",
    Verb.REVIEW_LEGALITY: "foi.case.review",
    Verb.SIGN: "foi.case.sign",
}


def can_see_case(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may see the cases of a unit."""
    return allows(actor, "foi.case.see", unit_ids=(unit_id,))


def units_seen(actor: Actor) -> frozenset[int]:
    """Return the units whose cases the actor may see (of a job: none, it asks by id)."""
    return frozenset(unit_id for unit_id in actor.unit_ids if can_see_case(actor, unit_id))


def units_handled(actor: Actor) -> frozenset[int]:
    """Return the units for which the actor may register and handle applications."""
    return frozenset(unit_id for unit_id in actor.unit_ids if can_handle_case(actor, unit_id))


def can_handle_case(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may register and handle applications of the unit."""
    return allows(actor, "foi.case.handle", unit_ids=(unit_id,))


def can_set_up(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may change what the unit has set up for its letters."""
    return allows(actor, "foi.office.set_up", unit_ids=(unit_id,))


def can_do(actor: Actor, verb: Verb, unit_id: int) -> bool:
    """Tell whether the actor may do this with a case of the unit, were it possible."""
    return allows(actor, ABILITIES[verb], unit_ids=(unit_id,))


def can_answer_retrieval(actor: Actor, division_id: int) -> bool:
    """Tell whether the actor may see and answer what a division is asked to look for: whoever has a working post there."""
    return allows(actor, "foi.retrieval.answer", unit_ids=(division_id,))


def divisions_served(actor: Actor) -> frozenset[int]:
    """Return the divisions for which the actor answers; of a job none, it asks by id."""
    return frozenset(one for one in actor.division_ids if can_answer_retrieval(actor, one))


def can_open_applicant(actor: Actor, unit_id: int) -> bool:
    """Tell whether the actor may see the whole of an applicant's data, with a reason and on record."""
    return allows(actor, "foi.applicant.open", unit_ids=(unit_id,))


def can_see_all_figures(actor: Actor) -> bool:
    """Tell whether the actor sees the figures of every unit."""
    return allows(actor, "foi.figures.see_all")


def units_led(actor: Actor) -> frozenset[int]:
    """Return the units whose disclosure office the actor heads: there the figures of each handler may be seen."""
    return frozenset(one for one in actor.unit_ids if allows(actor, "foi.figures.by_person", unit_ids=(one,)))


def works_with_cases(actor: Actor) -> bool:
    """Tell whether the actor has any use for the pages of this feature."""
    return bool(units_seen(actor)) or can_see_all_figures(actor)
