"""The administrator's overview by unit, and what waits for one person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import connection, transaction
from django.db.models import Case, Q, QuerySet, SmallIntegerField, Value, When

from gongkai.domain.ledger import Light, State
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import Check, WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import (
    LEAD,
    Memberships,
    living,
    memberships,
    owed,
    own_scope,
    units_scope,
)
from gongkai.features.workplans.selectors.checks import check_rows
from gongkai.features.workplans.selectors.items import item_rows
from gongkai.features.workplans.selectors.lights import count_lights, light_conditions
from gongkai.features.workplans.selectors.supervision import own_notices_unanswered
from gongkai.features.workplans.selectors.values import MyWork, UnitOverview
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows
from gongkai.kernel.orgs.models import Unit

# Each unit counts an item once, however often it is named: by itself, by a group, in two roles. An item that was split
# counts for those who do it through their parts, and for its lead units as a whole. Items named by one group are counted
# for the group, not for each of its members; the caller adds that number to every member, and takes off what "less"
# says: members that the same item names beside their group. Only items of several groups are spread over the members.
_BY_UNIT = """
WITH item AS MATERIALIZED ({items}),
member(group_id, unit_id) AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
heir(source_id, unit_id) AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
remainder(group_id) AS MATERIALIZED (SELECT unnest(%s::bigint[])),
split AS MATERIALIZED (SELECT DISTINCT parent_id FROM workplans_workitem WHERE parent_id IS NOT NULL AND state <> 'canceled'),
owed AS MATERIALIZED (
  SELECT i.id, i.light, COALESCE(h.unit_id, w.unit_id) AS unit_id, w.group_id
  FROM item i
  JOIN workplans_workitemunit w ON w.item_id = i.id
  LEFT JOIN heir h ON h.source_id = w.unit_id
  WHERE w.role = 'lead' OR i.id NOT IN (SELECT parent_id FROM split)
),
direct AS MATERIALIZED (SELECT DISTINCT id, unit_id, light FROM owed WHERE unit_id IS NOT NULL),
grouped AS MATERIALIZED (
  SELECT id, light, min(group_id) AS group_id, min(group_id) <> max(group_id) AS several
  FROM owed WHERE group_id IS NOT NULL GROUP BY id, light
),
named AS MATERIALIZED (
  SELECT g.id, COALESCE(h.unit_id, w.unit_id) AS unit_id
  FROM grouped g
  JOIN workplans_workitemunit w ON w.item_id = g.id AND w.unit_id IS NOT NULL
  LEFT JOIN heir h ON h.source_id = w.unit_id
  WHERE EXISTS (SELECT FROM remainder)
),
less AS (
  SELECT g.id, g.light, d.unit_id FROM grouped g JOIN direct d ON d.id = g.id
  JOIN member m ON m.group_id = g.group_id AND m.unit_id = d.unit_id WHERE NOT g.several
  UNION
  SELECT g.id, g.light, n.unit_id FROM grouped g JOIN named n ON n.id = g.id
  JOIN member m ON m.group_id = g.group_id AND m.unit_id = n.unit_id
  WHERE NOT g.several AND g.group_id IN (SELECT group_id FROM remainder)
),
spread AS (
  SELECT DISTINCT g.id, g.light, m.unit_id
  FROM grouped g JOIN owed o ON o.id = g.id JOIN member m ON m.group_id = o.group_id
  WHERE g.several AND EXISTS (SELECT FROM grouped WHERE several)
  AND NOT EXISTS (SELECT FROM direct d WHERE d.id = g.id AND d.unit_id = m.unit_id)
  AND NOT (o.group_id IN (SELECT group_id FROM remainder)
           AND EXISTS (SELECT FROM named n WHERE n.id = g.id AND n.unit_id = m.unit_id))
)
SELECT 'unit', unit_id, light, count(*) FROM direct GROUP BY unit_id, light
UNION ALL SELECT 'unit', unit_id, light, count(*) FROM spread GROUP BY unit_id, light
UNION ALL SELECT 'group', group_id, light, count(*) FROM grouped WHERE NOT several GROUP BY group_id, light
UNION ALL SELECT 'less', unit_id, light, -count(*) FROM less GROUP BY unit_id, light
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
    lights = list(conditions)  # numbers instead of names: they are cheaper to carry, hash and compare
    whens = [When(conditions[light], then=Value(n)) for n, light in enumerate(lights)]
    lit = items.order_by().annotate(light=Case(*whens, output_field=SmallIntegerField())).values("id", "light")
    sql, parameters = lit.query.sql_with_params()
    reach = memberships(today=today)
    pairs = [(group_id, unit_id) for group_id, units in reach.members.items() for unit_id in units]
    heirs = [(source, heir) for source in reach.steps for heir in living([source], reach.steps)]
    columns = [[p[0] for p in pairs], [p[1] for p in pairs], [h[0] for h in heirs], [h[1] for h in heirs]]
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # what is counted stays in memory up to some 300 000 items
        cursor.execute(_BY_UNIT.format(items=sql), [*parameters, *columns, sorted(reach.remainder)])
        for kind, key, light, number in cursor.fetchall():
            for unit_id in reach.members.get(key, ()) if kind == "group" else (key,):
                found[unit_id][lights[light]] += number
    return {unit_id: own for unit_id, own in found.items() if any(own.values())}


