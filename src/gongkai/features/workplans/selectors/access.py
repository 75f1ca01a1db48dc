"""Which items an actor sees, and how units stand to an item on a day; groups and dissolved units are resolved here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from gongkai.domain.issues import Issue
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import WorkItem, WorkItemUnit, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import UnitGroup, UnitLineage
from gongkai.kernel.orgs.selectors import groups_members

LEAD = WorkItemUnit.Role.LEAD
RESPONSIBLE = WorkItemUnit.Role.RESPONSIBLE
COOPERATING = WorkItemUnit.Role.COOPERATING


class NotFound(Refused):
    """There is no such thing, or it is hidden from the public; views answer 404."""

    def __init__(self, what: str, id: object) -> None:
        super().__init__(Issue("workplans.not_found", values={"what": what, "id": id}))


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor reaches on a day: everything, or items of these units (and of groups they belong to), or own plans.

    ``unit_ids`` are the actor's units and the dissolved units they took over from.
    """

    everything: bool
    unit_ids: frozenset[int]
    group_ids: frozenset[int]
    owner_ids: frozenset[int]


def successors(*, today: date) -> dict[int, set[int]]:
    """Return for each unit that was merged or split by ``today`` the units that took over from it, one step."""
    steps: dict[int, set[int]] = defaultdict(set)
    rows = UnitLineage.objects.filter(on__lte=today, target__isnull=False, source__dissolved_on__lte=today)
    for source_id, target_id in rows.exclude(source=F("target")).values_list("source_id", "target_id"):
        steps[source_id].add(target_id)
    return steps


def living(unit_ids: Iterable[int], steps: Mapping[int, set[int]]) -> frozenset[int]:
    """Replace dissolved units by those that took over, over any number of steps."""
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(unit_ids)
    while waiting:
        unit_id = waiting.pop()
        if unit_id in seen:
            continue
        seen.add(unit_id)
        if unit_id in steps:
            waiting.extend(steps[unit_id])
        else:
            found.add(unit_id)
    return frozenset(found)


def with_predecessors(unit_ids: Iterable[int], steps: Mapping[int, set[int]]) -> frozenset[int]:
    """Return the units and every dissolved unit whose matters they took over."""
    own = frozenset(unit_ids)
    return own | {source for source in steps if living([source], steps) & own}


def groups_in_use() -> list[UnitGroup]:
    """Return the groups that any item names."""
    used = WorkItemUnit.objects.filter(group_id=OuterRef("pk"))
    return list(UnitGroup.objects.filter(Exists(used)).select_related("home"))


def scope_of(*, actor: Actor, today: date) -> Scope:
    """Return what the actor reaches on the day, in a number of queries that does not depend on the ledger's size."""
    if permissions.can_see_all(actor):
        return Scope(True, frozenset(), frozenset(), frozenset())
    return own_scope(actor=actor, today=today)


@dataclass(frozen=True, slots=True)
class Memberships:
    """What groups and dissolved units mean on a day: unit ids by group in use, groups of the remainder, successors."""

    members: Mapping[int, frozenset[int]]
    remainder: frozenset[int]
    steps: Mapping[int, set[int]]


def memberships(*, today: date) -> Memberships:
    """Resolve every group in use and every dissolved unit once, for callers that need several scopes of one day."""
    groups = groups_in_use()
    found = groups_members(groups=groups, on=today) if groups else {}
    return Memberships(
        members={group_id: frozenset(unit.pk for unit in units) for group_id, units in found.items()},
        remainder=frozenset(group.pk for group in groups if group.group_rule.remainder),
        steps=successors(today=today),
    )


def own_scope(*, actor: Actor, today: date, reach: Memberships | None = None) -> Scope:
    """Return what belongs to the actor's own units, also for people who see everything."""
    owners = frozenset(unit_id for unit_id in actor.unit_ids if permissions.can_manage_plan(actor, unit_id))
    return units_scope(unit_ids=actor.unit_ids, owner_ids=owners, today=today, reach=reach)


