"""Telling the people of units what has happened to their items; called by listeners, safe to repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from gongkai.domain.ledger import Verb
from gongkai.features.workplans.models import LedgerEntry, SupervisionNotice, WorkItem, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.features.workplans.selectors.access import item_standing, item_standings
from gongkai.features.workplans.selectors.addresses import MY_WORK, item_path, notice_path
from gongkai.features.workplans.selectors.people import (
    CHECKERS,
    LEADERS,
    WORKERS,
    checkers_of,
    leaders_of,
    office_of,
    people_of,
    workers_of,
)
from gongkai.features.workplans.services.actions import KIND_SUPERVISION, KIND_WORK
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.notices.services import notice_send

TITLES = {
    Verb.ASSIGN: "任务已交办",
    Verb.SUBMIT: "任务已报结，请验收",
    Verb.ACCEPT: "任务已通过验收",
    Verb.RETURN: "任务被退回",
    Verb.CLOSE: "任务已销号",
    Verb.REOPEN: "任务已重启",
    Verb.CANCEL: "任务已取消",
    Verb.CHANGE_DUE: "任务时限已调整",
}


def _item(item_id: int) -> WorkItem | None:
    return WorkItem.objects.select_related("plan").filter(pk=item_id).first()


def _recipients(verb: Verb, item: WorkItem, standing: Standing, now: datetime) -> frozenset[int]:
    today = day_of(now)
    if verb is Verb.SUBMIT:
        return checkers_of(standing, today=today)
    people = workers_of(standing, today=today)
    if verb in (Verb.RETURN, Verb.ACCEPT) and item.submitted_by_id is not None:
        people |= {item.submitted_by_id}
    if verb in (Verb.RETURN, Verb.CANCEL, Verb.CHANGE_DUE, Verb.REOPEN):
        people |= leaders_of(standing, today=today)
    return people


def tell_item_moved(
    *, item_id: int, verb: str, entry_id: int, actor_id: int | None, now: datetime, happened_at: datetime | None = None
) -> int:
    """Tell those concerned about a step of the sign-off, whoever took it left out; returns how many were told."""
    step = Verb(verb)
    item = _item(item_id)
    entry = LedgerEntry.objects.filter(pk=entry_id).first()
    if item is None or entry is None or step not in TITLES:
        return 0
    people = _recipients(step, item, item_standing(item=item, today=day_of(now)), now)
    lines = [f"方案：{item.plan.title}", f"任务：{item}"]
    lines += [f"{label}：{text}" for label, text in (("内容", entry.text), ("理由", entry.reason)) if text]
    lines.append(f"经办人：{entry.by_name}")
    return notice_send(
        recipients=people - {actor_id},
        kind=KIND_WORK,
        title=f"{TITLES[step]}：{item}",
        body="\n".join(lines),
        url=item_path(item.pk),
        dedupe_key=f"workplans.entry:{entry.pk}",
        level="warning" if step is Verb.RETURN else "info",
        now=now,
        happened_at=happened_at,
    )


def tell_item_split(
    *, child_ids: Iterable[int], actor_id: int | None, now: datetime, happened_at: datetime | None = None
) -> int:
    """Tell the units that got a part of an item."""
    told = 0
    items = list(WorkItem.objects.filter(pk__in=list(child_ids)).select_related("plan", "parent"))
    standings = item_standings(items=items, today=day_of(now))
    for item in items:
        standing = standings[item.pk]
        people = workers_of(standing, today=day_of(now)) | leaders_of(standing, today=day_of(now))
        told += notice_send(
            recipients=people - {actor_id},
            kind=KIND_WORK,
            title=f"新任务：{item}",
            body=f"方案：{item.plan.title}\n由“{item.parent}”分解，完成时限：{item.due_on or item.due_phrase or '未定'}",
            url=item_path(item.pk),
            dedupe_key=f"workplans.split:{item.pk}",
            now=now,
            happened_at=happened_at,
        )
    return told


def tell_plan_confirmed(*, plan_id: int, now: datetime, happened_at: datetime | None = None) -> int:
    """Tell the people of each unit that a plan gives it tasks: one notice a person, with how many."""
    plan = WorkPlan.objects.filter(pk=plan_id, state=WorkPlan.State.ACTIVE).first()
    if plan is None:
        return 0
    today = day_of(now)
    items = list(WorkItem.objects.filter(plan=plan).select_related("plan"))
    tasks: dict[int, int] = defaultdict(int)
    for standing in item_standings(items=items, today=today).values():
        for unit_id in standing.lead | standing.responsible | standing.cooperating:
            tasks[unit_id] += 1
    told = 0
    for unit_id, number in tasks.items():
        told += notice_send(
            recipients=people_of(unit_ids=[unit_id], roles=WORKERS | LEADERS, today=today),
            kind=KIND_WORK,
            title=f"新方案《{plan.title}》：本单位涉及{number}项任务",
            body=f"《{plan.title}》{plan.doc_no}已确认，本单位牵头、承担或配合其中{number}项任务，请及时查看并办理。",
            url=MY_WORK,
            dedupe_key=f"workplans.plan:{plan.pk}:{unit_id}",
            now=now,
            happened_at=happened_at,
        )
    return told


def tell_supervision_issued(*, notice_id: int, now: datetime, happened_at: datetime | None = None) -> int:
    """Tell the unit's people that a supervision notice was issued to it."""
    notice = SupervisionNotice.objects.select_related("item", "unit").filter(pk=notice_id).first()
    if notice is None:
        return 0
    return notice_send(
        recipients=people_of(unit_ids=[notice.unit_id], roles=WORKERS | CHECKERS, today=day_of(now)),
        kind=KIND_SUPERVISION,
        title=f"{notice.get_color_display()}督办单 {notice.number_text}：{notice.item}",
        body=f"事由：{notice.reason}\n要求：{notice.requirement}\n请于{notice.answer_due_on}前答复。",
        url=notice_path(notice.pk),
        dedupe_key=f"workplans.supervision:{notice.pk}",
        level="urgent" if notice.color == SupervisionNotice.Color.RED else "warning",
        now=now,
        happened_at=happened_at,
    )


def tell_supervision_answered(*, notice_id: int, now: datetime, happened_at: datetime | None = None) -> int:
    """Tell whoever issued a notice, and the disclosure office, that the unit has answered."""
    notice = SupervisionNotice.objects.select_related("item", "item__plan", "unit").filter(pk=notice_id).first()
    if notice is None:
        return 0
    standing = item_standing(item=notice.item, today=day_of(now))
    return notice_send(
        recipients=office_of(standing, today=day_of(now)) | {notice.issued_by_id},
        kind=KIND_SUPERVISION,
        title=f"{notice.unit.display_name}已答复督办单 {notice.number_text}",
        body=notice.answer,
        url=notice_path(notice.pk),
        dedupe_key=f"workplans.supervision:{notice.pk}:answered",
        now=now,
        happened_at=happened_at,
    )
