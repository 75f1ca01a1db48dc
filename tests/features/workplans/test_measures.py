"""What reports may count: every measure has a label, and says what happened."""

from __future__ import annotations

from datetime import date

from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.metrics import MEASURES
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import NOW, TODAY, World, moment


class TestMeasures:
    def test_counts_a_year_for_all_and_for_one_unit(self, world: World) -> None:
        plan = world.plan()
        doer = world.actor(Role.DRAFTER, world.finance)
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        done = world.item(plan, responsible=world.finance, due_on=date(2026, 6, 30))
        services.item_submit(actor=doer, item_id=done.pk, text="完成", now=NOW)
        services.item_return(actor=office, item_id=done.pk, reason="补充", now=NOW)
        services.item_submit(actor=doer, item_id=done.pk, text="补齐", now=NOW)
        services.item_accept(actor=office, item_id=done.pk, now=NOW)
        late = world.item(plan, responsible=world.finance, due_on=date(2025, 12, 31))
        world.item(plan, responsible=world.justice)
        world.item(world.plan(year=2025), responsible=world.finance)
        services.supervision_notice_issue(
            actor=office, item_id=late.pk, unit_id=world.finance.pk, color="red", reason="逾期", requirement="办结",
            answer_due_on=date(2026, 3, 5), now=NOW,
        )  # fmt: skip
        found = selectors.ledger_measures(year=2026, today=date(2026, 3, 9), unit_id=world.finance.pk)
        assert set(found) == set(MEASURES)
        assert {code.partition(".")[2]: n for code, n in found.items() if n} == {
            "items": 2, "done": 1, "overdue": 1, "on_time": 1, "carried_over": 1, "returned": 1, "notices": 1,
            "notices_late": 1,
        }  # fmt: skip
        everything = selectors.ledger_measures(year=2026, today=TODAY)
        assert (everything["workplans.items"], everything["workplans.notices_late"]) == (3, 0)

    def test_answer_in_time_is_not_late(self, world: World) -> None:
        item = world.item(world.plan(), responsible=world.finance)
        office = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        notice = services.supervision_notice_issue(
            actor=office, item_id=item.pk, unit_id=world.finance.pk, color="blue", reason="提示", requirement="报送",
            answer_due_on=date(2026, 3, 5), now=NOW,
        )  # fmt: skip
        clerk = world.actor(Role.DRAFTER, world.finance)
        late_evening = moment(date(2026, 3, 5), hour=23)
        services.supervision_notice_answer(actor=clerk, notice_id=notice.pk, text="已报", now=late_evening)
        found = selectors.ledger_measures(year=2026, today=date(2026, 4, 1))
        assert (found["workplans.notices_answered"], found["workplans.notices_late"]) == (1, 0)
