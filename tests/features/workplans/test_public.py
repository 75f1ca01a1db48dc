"""A plan before the public: what its owner allows, nothing else; archiving."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from gongkai.domain.ledger import State
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.models import WorkPlan
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.world import NOW, TODAY, World


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


class TestPublic:
    def test_hidden_plan_is_not_there(self, world: World) -> None:
        plan = world.plan()
        world.item(plan)
        assert selectors.public_plan_list(today=TODAY) == []
        with pytest.raises(selectors.NotFound):
            selectors.plan_progress(plan_id=plan.pk, today=TODAY)

    def test_shows_progress_and_hides_notes_unless_the_owner_allows_them(self, world: World, office: Actor) -> None:
        plan = world.plan()
        item = world.item(plan, lead=world.finance, due_on=date(2026, 6, 30))
        world.item(plan, state=State.CANCELED, state_reason="取消", title="取消了的")
        clerk = world.actor(Role.DRAFTER, world.finance)
        services.item_report_progress(actor=clerk, item_id=item.pk, text="已公开20个部门预算", percent=40, now=NOW)
        services.plan_publish(actor=office, plan_id=plan.pk, visibility="progress", now=NOW)
        shown = selectors.plan_progress(plan_id=plan.pk, today=TODAY)
        (task,) = shown.items
        assert (task.percent, task.units, task.light_name) == (40, ("青溪县财政局",), "正常推进")
        assert (task.latest_note, task.latest_on, shown.counts.total) == ("", None, 1)
        services.plan_publish(actor=office, plan_id=plan.pk, visibility="progress_and_notes", now=NOW)
        (task,) = selectors.plan_progress(plan_id=plan.pk, today=TODAY).items
        assert (task.latest_note, task.latest_on) == ("已公开20个部门预算", TODAY)
        assert selectors.public_plan_list(today=TODAY)[0].items == 1

    def test_taken_back_with_a_reason_it_is_gone(self, world: World, office: Actor) -> None:
        plan = world.plan()
        with pytest.raises(Refused) as refusal:
            services.plan_unpublish(actor=office, plan_id=plan.pk, reason="", now=NOW)
        assert refusal.value.codes() == ["ledger.reason.missing", "workplans.plan.not_public"]
        services.plan_publish(actor=office, plan_id=plan.pk, visibility="progress", now=NOW)
        services.plan_unpublish(actor=office, plan_id=plan.pk, reason="内容有误", now=NOW)
        with pytest.raises(selectors.NotFound):
            selectors.plan_progress(plan_id=plan.pk, today=TODAY)
        assert Entry.objects.get(action="workplans.plan.unpublish").details["reason"] == "内容有误"

    def test_draft_and_unknown_visibility_are_refused(self, world: World, office: Actor) -> None:
        plan = world.plan(state="draft", confirmed_at=None)
        with pytest.raises(Refused) as refusal:
            services.plan_publish(actor=office, plan_id=plan.pk, visibility="everything", now=NOW)
        assert refusal.value.codes() == ["workplans.plan.visibility", "workplans.plan.state"]

    def test_database_lets_no_plan_out_without_a_day(self, world: World) -> None:
        plan = world.plan()
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkPlan.objects.filter(pk=plan.pk).update(visibility="progress")

    def test_only_the_owner_s_office_and_the_authority_may(self, world: World) -> None:
        plan = world.plan(owner=world.finance)
        own = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        services.plan_publish(actor=own, plan_id=plan.pk, visibility="progress", now=NOW)
        for role, unit in ((Role.DRAFTER, world.finance), (Role.DISCLOSURE_OFFICE, world.justice)):
            with pytest.raises(NotPermitted):
                services.plan_unpublish(actor=world.actor(role, unit), plan_id=plan.pk, reason="x", now=NOW)


class TestArchive:
    def test_archived_plan_stays_readable_and_public(self, world: World, office: Actor) -> None:
        plan = world.plan()
        world.item(plan, lead=world.finance)
        services.plan_publish(actor=office, plan_id=plan.pk, visibility="progress", now=NOW)
        archived = services.plan_archive(actor=office, plan_id=plan.pk, reason="年度结束", now=NOW)
        assert archived.state == "archived"
        assert selectors.plan_progress(plan_id=plan.pk, today=TODAY).items
        row = selectors.plan_get(actor=office, plan_id=plan.pk, today=TODAY)
        assert (row.state_name, row.items, row.can_manage) == ("已归档", 1, True)
        with pytest.raises(Refused) as refusal:
            services.plan_archive(actor=office, plan_id=plan.pk, reason="", now=NOW)
        assert refusal.value.codes() == ["ledger.reason.missing", "workplans.plan.state"]
        with pytest.raises(Refused):
            services.plan_activate(actor=office, plan_id=plan.pk, now=NOW)

    def test_unit_sees_plans_that_concern_it_and_no_others(self, world: World) -> None:
        mine, other = world.plan(), world.plan()
        world.item(mine, lead=world.finance)
        world.item(other, lead=world.justice)
        clerk = world.actor(Role.DRAFTER, world.finance)
        assert [row.id for row in selectors.plan_list(actor=clerk, today=TODAY)] == [mine.pk]
        with pytest.raises(NotPermitted):
            selectors.plan_get(actor=clerk, plan_id=other.pk, today=TODAY)
