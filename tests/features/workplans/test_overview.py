"""The overview's counts are those of a plain walk over the items, and cost the same number of queries."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.ledger import State
from gongkai.features.workplans import selectors
from gongkai.features.workplans.models import WorkItem, WorkItemUnit
from gongkai.features.workplans.selectors.access import item_standings
from gongkai.features.workplans.selectors.lights import light_of
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.services import unit_merge
from tests.factories.world import NOW, SYSTEM, TODAY, World


def plain(world: World) -> dict[int, Counter[str]]:
    """Count in Python, item by item."""
    items = list(WorkItem.objects.select_related("plan").exclude(state=State.CANCELED.value))
    split = set(WorkItem.objects.exclude(state="canceled").values_list("parent_id", flat=True))
    found: dict[int, Counter[str]] = {}
    standings = item_standings(items=items, today=TODAY)
    for item in items:
        own = standings[item.pk]
        units = own.lead if item.pk in split else own.lead | own.responsible | own.cooperating
        for unit_id in units:
            found.setdefault(unit_id, Counter())[light_of(item, today=TODAY).value] += 1
    return found


def fill(world: World, number: int, chance: random.Random) -> None:
    plan, groups = world.plan(), [world.group("各乡镇人民政府"), world.group("其余乡镇人民政府")]
    units = [world.finance, world.justice, world.east, world.west]
    made: list[WorkItem] = []
    for n in range(number):
        parent = chance.choice(made) if made and n % 5 == 0 else None
        due = TODAY + timedelta(days=chance.randrange(-30, 60))
        item = world.item(plan, lead=chance.choice(units), parent=parent, root=parent, due_on=due)
        for role in ("responsible", "cooperating"):
            for whom in chance.sample([*units, *groups], chance.randrange(3)):
                place = {"group": whom} if whom in groups else {"unit": whom}
                WorkItemUnit.objects.create(item=item, role=role, phrase=whom.name, **place)
        if parent is None:
            made.append(item)


class TestCounts:
    def test_are_those_of_a_plain_walk_also_over_merged_units_and_several_groups(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        chance = random.Random(5)
        fill(world, 60, chance)
        for merging in (True, False):
            rows = selectors.overview_by_unit(actor=office, today=TODAY)
            expected = plain(world)
            assert {r.unit_id: (r.total, r.done, r.overdue, r.near) for r in rows} == {
                unit_id: (own.total(), own["done"], own["overdue"], own["near"]) for unit_id, own in expected.items()
            }
            if merging:
                unit_merge(actor=SYSTEM, source_ids=[world.justice.pk], into=world.finance.pk, on=TODAY, now=NOW)

    def test_take_the_same_number_of_queries(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)

        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                selectors.overview_by_unit(actor=office, today=TODAY)
            return len(queries)

        chance = random.Random(6)
        fill(world, 10, chance)
        few = count()
        fill(world, 40, chance)
        assert count() == few
