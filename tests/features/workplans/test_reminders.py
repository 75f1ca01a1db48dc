"""The reminder sweep: each step once, late or twice, escalation upward, nothing lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.domain.ledger import State
from gongkai.features.workplans import services, tasks
from gongkai.features.workplans.models import ReminderSent, WorkItem
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.jobs.queue import definitions
from gongkai.kernel.notices.models import Notice
from tests.factories.world import NOW, TODAY, World, moment

DUE = date(2026, 6, 30)


class People:
    """One person at every level above an item of 财政局."""

    def __init__(self, world: World) -> None:
        self.worker = world.person(Role.DRAFTER, world.finance)
        self.leader = world.person(Role.UNIT_LEADER, world.finance)
        self.office = world.person(Role.DISCLOSURE_OFFICE, world.office)
        self.supervisor = world.person(Role.SUPERVISOR, world.office)


@pytest.fixture
def people(world: World) -> People:
    return People(world)


def sweep(day: date) -> int:
    return services.reminders_sweep(now=moment(day))


def titles(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


class TestSteps:
    def test_daily_sweep_takes_every_step_once(self, world: World, people: People) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        day = DUE - timedelta(days=40)
        while day <= DUE + timedelta(days=10):
            sweep(day)
            assert sweep(day) == 0
            day += timedelta(days=1)
        # 30, 15, 7, 3 and 1 days before, on the day; then leader, office, supervisor once each.
        counts = [len(titles(user)) for user in (people.worker, people.leader, people.office, people.supervisor)]
        assert counts == [6, 1, 1, 1]
        assert ReminderSent.objects.filter(item=item).count() == 9
        assert titles(people.leader)[0].startswith("逾期提醒")
        levels = set(Notice.objects.filter(recipient=people.supervisor).values_list("level", flat=True))
        assert levels == {"urgent"}

    def test_late_sweep_makes_up_for_the_escalations_and_sends_the_latest_reminder_only(
        self, world: World, people: People
    ) -> None:
        world.item(world.plan(), responsible=world.finance, due_on=DUE)
        sweep(DUE + timedelta(days=20))
        counts = [len(titles(user)) for user in (people.worker, people.leader, people.office, people.supervisor)]
        assert counts == [1, 1, 1, 1]
        assert sweep(DUE + timedelta(days=21)) == 0

    def test_changed_date_is_reminded_of_anew(self, world: World, people: People) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        sweep(DUE - timedelta(days=1))
        actor = actor_get(user=people.office, today=TODAY)
        later = DUE + timedelta(days=30)
        services.item_change_due(actor=actor, item_id=item.pk, due_on=later, reason="延后", now=NOW)
        assert sweep(DUE) == 1
        assert sweep(DUE + timedelta(days=5)) == 0
        assert len(titles(people.worker)) == 2

    def test_several_items_come_in_one_notice(self, world: World, people: People) -> None:
        plan = world.plan()
        for _ in range(40):
            world.item(plan, responsible=world.finance, due_on=DUE)
        assert sweep(DUE) == 1
        notice = Notice.objects.get(recipient=people.worker)
        assert notice.title == "到期提醒：40项任务"
        assert "另有10项" in notice.body

    @pytest.mark.parametrize("state", [State.ACCEPTED, State.CLOSED, State.CANCELED, State.SUBMITTED])
    def test_item_that_is_met_is_left_in_peace(self, world: World, people: People, state: State) -> None:
        item = world.item(world.plan(), responsible=world.finance, due_on=DUE)
        other = world.person(None, None)
        fields = {
            "state": state.value, "state_reason": "说明", "attention_on": None, "submitted_by": people.worker,
            "submitted_on": DUE, "accepted_by": other, "accepted_at": NOW, "closed_by": other, "closed_at": NOW,
        }  # fmt: skip
        WorkItem.objects.filter(pk=item.pk).update(**fields)
        assert sweep(DUE + timedelta(days=20)) == 0

    def test_plan_that_is_not_active_is_left_in_peace(self, world: World, people: People) -> None:
        world.item(world.plan(state="archived", archived_at=NOW), responsible=world.finance, due_on=DUE)
        assert sweep(DUE) == 0

    def test_step_that_would_reach_nobody_goes_one_level_up(self, world: World) -> None:
        leader = world.person(Role.UNIT_LEADER, world.justice)
        world.item(world.plan(), responsible=world.justice, due_on=DUE)
        sweep(DUE)
        assert len(titles(leader)) == 1

    def test_each_open_check_is_reminded_of(self, world: World, people: People) -> None:
        item = world.item(world.plan(), responsible=world.finance)
        actor = actor_get(user=people.office, today=TODAY)
        services.duty_add(
            actor=actor, item_id=item.pk, kind="periodic", period="month", times=1, starts_on=TODAY, now=NOW
        )
        services.checks_sweep(now=moment(date(2026, 4, 2)))
        sweep(date(2026, 4, 2))
        (notice,) = Notice.objects.filter(recipient=people.worker)
        assert "2026年3月" in notice.body
        assert "2026年4月" in notice.body
        assert len(titles(people.leader)) == 1


class TestJobs:
    def test_sweeps_are_declared_as_periodic_jobs(self) -> None:
        declared = definitions()
        assert declared["workplans.sweep_reminders"].cron
        assert declared["workplans.sweep_checks"].cron

    def test_jobs_do_the_sweeps(self, world: World, people: People) -> None:
        world.item(world.plan(), responsible=world.finance, due_on=date(2020, 1, 1))
        tasks.sweep_checks()
        tasks.sweep_reminders()
        assert len(titles(people.worker)) == 1
