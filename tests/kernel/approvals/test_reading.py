"""What people see: their inbox, the progress of a round, who may read it; and what it costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors
from gongkai.rulebook.messages import describe
from tests.factories.world import TODAY, World
from tests.kernel.approvals.rounds import ORDER, Team


class TestInbox:
    def test_holds_what_is_ones_turn(self, team: Team) -> None:
        approval = team.open()
        assert [row.step for row in selectors.inbox(actor=team.acting("first_review"), today=TODAY)] == ["first_review"]
        assert selectors.inbox(actor=team.acting("second_review"), today=TODAY) == []
        team.sign_all(approval, ["first_review", "first_proof"])
        assert selectors.inbox(actor=team.acting("first_review"), today=TODAY) == []
        assert selectors.inbox_count(actor=team.acting("second_review"), today=TODAY) == 1

    def test_leaves_out_what_separation_excludes(self, team: Team) -> None:
        team.open(author_ids=[team.by_step["first_review"].pk])
        assert selectors.inbox(actor=team.acting("first_review"), today=TODAY) == []

    def test_puts_emergencies_first_and_shows_lights(self, team: Team) -> None:
        team.open()
        team.open(target_id="2", emergency=True, reason="险情")
        rows = selectors.inbox(actor=team.acting("first_proof"), today=date(2026, 3, 5))
        assert [(row.target_id, row.light, row.words) for row in rows] == [
            ("2", "red", "逾期2天"),
            ("1", "red", "逾期2天"),
        ]

    @pytest.mark.parametrize("actor", [Actor.anonymous(), Actor.system("程序")])
    def test_is_empty_for_visitors_and_jobs(self, team: Team, actor: Actor) -> None:
        team.open()
        assert selectors.inbox(actor=actor, today=TODAY) == []

    def test_finds_steps_that_ask_a_post_above(self, team: Team, world: World) -> None:
        from gongkai.kernel.approvals import services
        from tests.factories.world import NOW, SYSTEM

        services.route_assign(actor=SYSTEM, route_code="town_short", unit_id=world.east.pk, now=NOW)
        town = Team(world, world.east)
        approval = town.open(flags=["legality"])
        town.sign_all(approval, ["first_review", "first_proof"])
        above = world.actor(Role.LEGALITY_REVIEWER, world.top)
        beside = world.actor(Role.LEGALITY_REVIEWER, world.west)
        assert [row.step for row in selectors.inbox(actor=above, today=TODAY)] == ["legality_review"]
        assert selectors.inbox(actor=beside, today=TODAY) == []

    def test_costs_the_same_for_one_row_and_for_many(self, team: Team) -> None:
        actor = team.acting("first_review")
        team.open()
        with CaptureQueriesContext(
            connection,
        ) as one:
            assert len(selectors.inbox(actor=actor, today=TODAY)) == 1
        for number in range(2, 22):
            team.open(target_id=str(number))
        with CaptureQueriesContext(connection) as many:
            assert len(selectors.inbox(actor=actor, today=TODAY)) == 21
        assert len(many) == len(one)


class TestProgress:
    def test_names_who_may_sign_each_open_step(self, team: Team) -> None:
        approval = team.open()
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        assert (progress.done, progress.total) == (0, len(ORDER))
        able = {step.code: step.able_names for step in progress.open_steps}
        assert able == {"first_review": "楚审", "first_proof": "焦一、焦三、焦二"}
        assert progress.verified is False

    def test_says_clearly_that_nobody_can(self, team: Team) -> None:
        team.by_step["first_review"].posts.update(until_on=TODAY - timedelta(days=1))
        approval = team.open()
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        row = next(step for step in progress.steps if step.code == "first_review")
        assert row.nobody is not None and row.nobody.code == "approvals.step.nobody"
        assert "本单位的初审" in describe(row.nobody) == row.nobody_sentence

    def test_goes_to_the_others_with_the_role_when_a_signer_leaves(self, team: Team, world: World) -> None:
        approval = team.open()
        second = world.person(Role.FIRST_REVIEWER, team.unit, "后任")
        team.by_step["first_review"].posts.update(until_on=TODAY - timedelta(days=1))
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        assert progress.open_steps[0].able_names == "后任"
        team.sign(approval, "first_review", second)

    def test_signatures_given_in_office_stay_valid(self, team: Team) -> None:
        approval = team.sign_all(team.open())
        for user in team.by_step.values():
            user.posts.update(until_on=TODAY)
        assert selectors.is_complete(approval.pk, approval.digest)

    def test_shows_the_form_in_words(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:5])
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        row = next(step for step in progress.steps if step.code == "confidentiality_review")
        assert row.form_title == "保密审查表（一事一审）"
        assert [line.answer for line in row.form_rows if "国家秘密" in line.question] == ["不涉及"]


class TestStepsFor:
    def test_tells_why_one_may_not(self, team: Team) -> None:
        approval = team.open(author_ids=[team.by_step["first_review"].pk])
        (chance,) = selectors.steps_for(
            selectors.approval_get(approval.pk), actor=team.acting("first_review"), today=TODAY
        )
        assert not chance.may_sign
        assert chance.sentences[0].startswith("您（或您所代的人）拟写或修改过")

    def test_is_empty_for_a_superuser(self, team: Team) -> None:
        approval = team.open()
        root = User.objects.create_superuser("root", password="p", display_name="超级")
        assert selectors.steps_for(selectors.approval_get(approval.pk), actor=team.acting(root), today=TODAY) == []


class TestMayRead:
    def test_everybody_whom_the_round_concerns(self, team: Team, world: World) -> None:
        approval = selectors.approval_get(team.open().pk)
        for who in (*ORDER, team.author):
            assert selectors.may_read(approval, actor=team.acting(who), today=TODAY)
        outside = [world.actor(Role.FIRST_REVIEWER, world.education), Actor.anonymous(), team.acting(team.office)]
        assert not any(selectors.may_read(approval, actor=actor, today=TODAY) for actor in outside)

    def test_after_the_end_only_who_signed_or_wrote(self, team: Team, world: World) -> None:
        done = selectors.approval_get(team.sign_all(team.open()).pk)
        late = world.actor(Role.FIRST_REVIEWER, team.unit)
        assert selectors.may_read(done, actor=team.acting("first_review"), today=TODAY)
        assert not selectors.may_read(done, actor=late, today=TODAY)
