"""Confirming an import: the plan and all its items come into being in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from gongkai.domain.ledger import attention_on
from gongkai.domain.ledger.states import State
from gongkai.features.workplans.events import PlanConfirmed
from gongkai.features.workplans.models import (
    Check,
    Duty,
    LedgerEntry,
    PlanImport,
    WorkItem,
    WorkItemUnit,
    WorkPlan,
)
from gongkai.features.workplans.selectors.import_values import ImportTask, PhraseView
from gongkai.features.workplans.selectors.imports import import_view
from gongkai.features.workplans.selectors.thresholds import thresholds
from gongkai.features.workplans.services.checks import open_checks
from gongkai.features.workplans.services.corrections import lock_import
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.orgs.services import group_ensure


def import_confirm(*, actor: Actor, import_id: int, revision: int, now: datetime, activate: bool = True) -> WorkPlan:
    """Put the plan on the ledger: one item a task that was kept, rows of an annex as parts of their task.

    Groups stay groups. Earlier dates of a task become checks, the latest one its due date; a standing duty is looked
    at from the day after its date (or at once). With ``activate`` false the plan starts as a draft, without reminders.
    Everything that stands against it is told at once. Raises NotFound, NotPermitted, Refused.
    """
    today = day_of(now)
    with transaction.atomic():
        _lock_rivals(import_id)
        row = lock_import(actor=actor, import_id=import_id, revision=revision)
        view = import_view(row, today=today)
        if view.problems:
            raise Refused(view.problems)
        meanings = _meanings(actor, row, view.phrases, now)
        plan = _create_plan(actor, row, now, activate)
        tasks = [task for task in view.tasks if not task.dropped]
        items = _create_items(plan, tasks, now)
        _create_units(tasks, items, meanings)
        duties = _create_duties(tasks, items, today)
        _create_milestones(tasks, items, now)
        _write_first_entries(actor, plan, items.values(), now)
        row.state, row.plan, row.changed_at = PlanImport.State.CONFIRMED, plan, now
        row.revision += 1
        row.save(update_fields=["state", "plan", "changed_at", "revision"])
        if activate:
            open_checks(duties=duties, now=now)
        publish(PlanConfirmed(plan_id=plan.pk, items=len(items), at=now))
        _audit(actor, row, plan, list(items.values()), now)
    return plan


def _lock_rivals(import_id: int) -> None:
    """Let one import of a unit be confirmed at a time: two of the same document must not both find none before them."""
    owner = PlanImport.objects.filter(pk=import_id).values("owner_id")
    open_ones = PlanImport.objects.filter(owner_id__in=owner, state=PlanImport.State.OPEN).order_by("pk")
    list(open_ones.select_for_update(no_key=True).values_list("pk", flat=True))


def _meanings(actor: Actor, row: PlanImport, phrases: Sequence[PhraseView], now: datetime) -> dict[str, dict[str, int]]:
    """Return for each phrase the fields that name its unit or group; none for text. Puts groups on file."""
    meanings: dict[str, dict[str, int]] = {}
    for view in phrases:
        if view.unit_id is not None:
            meanings[view.phrase] = {"unit_id": view.unit_id}
        elif view.group_id is not None:
            meanings[view.phrase] = {"group_id": view.group_id}
        elif view.meaning == "group":
            group = group_ensure(actor=actor, phrase=view.phrase, home_id=row.owner_id, on=day_of(now), now=now)
            meanings[view.phrase] = {"group_id": group.pk}
        else:
            meanings[view.phrase] = {}
    return meanings


def _create_plan(actor: Actor, row: PlanImport, now: datetime, activate: bool) -> WorkPlan:
    heading = row.heading
    return WorkPlan.objects.create(
        title=heading["title"],
        doc_no=heading.get("doc_no", ""),
        year=int(heading["year"]),
        issued_on=date.fromisoformat(heading["issued_on"]) if heading.get("issued_on") else None,
        kind=heading.get("kind", WorkPlan.Kind.PLAN_TEXT),
        owner_id=row.owner_id,
        state=WorkPlan.State.ACTIVE if activate else WorkPlan.State.DRAFT,
        source_file_id=row.file_id,
        source_sha256=row.sha256,
        schedule=row.parsed.get("schedule", []),
        created_by_id=actor.user_id,
        created_at=now,
        confirmed_at=now,
    )


def _create_items(plan: WorkPlan, tasks: Sequence[ImportTask], now: datetime) -> dict[str, WorkItem]:
    """Create the items, tasks before their parts, in bulk; returns them by key."""
    items: dict[str, WorkItem] = {}
    order = {task.key: n for n, task in enumerate(tasks, 1)}
    waiting = list(tasks)
    while waiting:
        ready = [t for t in waiting if not t.parent_key or t.parent_key in items or t.parent_key not in order]
        fresh = [_item(plan, task, items.get(task.parent_key), order[task.key], now) for task in ready]
        WorkItem.objects.bulk_create(fresh)
        items |= dict(zip((task.key for task in ready), fresh, strict=True))
        waiting = [task for task in waiting if task.key not in items]
    return items


def _item(plan: WorkPlan, task: ImportTask, parent: WorkItem | None, n: int, now: datetime) -> WorkItem:
    milestones = [date.fromisoformat(m["on"]) for m in task.milestones]
    return WorkItem(
        plan=plan,
        parent=parent,
        root_id=(parent.root_id or parent.pk) if parent else None,
        kind=task.kind,
        number=task.no[:60],
        path=list(task.path),
        title=task.title[:300],
        text=task.text,
        target=task.target,
        note=task.note,
        line_from=task.line_from,
        line_to=task.line_to,
        due_on=task.due_on,
        due_phrase=task.due_phrase[:200],
        standing=task.standing,
        periodic=bool(task.duties),
        shared_duty=task.shared_duty,
        sort_order=n,
        attention_on=attention_on(State.ASSIGNED, task.due_on, milestones),
        created_at=now,
        changed_at=now,
    )


def _create_units(
    tasks: Sequence[ImportTask], items: Mapping[str, WorkItem], meanings: Mapping[str, Mapping[str, int]]
) -> None:
    """Create the rows that say who owes what; a unit named twice in one role (two phrases for it) stands there once."""
    rows = []
    for task in tasks:
        seen: set[tuple[str, tuple[tuple[str, int], ...] | str]] = set()
        for n, (role, phrase) in enumerate(task.phrases()):
            meaning = meanings[phrase]
            key = (role, tuple(meaning.items()) or phrase)
            if key in seen:
                continue
            seen.add(key)
            rows.append(WorkItemUnit(item=items[task.key], role=role, phrase=phrase[:200], sort_order=n, **meaning))
    WorkItemUnit.objects.bulk_create(rows)


def _create_duties(tasks: Sequence[ImportTask], items: Mapping[str, WorkItem], today: date) -> list[Duty]:
    """Create the recurring duties: those the clause counts, and a regular look at each standing duty.

    Where parts carry a standing duty on, they are looked at and the task above them is not: nothing is checked twice.
    """
    period = thresholds(on=today).check_period.value
    carried_on = {task.parent_key for task in tasks if task.standing}
    duties = []
    for task in tasks:
        item = items[task.key]
        start = max(date(item.plan.year, 1, 1), item.plan.issued_on or today)
        duties += [
            Duty(
                item=item,
                kind=Duty.Kind.PERIODIC,
                period=duty["period"],
                times=duty["times"],
                phrase=str(duty["phrase"])[:200],
                starts_on=max(start, today),
            )
            for duty in task.duties
        ]
        if task.standing and task.key not in carried_on:
            # 完成并长期坚持: the recurring checks begin after the first date.
            begin = max(task.due_on + timedelta(days=1), today) if task.due_on else today
            duties.append(
                Duty(item=item, kind=Duty.Kind.STANDING, period=period, phrase=task.due_phrase[:200], starts_on=begin)
            )
    return Duty.objects.bulk_create(duties)


def _create_milestones(tasks: Sequence[ImportTask], items: Mapping[str, WorkItem], now: datetime) -> None:
    Check.objects.bulk_create(
        Check(
            item=items[task.key],
            kind=Check.Kind.MILESTONE,
            label=f"阶段时限：{milestone['phrase'] or milestone['on']}"[:200],
            due_on=date.fromisoformat(milestone["on"]),
            opened_at=now,
        )
        for task in tasks
        for milestone in task.milestones
    )


def _write_first_entries(actor: Actor, plan: WorkPlan, items: Any, now: datetime) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            item=item,
            verb="create",
            after=item.state,
            text=f"由《{plan.title}》建立",
            occurred_on=day_of(now),
            by_id=actor.user_id,
            by_name=actor.name[:100],
            at=now,
        )
        for item in items
    )


def _audit(actor: Actor, row: PlanImport, plan: WorkPlan, items: Sequence[WorkItem], now: datetime) -> None:
    entries: list[dict[str, Any]] = [
        {
            "action": "workplans.plan.confirm",
            "target_type": "workplans.plan",
            "target_id": plan.pk,
            "summary": f"确认工作方案《{plan.title}》，建立{len(items)}项任务",
            "unit_id": plan.owner_id,
            "details": {
                "import": row.pk,
                "sha256": row.sha256,
                "items": len(items),
                "corrections": len(row.corrections),
            },
        }
    ]
    entries += [
        {
            "action": "workplans.item.create",
            "target_type": "workplans.item",
            "target_id": item.pk,
            "summary": f"建立任务：{item}",
            "unit_id": plan.owner_id,
            "details": {"plan": plan.pk, "number": item.number, "due_on": item.due_on and item.due_on.isoformat()},
        }
        for item in items
    ]
    record_many(actor=actor, entries=entries, now=now)
