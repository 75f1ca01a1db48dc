"""Signing for another: dates, posts, separation, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.models import Delegation, Signature
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.world import NOW, TODAY, World
from tests.kernel.approvals.rounds import Team


def give(team: Team, giver: str | User = "final_review", **more: Any) -> Delegation:
    fields: dict[str, Any] = {
        "to_user_id": team.by_step["legality_review"].pk,
        "role": Role.FINAL_REVIEWER,
        "unit_id": team.unit.pk,
        "from_on": TODAY,
        "until_on": TODAY + timedelta(days=4),
        "reason": "出差",
        "now": NOW,
    }
    return services.delegation_give(actor=team.acting(giver), **{**fields, **more})


def reasons(team: Team, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        give(team, *args, **more)
    assert all(caught.value.sentences())
    return caught.value.codes()


class TestGive:
    def test_lets_the_other_sign_and_says_for_whom(self, team: Team) -> None:
        given = give(team)
        approval = team.open()
        for step in ("first_review", "first_proof", "second_review", "second_proof", "confidentiality_review"):
            team.sign(approval, step)
        team.sign(approval, "third_proof")
        signature = team.sign(approval, "final_review", "legality_review")
        assert signature.delegation == given
        assert signature.on_behalf_of == team.by_step["final_review"]
        progress = selectors.approval_progress(selectors.approval_get(approval.pk), today=TODAY)
        assert progress.steps[-1].on_behalf_of == "钟审"

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"role": Role.SECOND_REVIEWER}, "approvals.delegation.no_post"),
            ({"role": Role.DRAFTER}, "approvals.delegation.role"),
            (
                {"until_on": TODAY - timedelta(days=1), "from_on": TODAY - timedelta(days=2)},
                "approvals.delegation.past",
            ),
            ({"until_on": TODAY - timedelta(days=1)}, "approvals.delegation.dates"),
            ({"reason": " "}, "approvals.delegation.reason"),
        ],
    )
    def test_is_refused_with_the_reason(self, team: Team, more: dict[str, Any], code: str) -> None:
        assert code in reasons(team, **more)

    def test_not_to_oneself_nor_to_strangers_nor_to_people_who_left(self, team: Team, world: World) -> None:
        assert "approvals.delegation.to_self" in reasons(team, to_user_id=team.by_step["final_review"].pk)
        stranger = world.person(Role.FINAL_REVIEWER, world.education)
        admin = world.person(Role.SYSTEM_ADMINISTRATOR, team.unit)
        for other in (stranger, admin):
            assert "approvals.delegation.to_stranger" in reasons(team, to_user_id=other.pk)
        gone = world.person(Role.PROOFREADER, team.unit)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        assert reasons(team, to_user_id=gone.pk) == ["approvals.delegation.to_inactive"]

    def test_not_to_somebody_whom_separation_excludes(self, team: Team) -> None:
        assert reasons(team, to_user_id=team.by_step["first_review"].pk) == ["approvals.delegation.separation"]

    def test_is_not_handed_on(self, team: Team) -> None:
        give(team)
        again = reasons(team, "legality_review", to_user_id=team.by_step["confidentiality_review"].pk)
        assert again == ["approvals.delegation.no_post"]

    def test_not_beyond_the_end_of_the_post(self, team: Team) -> None:
        team.by_step["final_review"].posts.update(until_on=TODAY + timedelta(days=2))
        assert reasons(team) == ["approvals.delegation.no_post"]

    def test_not_twice_for_the_same_days(self, team: Team) -> None:
        give(team)
        assert reasons(team, from_on=TODAY + timedelta(days=4), until_on=TODAY + timedelta(days=9)) == [
            "approvals.delegation.overlap"
        ]

    def test_not_by_a_job(self, team: Team) -> None:
        with pytest.raises(NotPermitted):
            services.delegation_give(
                actor=Actor.system("程序"),
                to_user_id=team.author.pk,
                role=Role.FINAL_REVIEWER,
                unit_id=team.unit.pk,
                from_on=TODAY,
                until_on=TODAY,
                reason="出差",
                now=NOW,
            )


class TestDays:
    @pytest.mark.parametrize(("day", "holds"), [(-1, False), (0, True), (4, True), (5, False)])
    def test_holds_from_the_first_to_the_last_day(self, team: Team, day: int, holds: bool) -> None:
        give(team, "first_review", role=Role.FIRST_REVIEWER, to_user_id=team.author.pk)
        other = team.world.person(Role.DRAFTER, team.unit)
        approval = team.open(now=NOW - timedelta(days=2), author_ids=[other.pk])
        chances = selectors.steps_for(
            selectors.approval_get(approval.pk), actor=team.acting(team.author), today=TODAY + timedelta(days=day)
        )
        assert [chance.may_sign for chance in chances] == ([True] if holds else [])

    def test_ends_with_the_givers_post(self, team: Team) -> None:
        give(team, "first_review", role=Role.FIRST_REVIEWER, to_user_id=team.by_step["legality_review"].pk)
        team.by_step["first_review"].posts.update(until_on=TODAY - timedelta(days=1))
        approval = team.open()
        with pytest.raises(Refused) as caught:
            team.sign(approval, "first_review", "legality_review")
        assert caught.value.codes() == ["approvals.signer.no_post"]

    def test_does_not_let_an_author_sign_through_another(self, team: Team) -> None:
        giver = team.by_step["first_review"]
        give(team, "first_review", role=Role.FIRST_REVIEWER, to_user_id=team.by_step["legality_review"].pk)
        approval = team.open(author_ids=[giver.pk])
        with pytest.raises(Refused) as caught:
            team.sign(approval, "first_review", "legality_review")
        assert caught.value.codes() == ["approvals.separation.author"]


class TestRevoke:
    def test_ends_it_at_once_and_keeps_what_was_signed(self, team: Team) -> None:
        given = give(team, "first_review", role=Role.FIRST_REVIEWER)
        one, two = team.open(), team.open(target_id="2")
        team.sign(one, "first_review", "legality_review")
        services.delegation_revoke(actor=team.acting("first_review"), delegation_id=given.pk, now=NOW)
        with pytest.raises(Refused):
            team.sign(two, "first_review", "legality_review")
        assert Signature.objects.filter(approval=one).count() == 1
        with pytest.raises(Refused) as caught:
            services.delegation_revoke(actor=team.acting("first_review"), delegation_id=given.pk, now=NOW)
        assert caught.value.codes() == ["approvals.delegation.revoked"]

    @pytest.mark.parametrize("role", list(Role))
    def test_who_may(self, team: Team, role: Role) -> None:
        given = give(team)
        actor = team.world.actor(role, team.unit)
        allowed = {Role.SYSTEM_ADMINISTRATOR, Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD}
        if role in allowed:
            assert services.delegation_revoke(actor=actor, delegation_id=given.pk, now=NOW).revoked_at == NOW
        else:
            with pytest.raises(NotPermitted):
                services.delegation_revoke(actor=actor, delegation_id=given.pk, now=NOW)

    def test_names_one_that_is_not_there(self, team: Team) -> None:
        with pytest.raises(Refused) as caught:
            services.delegation_revoke(actor=team.acting(team.office), delegation_id=987654, now=NOW)
        assert caught.value.codes() == ["approvals.delegation.not_found"]


class TestLists:
    def test_show_what_one_gave_holds_or_watches_over(self, team: Team, world: World) -> None:
        give(team)
        for who in ("final_review", "legality_review"):
            assert len(selectors.delegation_rows(actor=team.acting(who), today=TODAY)) == 1
        assert len(selectors.delegation_rows(actor=team.acting(team.office), today=TODAY)) == 1
        assert selectors.delegation_rows(actor=team.acting(team.author), today=TODAY) == []
        assert selectors.delegation_rows(actor=world.actor(Role.DISCLOSURE_OFFICE, world.education), today=TODAY) == []

    def test_offer_posts_and_colleagues(self, team: Team, world: World) -> None:
        actor = team.acting("final_review")
        assert [post.role for post in selectors.delegable_posts(actor=actor, today=TODAY)] == [Role.FINAL_REVIEWER]
        names = {user.display_name for user, _ in selectors.colleagues(actor=actor, today=TODAY)}
        assert {"易文", "何法", "楚审"} <= names
        assert "钟审" not in names
