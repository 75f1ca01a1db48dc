"""Two people at the same moment, on real transactions: nobody's work is lost, nothing impossible comes about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from gongkai.domain.ledger import State
from gongkai.features.workplans import services
from gongkai.features.workplans.models import PlanImport, WorkItem, WorkItemUnit, WorkPlan
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.services import entry_update
from tests.factories.world import NOW, SYSTEM, TODAY, World
from tests.features.workplans.samples import PLAN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def attempt(pool: ThreadPoolExecutor, action: Callable[[], object]) -> Future[object]:
    """Do it in another thread with a connection of its own; the result is what came back, or the refusal."""

    def run() -> object:
        try:
            return action()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    return pool.submit(run)


class TestWholeAndPart:
    def test_a_part_cannot_come_back_while_its_whole_is_closed(self, world: World) -> None:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        plan = world.plan()
        doer, checker = (world.person(Role.DISCLOSURE_OFFICE, unit) for unit in (world.education, world.finance))
        done: dict[str, Any] = {
            "lead": world.finance,
            "responsible": world.education,
            "submitted_by": doer,
            "submitted_on": TODAY,
            "accepted_by": checker,
            "accepted_at": NOW,
        }
        whole = world.item(plan, state=State.ACCEPTED, **done)
        part = world.item(plan, state=State.CLOSED, parent=whole, root=whole, closed_by=checker, closed_at=NOW, **done)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                services.item_close(actor=office, item_id=whole.pk, reason="已全部办结，材料另存", now=NOW)
                second = attempt(
                    pool,
                    lambda: services.item_reopen(actor=office, item_id=part.pk, reason="尚有遗漏", now=NOW),
                )
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.7)  # it waits for the whole
            assert isinstance(second.result(timeout=30), Refused)
        states = dict(WorkItem.objects.values_list("pk", "state"))
        assert states == {whole.pk: "closed", part.pk: "closed"}

    def test_two_people_start_one_item_and_one_of_them_is_told_so(self, world: World) -> None:
        item = world.item(world.plan(), lead=world.finance, responsible=world.education)
        people = [world.actor(Role.DRAFTER, world.education) for _ in range(2)]
        gate = threading.Barrier(2)

        def start(number: int) -> object:
            gate.wait(timeout=30)
            return services.item_start(actor=people[number], item_id=item.pk, now=NOW)

        with ThreadPoolExecutor(2) as pool:
            found = [attempt(pool, lambda n=n: start(n)) for n in range(2)]  # type: ignore[misc]
            results = [one.result(timeout=60) for one in found]
        assert sorted(isinstance(one, Refused) for one in results) == [False, True]


class TestUnitsUnderChange:
    def test_work_for_a_unit_does_not_dead_lock_with_a_change_of_the_unit(self, world: World) -> None:
        item = world.item(world.plan(), lead=world.finance)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                # As when a plan is confirmed that names a new group: an entry of the audit log comes before the items.
                record(
                    actor=SYSTEM,
                    action="workplans.item.create",
                    target_type="workplans.item",
                    target_id=item.pk,
                    summary="先记一笔",
                    now=NOW,
                )
                change = attempt(
                    pool,
                    lambda: entry_update(
                        actor=SYSTEM, unit_id=world.education.pk, fields={"phone": "0000-1234567"}, now=NOW
                    ),
                )
                with pytest.raises(TimeoutError):
                    change.result(timeout=0.7)  # it holds the unit and waits for its turn in the audit log
                WorkItemUnit.objects.create(item=item, role="responsible", unit=world.education)
            assert not isinstance(change.result(timeout=30), Refused)
        world.education.refresh_from_db()
        assert world.education.phone == "0000-1234567"


class TestConfirming:
    def confirm(self, world: World, rows: list[PlanImport]) -> list[object]:
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        gate = threading.Barrier(len(rows))

        def press(row: PlanImport) -> object:
            gate.wait(timeout=30)
            return services.import_confirm(actor=office, import_id=row.pk, revision=row.revision, now=NOW)

        with ThreadPoolExecutor(len(rows)) as pool:
            found = [attempt(pool, lambda row=row: press(row)) for row in rows]  # type: ignore[misc]
            return [one.result(timeout=60) for one in found]

    def ready(self, world: World, text: str) -> PlanImport:
        row = services.plan_upload(
            actor=SYSTEM, upload=text.encode(), name=f"{len(text)}.txt", owner_id=world.office.pk, now=NOW
        )
        tasks = [
            {**task, "lead_units": [], "responsible_units": ["县财政局"], "cooperating_units": []} for task in row.tasks
        ]
        for task in tasks:
            task["due_on"] = task["due_on"] or date(2026, 12, 1).isoformat()
        row.tasks = tasks
        row.decisions = {"县财政局": {"kind": "unit", "unit_id": world.finance.pk}}
        row.save()
        return row

    def test_pressed_twice_makes_one_plan(self, world: World) -> None:
        row = self.ready(world, PLAN)
        results = self.confirm(world, [row, row])
        assert sorted(isinstance(one, Refused) for one in results) == [False, True], results
        assert WorkPlan.objects.count() == 1

    def test_two_files_of_one_document_make_one_plan(self, world: World) -> None:
        rows = [self.ready(world, PLAN), self.ready(world, PLAN + "\n附件：无\n")]
        results = self.confirm(world, rows)
        assert sorted(isinstance(one, Refused) for one in results) == [False, True], results
        assert WorkPlan.objects.count() == 1
