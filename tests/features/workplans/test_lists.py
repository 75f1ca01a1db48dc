"""Lists: constant number of queries, filters, lights in the database as in the domain, who sees what, groups over time."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gongkai.domain.ledger import Dates, Light, State, read_light
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import WorkItem
from gongkai.features.workplans.selectors import ItemFilters
from gongkai.features.workplans.selectors.lights import light_conditions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import UnitGroup
from gongkai.kernel.orgs.services import NewUnit, unit_create, unit_merge, unit_rename
from tests.factories.world import NOW, SYSTEM, TODAY, World

NEAR = timedelta(days=15)


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


def state_fields(world: World, state: State) -> dict[str, object]:
    """The fields that the database asks for in a state."""
    fields: dict[str, object] = {}
    if state in (State.RETURNED, State.CANCELED):
        fields["state_reason"] = "说明"
    if state in (State.SUBMITTED, State.ACCEPTED, State.CLOSED):
        fields |= {"submitted_by": world.person(None, None), "submitted_on": TODAY}
    if state in (State.ACCEPTED, State.CLOSED):
        fields |= {"accepted_by": world.person(None, None), "accepted_at": NOW}
    if state is State.CLOSED:
        fields |= {"closed_by": fields["accepted_by"], "closed_at": NOW}
    return fields


class TestLights:
    def test_database_shows_the_same_light_as_the_domain_for_every_kind_of_item(self, world: World) -> None:
        plan = world.plan()
        days = [None, *(TODAY + timedelta(days=n) for n in (-400, -1, 0, 1, 15, 16, 90))]
        people = {state: state_fields(world, state) for state in State}
        items: list[WorkItem] = []
        for state, day, standing, periodic, handed_in in product(
            State, days, (False, True), (False, True), (TODAY - timedelta(days=30), TODAY + timedelta(days=30))
        ):
            if state in (State.CLOSED, State.CANCELED) and day is not None:
                continue
            fields = {**people[state], "state": state.value, "attention_on": day}
            if "submitted_on" in fields:
                fields["submitted_on"] = handed_in
            times = {"created_at": NOW, "changed_at": NOW}
            items.append(WorkItem(plan=plan, title="任务", standing=standing, periodic=periodic, **fields, **times))
        WorkItem.objects.bulk_create(items)
        expected = {
            item.pk: read_light(
                Dates(State(item.state), item.attention_on, item.standing or item.periodic, item.submitted_on),
                today=TODAY,
                near_until=TODAY + NEAR,
            )
            for item in items
        }
        found: dict[int, Light] = {}
        for light, condition in light_conditions(today=TODAY).items():
            for pk in WorkItem.objects.filter(condition).values_list("pk", flat=True):
                assert pk not in found, "two lights at once"
                found[pk] = light
        assert found == expected
        assert set(found.values()) == set(Light)


class TestQueries:
    @pytest.mark.parametrize("role", [Role.DISCLOSURE_OFFICE, Role.DRAFTER])
    def test_list_takes_the_same_number_of_queries_for_10_and_for_200_items(self, world: World, role: Role) -> None:
        office = world.actor(role, world.office if role is Role.DISCLOSURE_OFFICE else world.finance)
        towns, plan = world.group("各乡镇人民政府"), world.plan()

        def fill(number: int) -> None:
            for n in range(number):
                item = world.item(plan, lead=world.finance, responsible=towns, due_on=TODAY + timedelta(days=n))
                item.evidence.create(kind="url", url="https://a.cn", title="x", occurred_on=TODAY, added_at=NOW)
                if n % 5 == 0:
                    world.item(plan, parent=item, root=item, responsible=world.east)

        def count(expected: int) -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page = selectors.item_list(actor=office, today=TODAY, size=500)
            assert page.total == expected
            assert all(row.evidence_count == 1 and row.responsible for row in page.rows if row.parent_id is None)
            return len(queries)

        fill(10)
        few = count(12)
        fill(190)
        assert count(12 + 190 + 38) == few <= 16

    def test_my_work_and_plans_take_a_constant_number_of_queries(self, world: World) -> None:
        clerk = world.actor(Role.DRAFTER, world.finance)

        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                selectors.my_work(actor=clerk, today=TODAY)
                selectors.plan_list(actor=clerk, today=TODAY)
                selectors.overview_by_unit(actor=clerk, today=TODAY)
            return len(queries)

        for _ in range(3):
            world.item(world.plan(), lead=world.finance, due_on=TODAY)
        few = count()
        for _ in range(30):
            world.item(world.plan(), lead=world.finance, due_on=TODAY)
        assert count() == few


class TestFilters:
    def test_each_filter_narrows(self, world: World, office: Actor) -> None:
        plan, other = world.plan(), world.plan(year=2025)
        late = world.item(plan, lead=world.finance, due_on=TODAY - timedelta(days=1), title="预算公开")
        near = world.item(plan, responsible=world.justice, due_on=TODAY + timedelta(days=3), kind="guarantee")
        far = world.item(other, due_on=date(2026, 12, 31), state=State.IN_PROGRESS, text="解读政策")
        old = world.item(other, due_on=date(2025, 12, 31))
        part = world.item(plan, parent=late, root=late, responsible=world.east)

        def found(**filters: object) -> set[int]:
            page = selectors.item_list(actor=office, filters=ItemFilters(**filters), today=TODAY)  # type: ignore[arg-type]
            return {row.id for row in page.rows}

        assert found(plan_id=plan.pk) == {late.pk, near.pk, part.pk}
        assert found(year=2025) == {far.pk, old.pk}
        assert found(lights=(Light.OVERDUE, Light.NEAR)) == {late.pk, near.pk, old.pk}
        assert found(states=(State.IN_PROGRESS,)) == {far.pk}
        assert found(unit_id=world.finance.pk) == {late.pk}
        assert found(unit_id=world.finance.pk, role="responsible") == set()
        assert found(due_from=TODAY, due_to=TODAY + timedelta(days=30)) == {near.pk}
        assert found(text="预算") == {late.pk}
        assert found(text="解读政策") == {far.pk}
        assert found(kind="guarantee") == {near.pk}
        assert found(carried_over=True) == {old.pk}
        assert found(unassigned=True) == {far.pk, old.pk}
        assert found(parent_id=late.pk) == {part.pk}
        assert found(top_only=True) == {late.pk, near.pk, far.pk, old.pk}
        assert found(mine=True) == set()

    def test_archived_plans_are_left_out_unless_asked_for(self, world: World, office: Actor) -> None:
        plan = world.plan(state="archived", archived_at=NOW)
        world.item(plan)
        assert selectors.item_list(actor=office, today=TODAY).total == 0
        assert selectors.item_list(actor=office, filters=ItemFilters(archived=True), today=TODAY).total == 1
        assert selectors.item_list(actor=office, filters=ItemFilters(plan_id=plan.pk), today=TODAY).total == 1

    def test_query_string_is_read_and_nonsense_is_left_out(self) -> None:
        query = QueryDict(
            "lights=overdue,near&lights=blue&states=closed&plan_id=7&unit_id=x&due_from=2026-13-01&mine=on"
        )
        assert ItemFilters.from_query(query) == ItemFilters(
            lights=(Light.OVERDUE, Light.NEAR), states=(State.CLOSED,), plan_id=7, mine=True
        )

    def test_orders_and_pages(self, world: World, office: Actor) -> None:
        plan = world.plan()
        days = [None, TODAY + timedelta(days=2), TODAY + timedelta(days=1)]
        items = [world.item(plan, due_on=day) for day in days]
        first = selectors.item_list(actor=office, today=TODAY, size=2)
        assert [row.id for row in first.rows] == [items[2].pk, items[1].pk]
        assert (first.total, first.pages, first.has_next) == (3, 2, True)
        last = selectors.item_list(actor=office, today=TODAY, size=2, page=99)
        assert ([row.id for row in last.rows], last.number) == ([items[0].pk], 2)
        by_plan = selectors.item_list(actor=office, today=TODAY, order="plan")
        assert [row.id for row in by_plan.rows] == [item.pk for item in items]

    def test_counts_by_light_ignore_the_light_filter(self, world: World, office: Actor) -> None:
        plan = world.plan()
        world.item(plan, due_on=TODAY - timedelta(days=1))
        world.item(plan, standing=True)
        world.item(plan)
        counts = selectors.item_counts_by_light(actor=office, filters=ItemFilters(lights=(Light.OVERDUE,)), today=TODAY)
        assert (counts.overdue, counts.standing, counts.no_date, counts.total, counts.rate) == (1, 1, 1, 3, 0)


class TestGroupsOverTime:
    def test_members_of_today_owe_the_item(self, world: World, office: Actor) -> None:
        towns = world.group("各乡镇人民政府")
        item = world.item(world.plan(), lead=world.finance, responsible=towns)
        east = world.actor(Role.DRAFTER, world.east)
        assert selectors.item_list(actor=east, today=TODAY).total == 1
        assert services.item_start(actor=east, item_id=item.pk, now=NOW).state == "in_progress"
        detail = selectors.item_get(actor=office, item_id=item.pk, today=TODAY)
        assert detail.row.responsible[0].members == ("东湾镇人民政府", "西岭乡人民政府")

    def test_new_town_belongs_and_merged_town_s_matters_pass_to_its_heir(self, world: World, office: Actor) -> None:
        towns = world.group("各乡镇人民政府")
        item = world.item(world.plan(), responsible=towns)
        own = world.item(world.plan(), responsible=world.west)
        new = NewUnit(kind="town", name="南坪镇人民政府", parent_id=world.top.pk, founded_on=date(2026, 2, 1))
        south = unit_create(actor=SYSTEM, new=new, now=NOW)
        unit_merge(actor=SYSTEM, source_ids=[world.west.pk], into=south.pk, on=date(2026, 3, 1), now=NOW)
        heir = world.actor(Role.DRAFTER, south)
        assert {row.id for row in selectors.item_list(actor=heir, today=TODAY).rows} == {item.pk, own.pk}
        assert services.item_start(actor=heir, item_id=own.pk, now=NOW).state == "in_progress"
        detail = selectors.item_get(actor=office, item_id=item.pk, today=TODAY)
        assert set(detail.row.responsible[0].members) == {"东湾镇人民政府", "南坪镇人民政府"}

    def test_renamed_unit_keeps_its_items(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), lead=world.justice)
        unit_rename(actor=SYSTEM, unit_id=world.justice.pk, name="青溪县法治局", on=date(2026, 3, 1), now=NOW)
        row = selectors.item_list(actor=office, today=TODAY).rows[0]
        assert (row.id, row.lead[0].text, row.lead[0].phrase) == (item.pk, "青溪县法治局", "青溪县司法局")

    def test_remainder_leaves_out_whom_the_clause_names(self, world: World) -> None:
        rest = world.group("其余乡镇人民政府")
        assert UnitGroup.objects.get(pk=rest.pk).group_rule.remainder is True
        item = world.item(world.plan(), lead=world.east, responsible=rest)
        loaded = WorkItem.objects.select_related("plan").get(pk=item.pk)
        standing = selectors.access.item_standing(item=loaded, today=TODAY)
        assert standing.responsible == {world.west.pk}


class TestOverview:
    def test_counts_each_item_once_a_unit_and_parts_instead_of_the_whole(self, world: World, office: Actor) -> None:
        towns, plan = world.group("各乡镇人民政府"), world.plan()
        whole = world.item(plan, lead=world.finance, responsible=towns, due_on=TODAY - timedelta(days=5))
        services.item_split(actor=office, item_id=whole.pk, parts=[{"group_id": towns.pk}], now=NOW)
        world.item(plan, lead=world.east, responsible=towns, due_on=TODAY + timedelta(days=3))
        world.item(plan, lead=world.finance, state=State.CANCELED, state_reason="取消")
        rows = {row.unit_id: row for row in selectors.overview_by_unit(actor=office, today=TODAY)}
        assert (rows[world.east.pk].total, rows[world.east.pk].overdue, rows[world.east.pk].near) == (2, 1, 1)
        assert rows[world.west.pk].total == 2
        assert rows[world.finance.pk].total == 3  # the whole, and its two parts to be checked
        mine = selectors.overview_by_unit(actor=world.actor(Role.UNIT_LEADER, world.east), today=TODAY)
        assert [row.unit_id for row in mine] == [world.east.pk]

    def test_my_work_is_ordered_and_shows_what_to_accept(self, world: World) -> None:
        plan = world.plan()
        later = world.item(plan, responsible=world.finance, due_on=TODAY + timedelta(days=9))
        sooner = world.item(plan, responsible=world.finance, due_on=TODAY + timedelta(days=2))
        world.item(plan, responsible=world.finance, state=State.CLOSED, **state_fields(world, State.CLOSED))
        clerk = world.actor(Role.DRAFTER, world.finance)
        work = selectors.my_work(actor=clerk, today=TODAY)
        assert [row.id for row in work.items] == [sooner.pk, later.pk]
        assert work.to_accept == ()
        handed_in = world.item(plan, lead=world.justice, state=State.SUBMITTED, **state_fields(world, State.SUBMITTED))
        checker = world.actor(Role.UNIT_LEADER, world.justice)
        assert [row.id for row in selectors.my_work(actor=checker, today=TODAY).to_accept] == [handed_in.pk]
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        assert [row.id for row in selectors.my_work(actor=office, today=TODAY).to_accept] == [handed_in.pk]


class TestExport:
    def test_writes_what_the_actor_sees_and_never_a_formula(self, world: World) -> None:
        plan = world.plan()
        world.item(plan, lead=world.finance, title="=1+1", due_on=date(2026, 6, 30))
        world.item(plan, lead=world.justice)
        clerk = world.actor(Role.DRAFTER, world.finance)
        sheet = load_workbook(BytesIO(selectors.items_export(actor=clerk, today=TODAY))).worksheets[0]
        rows = list(sheet.iter_rows())
        assert len(rows) == 2
        values = dict(zip([cell.value for cell in rows[0]], rows[1], strict=True))
        assert (values["任务"].value, values["任务"].data_type) == ("=1+1", "s")
        assert values["牵头单位"].value == "青溪县财政局"
        assert values["完成时限"].value.date() == date(2026, 6, 30)
        assert selectors.items_export_name(today=TODAY) == "政务公开工作台账-2026-03-02.xlsx"
