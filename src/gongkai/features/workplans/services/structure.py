"""Who owes an item, its parts, and its date: assign, split, add by hand, change the date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import FINISHED, Command, State, Verb
from gongkai.features.workplans import permissions
from gongkai.features.workplans.events import ItemSplit
from gongkai.features.workplans.models import Check, Duty, WorkItem, WorkItemUnit, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.features.workplans.selectors.access import NotFound, item_standing
from gongkai.features.workplans.services.transitions import finish, settle
from gongkai.features.workplans.services.writing import (
    audit_item,
    day_of,
    lock_item,
    require,
    write_entry,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.orgs.models import Unit, UnitGroup
from gongkai.kernel.orgs.selectors import group_members

LEAD, RESPONSIBLE, COOPERATING = WorkItemUnit.Role.LEAD, WorkItemUnit.Role.RESPONSIBLE, WorkItemUnit.Role.COOPERATING


def unit_issues(unit_ids: Iterable[int], *, field: str, today: date) -> list[Issue]:
    """Return an issue for each id that is no unit, or a unit that does not exist on the day."""
    wanted = list(dict.fromkeys(unit_ids))
    units = Unit.objects.in_bulk(wanted)
    issues = []
    for unit_id in wanted:
        unit = units.get(unit_id)
        if unit is None:
            issues.append(Issue("workplans.unit.unknown", field=field, values={"unit": unit_id}))
        elif not unit.exists(today):
            issues.append(Issue("workplans.unit.dissolved", field=field, values={"unit": unit.name}))
    return issues


def item_assign(
    *,
    actor: Actor,
    item_id: int,
    lead_ids: Sequence[int],
    responsible_ids: Sequence[int],
    cooperating_ids: Sequence[int] = (),
    groups: Mapping[str, Sequence[int]] | None = None,
    now: datetime,
) -> WorkItem:
    """Say which units lead, do and help. What was there is replaced; groups stay unless ``groups`` (role → ids) is given.

    Phrases that were left open (按职责分工负责, 有关单位) are answered by this and go. Raises NotFound, NotPermitted, Refused.
    """
    today = day_of(now)
    wanted = {LEAD: list(lead_ids), RESPONSIBLE: list(responsible_ids), COOPERATING: list(cooperating_ids)}
    with transaction.atomic():
        item = lock_item(item_id)
        before = _unit_names(item)
        issues = [issue for role, ids in wanted.items() for issue in unit_issues(ids, field=role, today=today)]
        keeps_groups = WorkItemUnit.objects.filter(item=item, group__isnull=False).exists()
        named_groups = any((groups or {}).values()) if groups is not None else keeps_groups
        if not any(wanted.values()) and not named_groups:
            issues.append(Issue("workplans.assign.nobody", field="units"))
        rows = WorkItemUnit.objects.filter(item=item)
        phrases = {(r.role, r.unit_id): r.phrase for r in rows if r.unit_id is not None}
        entry = settle(
            actor=actor,
            item=item,
            command=Command(Verb.ASSIGN, by=actor.user_id),
            standing=item_standing(item=item, today=today),
            also=issues,
            now=now,
        )
        (rows if groups is not None else rows.filter(group__isnull=True)).delete()
        _add_units(item, wanted, phrases)
        for role, ids in (groups or {}).items():
            _add_groups(item, role, ids)
        after = _unit_names(item)
        entry.details = {"before": before, "after": after}
        entry.text = "；".join(f"{label}：{'、'.join(after[role])}" for role, label in _ROLES if after[role])
        entry.save(update_fields=["details", "text"])
        finish(actor=actor, item=item, entry=entry, now=now)
    return item


_ROLES = [(role.value, role.label) for role in WorkItemUnit.Role]


def _add_units(item: WorkItem, wanted: Mapping[str, Sequence[int]], phrases: Mapping[tuple[str, int], str]) -> None:
    rows = [
        WorkItemUnit(item=item, role=role, unit_id=unit_id, phrase=phrases.get((role, unit_id), ""), sort_order=n)
        for role, ids in wanted.items()
        for n, unit_id in enumerate(dict.fromkeys(ids))
    ]
    WorkItemUnit.objects.bulk_create(rows)


def _add_groups(item: WorkItem, role: str, ids: Sequence[int]) -> None:
    known = UnitGroup.objects.in_bulk(list(ids))
    rows = [WorkItemUnit(item=item, role=role, group=known[i], phrase=known[i].name) for i in ids if i in known]
    WorkItemUnit.objects.bulk_create(rows)


def _unit_names(item: WorkItem) -> dict[str, list[str]]:
    rows = WorkItemUnit.objects.filter(item=item).select_related("unit", "group").order_by("sort_order", "pk")
    names: dict[str, list[str]] = {role: [] for role, _ in _ROLES}
    for row in rows:
        names[row.role].append(row.unit.display_name if row.unit else row.group.name if row.group else row.phrase)
    return names


def item_split(*, actor: Actor, item_id: int, parts: Sequence[Mapping[str, Any]], now: datetime) -> list[WorkItem]:
    """Split an item down to units: one part each, for a group one part for each member of today.

    A part is ``{"unit_id" | "group_id", "title"?, "due_on"? (date)}``. The part's lead unit is the one that will check
    it: the splitting unit where it is itself responsible, else the lead units of the item. Periodic duties go down
    with the parts, so that each unit's times are counted. All problems are told at once, naming the part.

    Raises NotFound, NotPermitted, Refused.
    """
    today = day_of(now)
    with transaction.atomic():
        item = lock_item(item_id)
        standing = item_standing(item=item, today=today)
        wanted, issues = _parts(item, parts, today)
        command = Command(Verb.SPLIT, by=actor.user_id)
        entry = settle(actor=actor, item=item, command=command, standing=standing, also=issues, now=now)
        children = _create_parts(actor, item, standing, wanted, now)
        entry.text = "、".join(unit.display_name for unit, _ in wanted)
        entry.details = {"children": [child.pk for child in children]}
        entry.save(update_fields=["text", "details"])
        _pass_on_duties(item, children, now)
        publish(ItemSplit(item_id=item.pk, child_ids=tuple(c.pk for c in children), actor_id=actor.user_id, at=now))
        finish(actor=actor, item=item, entry=entry, now=now)
    return children


def _parts(
    item: WorkItem, parts: Sequence[Mapping[str, Any]], today: date
) -> tuple[list[tuple[Unit, Mapping[str, Any]]], list[Issue]]:
    """Resolve the parts to units, one entry a unit, with every problem found."""
    if not parts:
        return [], [Issue("workplans.split.nothing", field="parts")]
    issues = unit_issues([p["unit_id"] for p in parts if p.get("unit_id")], field="parts", today=today)
    units = Unit.objects.in_bulk([p["unit_id"] for p in parts if p.get("unit_id")])
    groups = UnitGroup.objects.select_related("home").in_bulk([p["group_id"] for p in parts if p.get("group_id")])
    wanted: dict[int, tuple[Unit, Mapping[str, Any]]] = {}
    for part in parts:
        found: list[Unit] = []
        if part.get("unit_id"):
            found = [units[part["unit_id"]]] if part["unit_id"] in units else []
        elif part.get("group_id") in groups:
            found = group_members(group=groups[part["group_id"]], on=today)
            if not found:
                name = groups[part["group_id"]].name
                issues.append(Issue("workplans.split.empty_group", field="parts", values={"group": name}))
        else:
            issues.append(Issue("workplans.split.part_without_unit", field="parts"))
        due_on = part.get("due_on")
        if due_on and item.due_on and due_on > item.due_on:
            values = {"due": due_on.isoformat(), "limit": item.due_on.isoformat()}
            issues.append(Issue("workplans.split.after_parent", field="parts", values=values))
        for unit in found:
            if unit.pk in wanted:
                issues.append(Issue("workplans.split.twice", field="parts", values={"unit": unit.name}))
            wanted[unit.pk] = (unit, part)
    open_parts = WorkItemUnit.objects.filter(item__parent=item, role=RESPONSIBLE, unit_id__in=wanted).exclude(
        item__state=State.CANCELED.value
    )
    for row in open_parts.select_related("unit"):
        issues.append(Issue("workplans.split.already", field="parts", values={"unit": str(row.unit)}))
    return list(wanted.values()), issues


def _create_parts(
    actor: Actor,
    item: WorkItem,
    standing: Standing,
    wanted: Sequence[tuple[Unit, Mapping[str, Any]]],
    now: datetime,
) -> list[WorkItem]:
    last = WorkItem.objects.filter(parent=item).aggregate(n=Max("sort_order"))["n"] or 0
    taken = WorkItem.objects.filter(parent=item).count()
    children = []
    for n, (unit, part) in enumerate(wanted, 1):
        due_on = part.get("due_on") or item.due_on
        children.append(
            WorkItem(
                plan=item.plan,
                parent=item,
                root_id=item.root_id or item.pk,
                kind=item.kind,
                number=f"{item.number or item.pk}-{taken + n}"[:60],
                path=item.path,
                title=(str(part.get("title") or "").strip() or f"{item.title}（{unit.display_name}）")[:300],
                text=item.text,
                target=item.target,
                line_from=item.line_from,
                line_to=item.line_to,
                due_on=due_on,
                due_phrase=item.due_phrase,
                standing=item.standing,
                periodic=item.periodic,
                sort_order=last + n,
                attention_on=due_on,
                created_at=now,
                changed_at=now,
            )
        )
    WorkItem.objects.bulk_create(children)
    units = [WorkItemUnit(item=c, role=RESPONSIBLE, unit=u) for c, (u, _) in zip(children, wanted, strict=True)]
    checkers = _checkers(actor, item, standing)
    for child in children:
        units += [WorkItemUnit(item=child, role=LEAD, **checker) for checker in checkers]
    WorkItemUnit.objects.bulk_create(units)
    for child in children:
        write_entry(item=child, actor=actor, verb="create", after=child.state, text=f"由“{item}”分解", now=now)
    return children


def _checkers(actor: Actor, item: WorkItem, standing: Standing) -> list[dict[str, Any]]:
    """Return who checks the parts, as fields of unit rows."""
    own = sorted((standing.responsible | standing.cooperating) & actor.unit_ids)
    leads_itself = permissions.can_manage_item(actor, standing) or bool(standing.lead & actor.unit_ids)
    if own and not leads_itself:
        return [{"unit_id": unit_id} for unit_id in own]
    rows = WorkItemUnit.objects.filter(item=item, role=LEAD).order_by("sort_order", "pk")
    return [
        {"unit_id": row.unit_id, "group_id": row.group_id, "phrase": row.phrase, "sort_order": row.sort_order}
        for row in rows
    ]


def _pass_on_duties(item: WorkItem, children: Sequence[WorkItem], now: datetime) -> None:
    """Copy the item's duties to its parts; from then on they are counted there and not on the item."""
    today = day_of(now)
    duties = list(Duty.objects.filter(item=item, ends_on__isnull=True))
    copies = [
        Duty(
            item=child,
            kind=duty.kind,
            period=duty.period,
            times=duty.times,
            phrase=duty.phrase,
            starts_on=max(duty.starts_on, today),
            harvester=duty.harvester,
        )
        for child in children
        for duty in duties
    ]
    Duty.objects.bulk_create(copies)
    open_checks = Check.objects.filter(item=item, duty__in=duties, state=Check.State.OPEN)
    open_checks.update(state=Check.State.VOID, recorded_at=now, note="已分解到各单位，由各单位分别检查")
    for duty in duties:
        duty.ends_on = max(today, duty.starts_on)
    Duty.objects.bulk_update(duties, ["ends_on"])