def my_work(*, actor: Actor, today: date, limit: int = 200) -> MyWork:
    """Return what waits for a person: open items of the own units by the next day that matters, and what to check."""
    reach = memberships(today=today)
    scope = own_scope(actor=actor, today=today, reach=reach)
    active = WorkItem.objects.filter(plan_id__in=WorkPlan.objects.filter(state=WorkPlan.State.ACTIVE).values("pk"))
    mine = active.filter(pk__in=owed(scope).values("item_id"))
    conditions = light_conditions(today=today)
    open_items = mine.exclude(conditions[Light.DONE]).exclude(conditions[Light.CANCELED])
    ordered = list(open_items.select_related("plan").order_by("attention_on", "pk")[:limit])
    handed_in = _to_accept(actor, active, today=today, reach=reach)
    to_accept = (
        list(handed_in.select_related("plan").order_by("submitted_on", "pk")[:limit]) if handed_in is not None else []
    )
    checks = Check.objects.filter(item__in=mine, state=Check.State.OPEN).select_related("item", "recorded_by")
    rows = item_rows([*ordered, *to_accept], today=today)
    return MyWork(
        items=rows[: len(ordered)],
        checks=check_rows(list(checks.order_by("due_on", "pk")[:limit]), today=today),
        to_accept=rows[len(ordered) :],
        notices=tuple(own_notices_unanswered(actor=actor, today=today)),
        counts=count_lights(mine, today=today),
    )


def _to_accept(
    actor: Actor, items: QuerySet[WorkItem], *, today: date, reach: Memberships
) -> QuerySet[WorkItem] | None:
    """Return what was handed in and is the actor's to check, own submissions left out; None when nothing can be."""
    handed_in = items.filter(state=State.SUBMITTED.value).exclude(submitted_by_id=actor.user_id)
    if allows(actor, "workplans.plan.manage_all"):
        return handed_in
    checking = {u for u in actor.unit_ids if allows(actor, "workplans.item.check", unit_ids=(u,))}
    keeping = {u for u in actor.unit_ids if permissions.can_manage_plan(actor, u)}
    if not checking and not keeping:
        return None
    leads = owed(units_scope(unit_ids=checking, today=today, reach=reach), LEAD).values("item_id")
    return handed_in.filter(
        Q(pk__in=leads) | Q(parent_id__in=leads) | Q(root_id__in=leads) | Q(plan__owner_id__in=keeping)
    )