def units_scope(
    *, unit_ids: Iterable[int], owner_ids: frozenset[int] = frozenset(), today: date, reach: Memberships | None = None
) -> Scope:
    """Return the scope of some units on the day; ``reach`` saves resolving groups and dissolved units again."""
    own = frozenset(unit_ids)
    if not own:
        return Scope(False, own, frozenset(), owner_ids)
    known = reach or memberships(today=today)
    group_ids = frozenset(group_id for group_id, units in known.members.items() if units & own)
    return Scope(False, with_predecessors(own, known.steps), group_ids, owner_ids)


def owed(scope: Scope, role: str = "") -> QuerySet[WorkItemUnit]:
    """Return the rows by which units of the scope owe items, in one role or in any."""
    rows = WorkItemUnit.objects.filter(Q(unit_id__in=scope.unit_ids) | Q(group_id__in=scope.group_ids))
    return rows.filter(role=role) if role else rows


def visible_items(scope: Scope) -> QuerySet[WorkItem]:
    """Return the items in the scope: owed by its units, split off from items its units lead, or of its own plans."""
    if scope.everything:
        return WorkItem.objects.all()
    leads = owed(scope, LEAD).values("item_id")
    return WorkItem.objects.filter(
        Q(pk__in=owed(scope).values("item_id"))
        | Q(parent_id__in=leads)
        | Q(root_id__in=leads)
        | Q(plan_id__in=WorkPlan.objects.filter(owner_id__in=scope.owner_ids).values("pk"))
    )


def item_standings(*, items: Iterable[WorkItem], today: date) -> dict[int, Standing]:
    """Return how units stand to each item on the day; constant number of queries. Items need ``plan`` loaded."""
    rows = list(items)
    above = {i for item in rows for i in (item.parent_id, item.root_id) if i is not None}
    wanted = {item.pk for item in rows} | above
    unit_rows = list(WorkItemUnit.objects.filter(item_id__in=wanted).select_related("group", "group__home"))
    steps = successors(today=today)
    groups = {row.group_id: row.group for row in unit_rows if row.group is not None}
    members = groups_members(groups=list(groups.values()), on=today) if groups else {}
    by_item: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    named: dict[int, set[int]] = defaultdict(set)
    for row in unit_rows:
        if row.unit_id is not None:
            found = living([row.unit_id], steps)
            by_item[row.item_id][row.role] |= found
            named[row.item_id] |= found
    for row in unit_rows:
        if row.group is None:
            continue
        found = {unit.pk for unit in members.get(row.group_id, [])}
        if row.group.group_rule.remainder:  # 其余…: without those that the same clause names
            found -= named[row.item_id]
        by_item[row.item_id][row.role] |= found
    result: dict[int, Standing] = {}
    for item in rows:
        roles = by_item[item.pk]
        lead_above: set[int] = set()
        for i in (item.parent_id, item.root_id):
            lead_above |= by_item[i][LEAD] if i is not None else set()
        result[item.pk] = Standing(
            owner_id=item.plan.owner_id,
            lead=frozenset(roles[LEAD]),
            responsible=frozenset(roles[RESPONSIBLE]),
            cooperating=frozenset(roles[COOPERATING]),
            lead_above=frozenset(lead_above),
        )
    return result


def item_standing(*, item: WorkItem, today: date) -> Standing:
    """Return how units stand to one item on the day."""
    return item_standings(items=[item], today=today)[item.pk]


def item_for(*, actor: Actor, item_id: int, today: date) -> tuple[WorkItem, Standing]:
    """Return an item the actor may see, with its standing; raises NotFound, NotPermitted."""
    item = WorkItem.objects.select_related("plan", "plan__owner").filter(pk=item_id).first()
    if item is None:
        raise NotFound("任务", item_id)
    standing = item_standing(item=item, today=today)
    if not permissions.can_see_item(actor, standing):
        raise NotPermitted(ability="查看这项任务")
    return item, standing


def plan_for(*, actor: Actor, plan_id: int, today: date) -> WorkPlan:
    """Return a plan the actor may see; raises NotFound, NotPermitted."""
    plan = WorkPlan.objects.select_related("owner").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("方案", plan_id)
    if permissions.can_see_all(actor) or permissions.can_manage_plan(actor, plan.owner_id):
        return plan
    scope = scope_of(actor=actor, today=today)
    owes = bool(actor.grants) and visible_items(scope).filter(plan=plan).exists()
    if not permissions.can_see_plan(actor, plan.owner_id, owes=owes):
        raise NotPermitted(ability="查看这个方案")
    return plan
