"""The ledger's list: filtered, ordered, a page at a time, with units, lights and evidence in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from gongkai.domain.ledger import (
    FINISHED,
    STATE_NAMES,
    Light,
    Node,
    Progress,
    State,
    carried_over,
    overdue_days,
    roll_up,
)
from gongkai.features.workplans.models import Evidence, WorkItem, WorkItemUnit, WorkPlan
from gongkai.features.workplans.selectors.access import owed, own_scope, scope_of, units_scope, visible_items
from gongkai.features.workplans.selectors.filters import ItemFilters
from gongkai.features.workplans.selectors.lights import count_lights, dates_of, light_conditions, light_of
from gongkai.features.workplans.selectors.values import ItemPage, ItemRow, LightCounts, UnitLabel
from gongkai.kernel.accounts.actor import Actor

ORDERS: Mapping[str, tuple[object, ...]] = {
    "due": (F("attention_on").asc(nulls_last=True), "pk"),
    "-due": (F("attention_on").desc(nulls_last=True), "-pk"),
    "plan": ("-plan_id", "sort_order", "pk"),
    "number": ("plan_id", "sort_order", "pk"),
    "changed": ("-changed_at", "-pk"),
}
LARGEST_PAGE = 500


def items_filtered(*, actor: Actor, filters: ItemFilters, today: date) -> QuerySet[WorkItem]:
    """Return the items the actor sees, narrowed by the filters, in no order."""
    items = visible_items(scope_of(actor=actor, today=today))
    if filters.ids:
        items = items.filter(pk__in=filters.ids)
    if filters.plan_id is not None:
        items = items.filter(plan_id=filters.plan_id)
    elif not filters.archived:
        items = items.filter(plan_id__in=WorkPlan.objects.filter(state=WorkPlan.State.ACTIVE).values("pk"))
    if filters.year is not None:
        items = items.filter(plan__year=filters.year)
    if filters.unit_id is not None:
        rows = owed(units_scope(unit_ids=[filters.unit_id], today=today), filters.role)
        items = items.filter(pk__in=rows.values("item_id"))
    if filters.mine:
        items = items.filter(pk__in=owed(own_scope(actor=actor, today=today), filters.role).values("item_id"))
    if filters.states:
        items = items.filter(state__in=[state.value for state in filters.states])
    if filters.lights:
        conditions = light_conditions(today=today)
        wanted = Q()
        for light in filters.lights:
            wanted |= conditions[light]
        items = items.filter(wanted)
    if filters.due_from is not None:
        items = items.filter(due_on__gte=filters.due_from)
    if filters.due_to is not None:
        items = items.filter(due_on__lte=filters.due_to)
    if filters.kind:
        items = items.filter(kind=filters.kind)
    if filters.parent_id is not None:
        items = items.filter(parent_id=filters.parent_id)
    if filters.top_only:
        items = items.filter(parent_id__isnull=True)
    if filters.carried_over:
        finished = [s.value for s in (*FINISHED, State.CANCELED)]
        items = items.filter(due_on__lt=date(today.year, 1, 1)).exclude(state__in=finished)
    if filters.unassigned:
        named = WorkItemUnit.objects.filter(Q(unit__isnull=False) | Q(group__isnull=False))
        items = items.exclude(pk__in=named.values("item_id"))
    if filters.text:
        items = items.filter(
            Q(title__icontains=filters.text) | Q(text__icontains=filters.text) | Q(number=filters.text)
        )
    return items


def item_list(
    *,
    actor: Actor,
    filters: ItemFilters | None = None,
    order: str = "due",
    page: int = 1,
    size: int = 50,
    today: date,
) -> ItemPage:
    """Return one page of the items the actor sees, with a number of queries that does not depend on how many there are.

    ``order`` is due, -due, plan, number or changed; ``page`` counts from 1 and is brought into range; ``size`` is at
    most 500.
    """
    size = min(max(size, 1), LARGEST_PAGE)
    chosen = filters or ItemFilters()
    items = items_filtered(actor=actor, filters=chosen, today=today)
    ordered = items.order_by(*ORDERS.get(order, ORDERS["due"]))
    if chosen.text:
        # Looking through every clause is what costs: one pass brings the ids to count and to cut the page from.
        every = list(ordered.values_list("pk", flat=True))
        total = len(every)
        number = _page_in_range(page, total, size)
        wanted = every[(number - 1) * size : number * size]
        found = WorkItem.objects.select_related("plan").in_bulk(wanted)
        loaded = [found[pk] for pk in wanted if pk in found]
    else:
        total = items.count()
        number = _page_in_range(page, total, size)
        loaded = list(ordered.select_related("plan")[(number - 1) * size : number * size])
    return ItemPage(rows=item_rows(loaded, today=today), total=total, number=number, size=size)


def _page_in_range(page: int, total: int, size: int) -> int:
    return min(max(page, 1), max(-(-total // size), 1))


def item_counts_by_light(*, actor: Actor, filters: ItemFilters | None = None, today: date) -> LightCounts:
    """Count the items the actor sees by light; a filter by light is left out, so that every light has its number."""
    from dataclasses import replace

    narrowed = replace(filters or ItemFilters(), lights=())
    return count_lights(items_filtered(actor=actor, filters=narrowed, today=today), today=today)


def item_rows(items: Sequence[WorkItem], *, today: date) -> tuple[ItemRow, ...]:
    """Turn loaded items (with ``plan``) into list lines: three queries more, however many there are."""
    if not items:
        return ()
    labels = unit_labels(item_ids=[item.pk for item in items])
    evidence = evidence_counts(item_ids=[item.pk for item in items])
    progress = progress_of(items)
    rows = []
    for item in items:
        own = labels.get(item.pk, {})
        state = State(item.state)
        rows.append(
            ItemRow(
                id=item.pk,
                plan_id=item.plan_id,
                plan_title=item.plan.title,
                plan_year=item.plan.year,
                parent_id=item.parent_id,
                kind=item.kind,
                number=item.number,
                path=tuple(item.path),
                title=item.title,
                state=state,
                state_name=STATE_NAMES[state],
                state_reason=item.state_reason,
                light=light_of(item, today=today),
                due_on=item.due_on,
                due_phrase=item.due_phrase,
                attention_on=item.attention_on,
                standing=item.standing,
                periodic=item.periodic,
                shared_duty=item.shared_duty,
                overdue_days=overdue_days(dates_of(item), today=today),
                carried_over=carried_over(state, item.due_on, today=today),
                percent=progress[item.pk].percent,
                children=progress[item.pk].children,
                children_done=progress[item.pk].children_done,
                lead=tuple(own.get("lead", ())),
                responsible=tuple(own.get("responsible", ())),
                cooperating=tuple(own.get("cooperating", ())),
                evidence_count=evidence.get(item.pk, 0),
                changed_at=item.changed_at,
            )
        )
    return tuple(rows)


def unit_labels(*, item_ids: Iterable[int]) -> dict[int, dict[str, list[UnitLabel]]]:
    """Return the units of items by item and role, in the plan's order; one query."""
    found: dict[int, dict[str, list[UnitLabel]]] = defaultdict(lambda: defaultdict(list))
    rows = WorkItemUnit.objects.filter(item_id__in=list(item_ids)).order_by("item_id", "sort_order", "pk")
    for item_id, role, unit_id, unit_name, unit_short, group_id, group_name, phrase in rows.values_list(
        "item_id", "role", "unit_id", "unit__name", "unit__short_name", "group_id", "group__name", "phrase"
    ):
        text = unit_short or unit_name or group_name or phrase
        found[item_id][role].append(UnitLabel(role, text, unit_id, group_id, phrase))
    return found


def evidence_counts(*, item_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pieces of evidence count for each item; one query."""
    live = Evidence.objects.filter(item_id__in=list(item_ids), removed_at__isnull=True, counted=True).order_by()
    return dict(live.values("item_id").annotate(number=Count("pk")).values_list("item_id", "number"))


def progress_of(items: Sequence[WorkItem]) -> Mapping[int, Progress]:
    """Return the rolled-up progress of items: everything under the same roots is read in one query."""
    roots = {item.root_id or item.pk for item in items}
    below = WorkItem.objects.filter(root_id__in=roots).values_list("pk", "parent_id", "state", "percent")
    nodes = {pk: Node(pk, parent_id, State(state), percent) for pk, parent_id, state, percent in below}
    for item in items:
        nodes.setdefault(item.pk, Node(item.pk, item.parent_id, State(item.state), item.percent))
    return roll_up(nodes.values())


def light_filter(name: str) -> tuple[Light, ...]:
    """Return the light of that name as a filter, or none when there is no such light."""
    return (Light(name),) if name in set(Light) else ()
