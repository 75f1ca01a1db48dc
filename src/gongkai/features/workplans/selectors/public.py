"""What the public sees of a plan: only what its owner allows; hidden means hidden."""

from __future__ import annotations

from datetime import date

from gongkai.domain.ledger import LIGHT_NAMES, State, Verb
from gongkai.features.workplans.models import LedgerEntry, WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.features.workplans.selectors.items import item_rows
from gongkai.features.workplans.selectors.plans import plan_counts
from gongkai.features.workplans.selectors.public_values import PublicItem, PublicPlan, PublicPlanRow
from gongkai.features.workplans.selectors.values import LightCounts

SHOWN = (WorkPlan.Visibility.PROGRESS, WorkPlan.Visibility.PROGRESS_AND_NOTES)
LIGHTS = tuple(LIGHT_NAMES.items())


def public_plan_list(*, today: date) -> list[PublicPlanRow]:
    """Return the plans that are before the public, newest year first; two queries."""
    plans = list(WorkPlan.objects.filter(visibility__in=SHOWN).select_related("owner").order_by("-year", "-pk"))
    counts = plan_counts(plan_ids=[plan.pk for plan in plans], today=today)
    rows = []
    for plan in plans:
        own = counts.get(plan.pk, LightCounts())
        rows.append(
            PublicPlanRow(
                id=plan.pk,
                title=plan.title,
                year=plan.year,
                doc_no=plan.doc_no,
                owner_name=plan.owner.name,
                items=own.total,
                done=own.done,
                rate=own.rate,
            )
        )
    return rows


def plan_progress(*, plan_id: int, today: date) -> PublicPlan:
    """Return a plan with the progress of each task, canceled ones left out; raises NotFound unless it is public."""
    plan = WorkPlan.objects.select_related("owner").filter(pk=plan_id, visibility__in=SHOWN).first()
    if plan is None or plan.published_at is None:
        raise NotFound("方案", plan_id)
    tasks = WorkItem.objects.filter(plan=plan, parent__isnull=True).exclude(state=State.CANCELED.value)
    loaded = list(tasks.select_related("plan").order_by("sort_order", "pk"))
    shows_notes = plan.visibility == WorkPlan.Visibility.PROGRESS_AND_NOTES
    notes = _latest_notes(plan) if shows_notes else {}
    items = []
    for item, row in zip(loaded, item_rows(loaded, today=today), strict=True):
        note, day = notes.get(item.pk, ("", None))
        items.append(
            PublicItem(
                id=item.pk,
                number=item.number,
                path=tuple(item.path),
                title=item.title,
                text=item.text,
                units=tuple(dict.fromkeys(label.text for label in (*row.lead, *row.responsible, *row.cooperating))),
                due_on=item.due_on,
                due_phrase=item.due_phrase,
                standing=item.standing,
                light=row.light,
                percent=row.percent,
                children=row.children,
                children_done=row.children_done,
                latest_note=note,
                latest_on=day,
            )
        )
    return PublicPlan(
        id=plan.pk,
        title=plan.title,
        doc_no=plan.doc_no,
        year=plan.year,
        issued_on=plan.issued_on,
        owner_name=plan.owner.name,
        published_at=plan.published_at,
        show_notes=shows_notes,
        counts=plan_counts(plan_ids=[plan.pk], today=today).get(plan.pk, LightCounts()),
        items=tuple(items),
    )


def _latest_notes(plan: WorkPlan) -> dict[int, tuple[str, date]]:
    """Return for each task the latest progress reported on it or on a part of it, with its day."""
    entries = LedgerEntry.objects.filter(item__plan=plan, verb__in=[Verb.REPORT.value, Verb.SUBMIT.value])
    notes: dict[int, tuple[str, date]] = {}
    for item_id, root_id, text, day in entries.order_by("at", "pk").values_list(
        "item_id", "item__root_id", "text", "occurred_on"
    ):
        notes[root_id or item_id] = (text, day)
    return notes