def item_add(
    *,
    actor: Actor,
    plan_id: int,
    title: str,
    text: str = "",
    lead_ids: Sequence[int] = (),
    responsible_ids: Sequence[int] = (),
    due_on: date | None = None,
    standing: bool = False,
    now: datetime,
) -> WorkItem:
    """Add a task that the document does not have (交办事项). Raises NotFound, NotPermitted, Refused."""
    today = day_of(now)
    with transaction.atomic():
        plan = WorkPlan.objects.select_for_update(no_key=True).filter(pk=plan_id).first()
        if plan is None:
            raise NotFound("方案", plan_id)
        require(permissions.can_manage_plan(actor, plan.owner_id), "增加任务")
        issues = unit_issues(lead_ids, field="lead_ids", today=today)
        issues += unit_issues(responsible_ids, field="responsible_ids", today=today)
        if not title.strip():
            issues.append(Issue("workplans.title.missing", field="title"))
        if plan.state == WorkPlan.State.ARCHIVED:
            issues.append(Issue("ledger.plan.not_active"))
        if issues:
            raise Refused(issues)
        last = WorkItem.objects.filter(plan=plan).aggregate(n=Max("sort_order"))["n"] or 0
        item = WorkItem.objects.create(
            plan=plan,
            title=title.strip()[:300],
            text=text.strip(),
            due_on=due_on,
            attention_on=due_on,
            standing=standing,
            sort_order=last + 1,
            created_at=now,
            changed_at=now,
        )
        _add_units(item, {LEAD: list(lead_ids), RESPONSIBLE: list(responsible_ids)}, {})
        write_entry(item=item, actor=actor, verb="create", after=item.state, text="手工增加的任务", now=now)
        audit_item(item=item, actor=actor, action="workplans.item.create", summary=f"增加任务：{item}", now=now)
    return item


