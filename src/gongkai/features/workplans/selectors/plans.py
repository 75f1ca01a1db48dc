"""Plans with the counts of their items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import plan_for, scope_of, visible_items
from gongkai.features.workplans.selectors.lights import counts_from, light_aggregates
from gongkai.features.workplans.selectors.values import LightCounts, PlanRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.orgs.selectors import group_list, unit_list


def plan_list(*, actor: Actor, today: date, state: str = "", year: int | None = None, text: str = "") -> list[PlanRow]:
    """Return the plans the actor sees, newest year first; three queries more than the actor's scope, however many."""
    plans = WorkPlan.objects.select_related("owner")
    if not permissions.can_see_all(actor):
        scope = scope_of(actor=actor, today=today)
        owes = visible_items(scope).values("plan_id")
        plans = plans.filter(Q(pk__in=owes) | Q(owner_id__in=scope.owner_ids))
    if state:
        plans = plans.filter(state=state)
    if year is not None:
        plans = plans.filter(year=year)
    if text:
        plans = plans.filter(Q(title__icontains=text) | Q(doc_no__icontains=text))
    rows = list(plans.order_by("-year", "-pk"))
    counts = plan_counts(plan_ids=[plan.pk for plan in rows], today=today)
    return [plan_row(plan, counts.get(plan.pk, LightCounts()), actor=actor) for plan in rows]


def plan_get(*, actor: Actor, plan_id: int, today: date) -> PlanRow:
    """Return one plan; raises NotFound, NotPermitted."""
    plan = plan_for(actor=actor, plan_id=plan_id, today=today)
    counts = plan_counts(plan_ids=[plan.pk], today=today)
    return plan_row(plan, counts.get(plan.pk, LightCounts()), actor=actor)


def plan_counts(*, plan_ids: Iterable[int], today: date) -> dict[int, LightCounts]:
    """Count the tasks of plans by light, parts split off left out; one query."""
    tasks = WorkItem.objects.filter(plan_id__in=list(plan_ids), parent__isnull=True).order_by()
    rows = tasks.values("plan_id").annotate(**light_aggregates(today=today))
    return {row["plan_id"]: counts_from(row) for row in rows}


def plan_row(plan: WorkPlan, counts: LightCounts, *, actor: Actor) -> PlanRow:
    """Turn a loaded plan (with ``owner``) into a row."""
    return PlanRow(
        id=plan.pk,
        title=plan.title,
        doc_no=plan.doc_no,
        year=plan.year,
        issued_on=plan.issued_on,
        kind_name=plan.get_kind_display(),
        owner_id=plan.owner_id,
        owner_name=plan.owner.display_name,
        state=plan.state,
        state_name=plan.get_state_display(),
        visibility=plan.visibility,
        visibility_name=plan.get_visibility_display(),
        published_at=plan.published_at,
        file_id=plan.source_file_id,
        schedule=tuple(plan.schedule),
        counts=counts,
        can_manage=permissions.can_manage_plan(actor, plan.owner_id),
    )


def unit_choices(*, actor: Actor, today: date) -> list[tuple[int, str]]:
    """Return (id, name) of the units that exist today, in directory order, for a select box."""
    return [(unit.pk, unit.display_name) for unit in unit_list(actor=actor, on=today)]


def owner_choices(*, actor: Actor, today: date) -> list[tuple[int, str]]:
    """Return (id, name) of the units whose plans the actor may import."""
    return [
        (unit.pk, unit.display_name)
        for unit in unit_list(actor=actor, on=today)
        if permissions.can_manage_plan(actor, unit.pk)
    ]


def group_choices(*, actor: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of the groups on file, for a select box."""
    return [(group.pk, group.name) for group in group_list(actor=actor)]
