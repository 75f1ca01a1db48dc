"""The administrator's overview by unit, and what waits for one person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import connection
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from gongkai.domain.ledger import Light, State
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import Check, WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import (
    LEAD,
    groups_in_use,
    living,
    owed,
    own_scope,
    successors,
    units_scope,
)
from gongkai.features.workplans.selectors.checks import check_rows
from gongkai.features.workplans.selectors.items import item_rows
from gongkai.features.workplans.selectors.lights import count_lights, light_conditions
from gongkai.features.workplans.selectors.supervision import supervision_notice_list
from gongkai.features.workplans.selectors.values import MyWork, UnitOverview
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import groups_members

# Each unit counts an item once, however often it is named: by itself, by a group, in two roles. An item that was split
# counts for those who do it through their parts, and for its lead units as a whole.
_BY_UNIT = """
WITH item AS ({items}),
member(group_id, unit_id) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
heir(source_id, unit_id) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
split AS (SELECT DISTINCT parent_id FROM workplans_workitem WHERE parent_id IS NOT NULL AND state <> 'canceled'),
owed AS (
  SELECT COALESCE(h.unit_id, w.unit_id, m.unit_id) AS unit_id, i.id, i.light
  FROM item i
  JOIN workplans_workitemunit w ON w.item_id = i.id
  LEFT JOIN member m ON m.group_id = w.group_id
  LEFT JOIN heir h ON h.source_id = w.unit_id
  WHERE (w.role = 'lead' OR i.id NOT IN (SELECT parent_id FROM split))
  AND NOT (w.group_id = ANY(%s) AND EXISTS (
    SELECT FROM workplans_workitemunit n WHERE n.item_id = i.id AND n.unit_id = m.unit_id))
)
SELECT unit_id, light, count(DISTINCT id) FROM owed WHERE unit_id IS NOT NULL GROUP BY unit_id, light
"""


def overview_by_unit(*, actor: Actor, today: date, plan_id: int | None = None) -> list[UnitOverview]:
    """Return each unit's items by light, in directory order, groups expanded as of today.

    People who see everything get every unit that owes something, others their own units.
    """
    items = WorkItem.objects.exclude(state=State.CANCELED.value)
    items = items.filter(plan_id=plan_id) if plan_id is not None else items.filter(plan__state=WorkPlan.State.ACTIVE)
    counts = _counts_by_unit(items, today=today)
    wanted = set(counts) if permissions.can_see_overview(actor) else set(counts) & actor.unit_ids
    rows = []
    for unit in Unit.objects.filter(pk__in=wanted).order_by("position", "sort_key", "pk"):
        own = counts[unit.pk]
        rows.append(
            UnitOverview(
                unit_id=unit.pk,
                unit_name=unit.display_name,
                total=sum(own.values()),
                done=own[Light.DONE],
                overdue=own[Light.OVERDUE],
                near=own[Light.NEAR],
            )
        )
    return rows


def _counts_by_unit(items: QuerySet[WorkItem], *, today: date) -> dict[int, dict[str, int]]:
    conditions = light_conditions(today=today)
    whens = [When(condition, then=Value(light.value)) for light, condition in conditions.items()]
    lit = items.order_by().annotate(light=Case(*whens, output_field=CharField())).values("id", "light")
    sql, parameters = lit.query.sql_with_params()
    groups = groups_in_use()
    members = groups_members(groups=groups, on=today) if groups else {}
    pairs = [(group_id, unit.pk) for group_id, units in members.items() for unit in units]
    steps = successors(today=today)
    heirs = [(source, heir) for source in steps for heir in living([source], steps)]
    remainder = [group.pk for group in groups if group.group_rule.remainder]
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_UNIT.format(items=sql),
            [
                *parameters,
                [g for g, _ in pairs],
                [u for _, u in pairs],
                [s for s, _ in heirs],
                [h for _, h in heirs],
                remainder,
            ],
        )
        for unit_id, light, number in cursor.fetchall():
            found[unit_id][light] += number
    return found


def my_work(*, actor: Actor, today: date, limit: int = 200) -> MyWork:
    """Return what waits for a person: open items of the own units by the next day that matters, and what to check."""
    scope = own_scope(actor=actor, today=today)
    active = WorkItem.objects.filter(plan__state=WorkPlan.State.ACTIVE)
    mine = active.filter(pk__in=owed(scope).values("item_id"))
    conditions = light_conditions(today=today)
    open_items = mine.exclude(conditions[Light.DONE]).exclude(conditions[Light.CANCELED])
    ordered = open_items.select_related("plan").order_by("attention_on", "pk")[:limit]
    to_accept = _to_accept(actor, active, today=today).select_related("plan").order_by("submitted_on", "pk")[:limit]
    checks = Check.objects.filter(item__in=mine, state=Check.State.OPEN).select_related("item", "recorded_by")
    return MyWork(
        items=item_rows(list(ordered), today=today),
        checks=check_rows(list(checks.order_by("due_on", "pk")[:limit]), today=today),
        to_accept=item_rows(list(to_accept), today=today),
        notices=tuple(
            row
            for row in supervision_notice_list(actor=actor, today=today, unanswered=True)
            if row.unit_id in actor.unit_ids
        ),
        counts=count_lights(mine, today=today),
    )


def _to_accept(actor: Actor, items: QuerySet[WorkItem], *, today: date) -> QuerySet[WorkItem]:
    """Return what was handed in and is the actor's to check, the actor's own submissions left out."""
    handed_in = items.filter(state=State.SUBMITTED.value).exclude(submitted_by_id=actor.user_id)
    if allows(actor, "workplans.plan.manage_all"):
        return handed_in
    checking = {u for u in actor.unit_ids if allows(actor, "workplans.item.check", unit_ids=(u,))}
    keeping = {u for u in actor.unit_ids if permissions.can_manage_plan(actor, u)}
    leads = owed(units_scope(unit_ids=checking, today=today), LEAD).values("item_id")
    return handed_in.filter(
        Q(pk__in=leads) | Q(parent_id__in=leads) | Q(root_id__in=leads) | Q(plan__owner_id__in=keeping)
    )
