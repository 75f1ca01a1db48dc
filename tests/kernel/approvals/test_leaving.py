"""People who left between opening and signing, and steps that nobody can take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.models import Signature
from gongkai.kernel.errors import Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.world import NOW, TODAY, World
from tests.kernel.approvals.rounds import Team

YESTERDAY = TODAY - timedelta(days=1)


def leave(user: User) -> None:
    """The person's posts ended yesterday."""
    Post.objects.filter(user=user).update(until_on=YESTERDAY)


class TestSignerWhoLeft:
    def test_signs_no_more_and_reads_no_more(self, team: Team) -> None:
        approval = team.open()
        user = team.by_step["first_review"]
        assert selectors.may_read(approval, actor=team.acting(user), today=TODAY)
        leave(user)
        with pytest.raises(Refused) as said:
            team.sign(approval, "first_review")
        assert said.value.codes() == ["approvals.signer.no_post"] or "post" in said.value.codes()[0]
        assert not selectors.may_read(approval, actor=team.acting(user), today=TODAY)
        assert selectors.inbox(actor=team.acting(user), today=TODAY) == []

    def test_the_database_refuses_the_row_too(self, team: Team) -> None:
        approval = team.open()
        user = team.by_step["first_review"]
        leave(user)
        with pytest.raises(DatabaseError, match="岗位"), transaction.atomic():
            Signature.objects.create(
                approval=approval,
                step=approval.steps.get(code="first_review"),
                digest=approval.digest,
                verdict="sign",
                signer=user,
                signer_name="楚审",
                role="first_reviewer",
                unit=team.unit,
                signed_at=NOW,
            )

    def test_an_account_that_was_closed_counts_as_gone(self, team: Team) -> None:
        approval = team.open()
        actor = team.acting("first_review")
        User.objects.filter(pk=actor.user_id).update(is_active=False)
        with pytest.raises(Refused):
            services.approval_sign(
                actor=actor,
                approval_id=approval.pk,
                step="first_review",
                digest=approval.digest,
                verdict="sign",
                now=NOW,
            )

    def test_an_author_who_left_reads_the_round_no_more(self, team: Team) -> None:
        approval = team.open()
        leave(team.author)
        assert not selectors.may_read(approval, actor=team.acting(team.author), today=TODAY)

    def test_what_he_signed_before_stays_and_the_round_goes_on(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review")
        leave(team.by_step["first_review"])
        team.sign_all(approval, ["first_proof", "second_review", "second_proof"])
        assert approval.signatures.count() == 4


class TestNobodyLeft:
    def test_is_said_with_who_can_mend_it_and_told_to_those_in_office_today(self, team: Team, world: World) -> None:
        administrator = world.person(Role.SYSTEM_ADMINISTRATOR, world.office)
        approval = team.open()
        successor = world.person(Role.DISCLOSURE_OFFICE, team.unit)
        leave(team.by_step["first_review"])
        leave(team.office)
        row = selectors.approval_progress(approval, today=TODAY).open_steps[0]
        assert "系统管理员" in row.nobody_sentence and "委托" in row.nobody_sentence
        services.reminders_sweep(now=NOW)
        told = Notice.objects.filter(title=f"“{approval.title}”的初审没有人可以办理")
        assert set(told.values_list("recipient_id", flat=True)) == {team.author.pk, successor.pk, administrator.pk}

    def test_goes_on_as_soon_as_somebody_is_there(self, team: Team, world: World) -> None:
        approval = team.open()
        leave(team.by_step["first_review"])
        newcomer = world.person(Role.FIRST_REVIEWER, team.unit)
        services.reminders_sweep(now=NOW)
        assert Notice.objects.filter(recipient=newcomer, title__startswith="请办理初审").exists()
        team.sign(approval, "first_review", newcomer)
        assert approval.signatures.count() == 1
