"""Assigning, splitting, adding, changing dates, and doing one thing to many items."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.ledger import State
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import Check, Duty, LedgerEntry, WorkItem
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.kernel.notices.models import Notice
from gongkai.kernel.orgs.services import unit_dissolve
from tests.factories.world import NOW, SYSTEM, TODAY, World

DUE = date(2026, 6, 30)


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


class TestSplit:
    def test_group_gives_one_part_for_each_member_of_today(self, world: World, office: Actor) -> None:
        towns = world.group("各乡镇人民政府")
        item = world.item(world.plan(), lead=world.finance, responsible=towns, due_on=DUE)
        parts = services.item_split(actor=office, item_id=item.pk, parts=[{"group_id": towns.pk}], now=NOW)
        assert [part.title for part in parts] == [f"{item.title}（东湾镇人民政府）", f"{item.title}（西岭乡人民政府）"]
        rows = [{(u.role, u.unit_id) for u in part.units.all()} for part in parts]
        assert rows == [
            {("lead", world.finance.pk), ("responsible", world.east.pk)},
            {("lead", world.finance.pk), ("responsible", world.west.pk)},
        ]
        assert [(p.due_on, p.attention_on, p.root_id, p.number) for p in parts][0] == (
            DUE, DUE, item.pk, f"{item.number}-1",
        )  # fmt: skip

    def test_town_splits_further_and_checks_its_villages_itself(self, world: World) -> None:
        town = world.actor(Role.DISCLOSURE_OFFICE, world.east)
        item = world.item(world.plan(), lead=world.finance, responsible=world.east)
        (part,) = services.item_split(actor=town, item_id=item.pk, parts=[{"unit_id": world.village.pk}], now=NOW)
        assert {(u.role, u.unit_id) for u in part.units.all()} == {
            ("lead", world.east.pk),
            ("responsible", world.village.pk),
        }
        village = world.actor(Role.DRAFTER, world.village)
        services.item_submit(actor=village, item_id=part.pk, text="完成", now=NOW)
        assert services.item_accept(actor=town, item_id=part.pk, now=NOW).state == "accepted"

    def test_parent_waits_for_its_parts_and_shows_their_progress(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), lead=world.finance, responsible=world.east)
        wanted = [{"unit_id": world.east.pk}, {"unit_id": world.west.pk}]
        east, west = services.item_split(actor=office, item_id=item.pk, parts=wanted, now=NOW)
        services.item_submit(actor=world.actor(Role.DRAFTER, world.east), item_id=east.pk, text="完成", now=NOW)
        services.item_accept(actor=office, item_id=east.pk, now=NOW)
        services.item_report_progress(
            actor=world.actor(Role.DRAFTER, world.west), item_id=west.pk, text="过半", percent=60, now=NOW
        )
        row = selectors.item_get(actor=office, item_id=item.pk, today=TODAY).row
        assert (row.percent, row.children, row.children_done) == (80, 2, 1)
        clerk = world.actor(Role.DRAFTER, world.finance)
        with pytest.raises(Refused) as refusal:
            services.item_submit(actor=clerk, item_id=item.pk, text="完成", now=NOW)
        assert refusal.value.codes() == ["ledger.children.open"]
        with pytest.raises(Refused) as refusal:
            services.item_cancel(actor=office, item_id=item.pk, reason="并入其他任务", now=NOW)
        assert west.title in str(refusal.value)

    def test_every_problem_is_told_at_once(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        services.item_split(actor=office, item_id=item.pk, parts=[{"unit_id": world.west.pk}], now=NOW)
        empty = world.group("各街道办事处")
        parts = [
            {"unit_id": world.east.pk, "due_on": date(2026, 7, 1)},
            {"unit_id": world.east.pk},
            {"unit_id": 999_999},
            {"group_id": empty.pk},
            {},
            {"unit_id": world.west.pk},
        ]
        with pytest.raises(Refused) as refusal:
            services.item_split(actor=office, item_id=item.pk, parts=parts, now=NOW)
        assert sorted(refusal.value.codes()) == [
            "workplans.split.after_parent",
            "workplans.split.already",
            "workplans.split.empty_group",
            "workplans.split.part_without_unit",
            "workplans.split.twice",
            "workplans.unit.unknown",
        ]
        with pytest.raises(Refused) as refusal:
            services.item_split(actor=office, item_id=item.pk, parts=[], now=NOW)
        assert refusal.value.codes() == ["workplans.split.nothing"]

    def test_periodic_duty_goes_down_to_the_parts(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), responsible=world.finance)
        services.duty_add(
            actor=office, item_id=item.pk, kind="periodic", period="month", times=1, starts_on=TODAY, now=NOW
        )
        wanted = [{"unit_id": world.east.pk}, {"unit_id": world.west.pk}]
        parts = services.item_split(actor=office, item_id=item.pk, parts=wanted, now=NOW)
        assert Duty.objects.filter(item__in=parts, ends_on=None).count() == 2
        assert Check.objects.get(item=item).state == "void"
        services.checks_sweep(now=NOW)
        assert Check.objects.filter(item__in=parts, state="open").count() == 2

    def test_new_units_are_told(self, world: World, office: Actor) -> None:
        clerk = world.person(Role.DRAFTER, world.east)
        item = world.item(world.plan(), lead=world.finance)
        services.item_split(actor=office, item_id=item.pk, parts=[{"unit_id": world.east.pk}], now=NOW)
        run_jobs()
        assert Notice.objects.get(recipient=clerk).title.startswith("新任务")

    def test_unit_without_part_in_it_may_not_split(self, world: World) -> None:
        item = world.item(world.plan(), lead=world.finance)
        with pytest.raises(NotPermitted):
            services.item_split(
                actor=world.actor(Role.DISCLOSURE_OFFICE, world.east),
                item_id=item.pk,
                parts=[{"unit_id": world.village.pk}],
                now=NOW,
            )


class TestAssign:
    def test_answers_open_phrases_and_keeps_groups(self, world: World, office: Actor) -> None:
        towns = world.group("各乡镇人民政府")
        item = world.item(world.plan(), responsible=towns)
        item.units.create(role="responsible", phrase="有关单位")
        services.item_assign(
            actor=office, item_id=item.pk, lead_ids=[world.finance.pk], responsible_ids=[world.justice.pk], now=NOW
        )
        rows = {(u.role, u.unit_id, u.group_id) for u in item.units.all()}
        assert rows == {
            ("lead", world.finance.pk, None),
            ("responsible", None, towns.pk),
            ("responsible", world.justice.pk, None),
        }
        entry = LedgerEntry.objects.get(item=item, verb="assign")
        assert entry.details["before"]["responsible"] == ["各乡镇人民政府", "有关单位"]
        services.item_assign(
            actor=office, item_id=item.pk, lead_ids=[], responsible_ids=[], groups={"lead": [towns.pk]}, now=NOW
        )
        assert [(u.role, u.group_id) for u in item.units.all()] == [("lead", towns.pk)]

    def test_nobody_unknown_and_dissolved_units_are_refused(self, world: World, office: Actor) -> None:
        item = world.item(world.plan())
        unit_dissolve(actor=SYSTEM, unit_id=world.village.pk, on=date(2026, 2, 1), now=NOW)
        with pytest.raises(Refused) as refusal:
            services.item_assign(
                actor=office, item_id=item.pk, lead_ids=[999_999], responsible_ids=[world.village.pk], now=NOW
            )
        assert refusal.value.codes() == ["workplans.unit.unknown", "workplans.unit.dissolved"]
        with pytest.raises(Refused) as refusal:
            services.item_assign(actor=office, item_id=item.pk, lead_ids=[], responsible_ids=[], now=NOW)
        assert refusal.value.codes() == ["workplans.assign.nobody"]


class TestChangeDue:
    def test_keeps_the_old_date_with_the_reason(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        changed = services.item_change_due(
            actor=office, item_id=item.pk, due_on=date(2026, 9, 30), reason="上级文件调整", now=NOW
        )
        assert (changed.due_on, changed.attention_on) == (date(2026, 9, 30), date(2026, 9, 30))
        entry = LedgerEntry.objects.get(item=item, verb="change_due")
        assert (entry.text, entry.reason) == ("2026-06-30 → 2026-09-30", "上级文件调整")
        assert entry.details["from"]["due_on"] == "2026-06-30"
        audit = Entry.objects.get(action="workplans.item.change_due")
        assert audit.details["to"]["due_on"] == "2026-09-30"

    def test_without_change_or_reason_and_over_the_parent_s_date_is_refused(self, world: World, office: Actor) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        (part,) = services.item_split(actor=office, item_id=item.pk, parts=[{"unit_id": world.east.pk}], now=NOW)
        with pytest.raises(Refused) as refusal:
            services.item_change_due(actor=office, item_id=item.pk, due_on=DUE, reason="", now=NOW)
        assert refusal.value.codes() == ["ledger.reason.missing", "workplans.due.unchanged"]
        with pytest.raises(Refused) as refusal:
            services.item_change_due(actor=office, item_id=item.pk, due_on=date(2026, 6, 1), reason="提前", now=NOW)
        assert refusal.value.codes() == ["workplans.due.child_later"]
        with pytest.raises(Refused) as refusal:
            services.item_change_due(actor=office, item_id=part.pk, due_on=date(2026, 7, 1), reason="推后", now=NOW)
        assert refusal.value.codes() == ["workplans.split.after_parent"]


class TestAdd:
    def test_adds_a_task_that_the_document_does_not_have(self, world: World, office: Actor) -> None:
        plan = world.plan()
        item = services.item_add(
            actor=office, plan_id=plan.pk, title="临时交办", lead_ids=[world.finance.pk], due_on=DUE, now=NOW
        )
        row = selectors.item_list(actor=office, today=TODAY).rows[0]
        assert (row.id, row.title, row.lead[0].unit_id) == (item.pk, "临时交办", world.finance.pk)

    def test_needs_a_title_and_units_that_exist(self, world: World, office: Actor) -> None:
        with pytest.raises(Refused) as refusal:
            services.item_add(actor=office, plan_id=world.plan().pk, title=" ", lead_ids=[999_999], now=NOW)
        assert refusal.value.codes() == ["workplans.unit.unknown", "workplans.title.missing"]


class TestBulk:
    def test_one_that_fails_does_not_stop_the_others_and_is_named(self, world: World, office: Actor) -> None:
        plan = world.plan()
        good = [world.item(plan, responsible=world.finance) for _ in range(3)]
        bad = world.item(plan, state=State.CLOSED, **self.closed(world))
        ids = [good[0].pk, bad.pk, good[1].pk, 999_999, good[2].pk, good[0].pk]
        result = services.items_bulk(
            actor=office, item_ids=ids, action="cancel", arguments={"reason": "并入新方案"}, now=NOW
        )
        assert result.done == tuple(item.pk for item in good)
        assert [(item_id, title) for item_id, title, _ in result.failed] == [(bad.pk, str(bad)), (999_999, "")]
        assert "已销号" in result.failed[0][2][0]
        assert result.all_done is False

    def closed(self, world: World) -> dict[str, object]:
        one, two = world.person(Role.DRAFTER, world.east), world.person(Role.DISCLOSURE_OFFICE, world.office)
        return {
            "submitted_by": one, "submitted_on": TODAY, "accepted_by": two, "accepted_at": NOW,
            "closed_by": two, "closed_at": NOW,
        }  # fmt: skip

    def test_change_of_date_and_assignment_work_on_many(self, world: World, office: Actor) -> None:
        plan = world.plan()
        ids = [world.item(plan).pk for _ in range(2)]
        units = {"lead_ids": [world.finance.pk], "responsible_ids": []}
        assert services.items_bulk(actor=office, item_ids=ids, action="assign", arguments=units, now=NOW).all_done
        due = {"due_on": DUE, "reason": "统一时限"}
        assert services.items_bulk(actor=office, item_ids=ids, action="change_due", arguments=due, now=NOW).all_done
        assert set(WorkItem.objects.filter(pk__in=ids).values_list("due_on", flat=True)) == {DUE}

    @pytest.mark.parametrize(
        ("action", "ids", "codes"),
        [
            ("submit", [1], ["workplans.bulk.action"]),
            ("explode", [], ["workplans.bulk.action", "workplans.bulk.nothing"]),
            ("start", list(range(1001)), ["workplans.bulk.too_many"]),
        ],
    )
    def test_impossible_wishes_are_refused(
        self, world: World, office: Actor, action: str, ids: list[int], codes: list[str]
    ) -> None:
        with pytest.raises(Refused) as refusal:
            services.items_bulk(actor=office, item_ids=ids, action=action, now=NOW)
        assert refusal.value.codes() == codes
