"""Everything about one item, and its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gongkai.domain.ledger import VERB_NAMES, State, Verb, possible
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import Check, Evidence, LedgerEntry, WorkItem, WorkItemUnit, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.features.workplans.selectors.access import item_for
from gongkai.features.workplans.selectors.checks import check_rows, checks_with_names, duty_rows
from gongkai.features.workplans.selectors.items import item_rows
from gongkai.features.workplans.selectors.plans import plan_counts, plan_row
from gongkai.features.workplans.selectors.supervision import supervision_notice_list
from gongkai.features.workplans.selectors.values import (
    EvidenceRow,
    HistoryRow,
    ItemDetail,
    ItemRow,
    LightCounts,
    UnitLabel,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.orgs.models import UnitGroup
from gongkai.kernel.orgs.selectors import groups_members


def item_get(*, actor: Actor, item_id: int, today: date) -> ItemDetail:
    """Return an item with everything its page shows and what this actor may do; raises NotFound, NotPermitted."""
    item, standing = item_for(actor=actor, item_id=item_id, today=today)
    children = WorkItem.objects.filter(parent=item).select_related("plan").order_by("sort_order", "pk")
    family = [item, *([item.parent] if item.parent else []), *children]
    rows = {row.id: row for row in item_rows(family, today=today)}
    names = WorkItem.objects.select_related("submitted_by", "accepted_by", "closed_by").get(pk=item.pk)
    live = item.plan.state == WorkPlan.State.ACTIVE
    ended = item.state in (State.CLOSED.value, State.CANCELED.value)
    works = permissions.can_work_on_item(actor, standing) or permissions.can_check_item(actor, standing)
    counts = plan_counts(plan_ids=[item.plan_id], today=today).get(item.plan_id, LightCounts())
    return ItemDetail(
        row=_with_members(rows[item.pk], standing, today),
        plan=plan_row(item.plan, counts, actor=actor),
        text=item.text,
        target=item.target,
        note=item.note,
        line_from=item.line_from,
        line_to=item.line_to,
        parent=rows.get(item.parent_id or 0),
        children=tuple(rows[child.pk] for child in children),
        checks=check_rows(checks_with_names(Check.objects.filter(item=item)), today=today),
        duties=duty_rows(item=item),
        evidence=evidence_rows(item=item),
        notices=tuple(supervision_notice_list(actor=actor, today=today, item_id=item.pk)),
        submitted_on=item.submitted_on,
        submitted_by_name=names.submitted_by.get_full_name() if names.submitted_by else "",
        accepted_by_name=names.accepted_by.get_full_name() if names.accepted_by else "",
        accepted_at=item.accepted_at,
        closed_by_name=names.closed_by.get_full_name() if names.closed_by else "",
        closed_at=item.closed_at,
        verbs=item_verbs(actor, item, standing) if live else (),
        can_add_evidence=live and not ended and works,
        can_record_check=live and not ended and works,
        can_issue_notice=live and not ended and permissions.can_issue_notice(actor, standing),
    )


def item_verbs(actor: Actor, item: WorkItem, standing: Standing) -> tuple[Verb, ...]:
    """Return what the actor may do with the item now, by state and by role; the submitter may not check."""
    verbs = [verb for verb in possible(State(item.state)) if permissions.can_do(actor, verb, standing)]
    if item.submitted_by_id is not None and item.submitted_by_id == actor.user_id:
        verbs = [verb for verb in verbs if verb not in (Verb.ACCEPT, Verb.CLOSE)]
    return tuple(verbs)


def _with_members(row: ItemRow, standing: Standing, today: date) -> ItemRow:
    """Fill in who belongs to the groups of the item today."""
    ids = {label.group_id for label in (*row.lead, *row.responsible, *row.cooperating) if label.group_id}
    if not ids:
        return row
    groups = list(UnitGroup.objects.filter(pk__in=ids).select_related("home"))
    members = groups_members(groups=groups, on=today)
    remainder = {group.pk for group in groups if group.group_rule.remainder}
    named = set(WorkItemUnit.objects.filter(item_id=row.id, unit__isnull=False).values_list("unit_id", flat=True))

    def fill(labels: tuple[UnitLabel, ...]) -> tuple[UnitLabel, ...]:
        return tuple(
            replace(
                label,
                members=tuple(
                    unit.display_name
                    for unit in members.get(label.group_id, ())
                    if label.group_id not in remainder or unit.pk not in named
                ),
            )
            if label.group_id
            else label
            for label in labels
        )

    return replace(row, lead=fill(row.lead), responsible=fill(row.responsible), cooperating=fill(row.cooperating))


def evidence_rows(*, item: WorkItem) -> tuple[EvidenceRow, ...]:
    """Return the evidence of an item by day, removed pieces included with their reason."""
    rows = Evidence.objects.filter(item=item).select_related("unit", "added_by").order_by("occurred_on", "pk")
    return tuple(
        EvidenceRow(
            id=row.pk,
            kind=row.kind,
            title=row.title,
            file_id=row.file_id,
            url=row.url,
            ref=row.ref,
            occurred_on=row.occurred_on,
            counted=row.counted,
            harvester=row.harvester,
            check_id=row.check_row_id,
            unit_name=row.unit.display_name if row.unit else "",
            added_by_name=row.added_by.get_full_name() if row.added_by else "系统自动取证",
            added_at=row.added_at,
            removed_at=row.removed_at,
            removed_reason=row.removed_reason,
        )
        for row in rows
    )


def item_history(*, actor: Actor, item_id: int, today: date) -> list[HistoryRow]:
    """Return what happened to an item, newest first; raises NotFound, NotPermitted."""
    item, _ = item_for(actor=actor, item_id=item_id, today=today)
    names = {**{verb.value: name for verb, name in VERB_NAMES.items()}, **LedgerEntry.EXTRA}
    states = dict(WorkItem.STATES)
    entries = LedgerEntry.objects.filter(item=item).select_related("unit").order_by("-at", "-pk")
    return [
        HistoryRow(
            at=entry.at,
            occurred_on=entry.occurred_on,
            verb=entry.verb,
            verb_name=names.get(entry.verb, entry.verb),
            before_name=states.get(entry.before, ""),
            after_name=states.get(entry.after, ""),
            text=entry.text,
            reason=entry.reason,
            percent=entry.percent,
            by_name=entry.by_name,
            unit_name=entry.unit.display_name if entry.unit else "",
            details=entry.details,
        )
        for entry in entries
    ]