def item_change_due(
    *,
    actor: Actor,
    item_id: int,
    due_on: date | None,
    standing: bool | None = None,
    phrase: str | None = None,
    reason: str,
    now: datetime,
) -> WorkItem:
    """Change the due date (None: no date) with a reason; the old date stays in the history, and so does every reminder.

    Parts split off keep their dates; a part that would then be due after its parent is named in the refusal.
    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = lock_item(item_id)
        issues = _due_issues(item, due_on, standing)
        old = {"due_on": item.due_on and item.due_on.isoformat(), "standing": item.standing, "phrase": item.due_phrase}
        item.due_on = due_on
        item.standing = item.standing if standing is None else standing
        item.due_phrase = item.due_phrase if phrase is None else phrase.strip()[:200]
        new = {"due_on": due_on and due_on.isoformat(), "standing": item.standing, "phrase": item.due_phrase}
        entry = settle(
            actor=actor,
            item=item,
            command=Command(Verb.CHANGE_DUE, by=actor.user_id, reason=reason),
            standing=item_standing(item=item, today=day_of(now)),
            details={"from": old, "to": new},
            also=issues,
            now=now,
        )
        entry.text = f"{old['due_on'] or '未定'} → {new['due_on'] or '未定'}"
        entry.save(update_fields=["text"])
        finish(actor=actor, item=item, entry=entry, now=now)
    return item


def _due_issues(item: WorkItem, due_on: date | None, standing: bool | None) -> list[Issue]:
    issues: list[Issue] = []
    if due_on == item.due_on and (standing is None or standing == item.standing):
        issues.append(Issue("workplans.due.unchanged", field="due_on"))
    if due_on is None:
        return issues
    late = WorkItem.objects.filter(parent=item, due_on__gt=due_on).exclude(state__in=[s.value for s in FINISHED])
    for child in late.exclude(state=State.CANCELED.value):
        values = {"child": str(child), "due": str(child.due_on)}
        issues.append(Issue("workplans.due.child_later", field="due_on", values=values))
    if item.parent is not None and item.parent.due_on is not None and due_on > item.parent.due_on:
        values = {"due": due_on.isoformat(), "limit": item.parent.due_on.isoformat()}
        issues.append(Issue("workplans.split.after_parent", field="due_on", values=values))
    return issues
