"""The rules held by the database itself: by the model's own save, by bulk writing and by plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.models import (
    Approval,
    ApprovalEnd,
    ApprovalState,
    ApprovalStep,
    Delegation,
    Seat,
    Signature,
    StepOpening,
)
from tests.factories.world import NOW, TODAY, World
from tests.kernel.approvals.rounds import CLEAN, DIGEST, FORMS, ORDER, OTHER, Team


@contextmanager
def stopped(match: str, error: type[Exception] = DatabaseError) -> Iterator[None]:
    with pytest.raises(error, match=match), transaction.atomic():
        yield


def row(team: Team, approval: Approval, step: str, **more: Any) -> Signature:
    """A signature as somebody would write it past the services."""
    frozen = approval.steps.get(code=step)
    fields: dict[str, Any] = {
        "approval": approval,
        "step": frozen,
        "digest": approval.digest,
        "verdict": "sign",
        "signer": team.by_step[step],
        "signer_name": "某人",
        "role": frozen.roles[0],
        "unit": team.unit,
        "form": dict(FORMS.get(step, {})),
        "signed_at": NOW,
    }
    return Signature(**{**fields, **more})


class TestSignature:
    def test_takes_a_right_one_whoever_writes_it(self, team: Team) -> None:
        approval = team.open()
        row(team, approval, "first_review", person="forged", recorded_at=NOW).save()
        kept = Signature.objects.get()
        assert kept.person == f"user:{team.by_step['first_review'].pk}"
        assert kept.recorded_at > NOW

    @pytest.mark.parametrize(
        ("step", "more", "match"),
        [
            ("first_review", {"digest": OTHER}, "摘要值"),
            ("second_review", {}, "还没有轮到"),
            ("first_review", {"role": "second_reviewer"}, "岗位"),
            ("first_review", {"role": "system_administrator"}, "岗位"),
            ("first_review", {"signed_at": NOW - timedelta(days=1)}, "早于"),
            ("first_review", {"signed_at": NOW.replace(year=2019)}, "早于"),
            ("first_review", {"verdict": "return"}, "signature_return_has_remark"),
            ("first_review", {"verdict": "maybe"}, "signature_verdict_known"),
        ],
    )
    @pytest.mark.parametrize("way", ["save", "bulk_create"])
    def test_refuses_a_wrong_one(self, team: Team, step: str, more: dict[str, Any], match: str, way: str) -> None:
        approval = team.open()
        wrong = row(team, approval, step, **more)
        with stopped(match):
            wrong.save() if way == "save" else Signature.objects.bulk_create([wrong])

    def test_refuses_a_superuser_without_a_post(self, team: Team) -> None:
        approval = team.open()
        root = User.objects.create_superuser("root", password="p", display_name="超级")
        with stopped("岗位"):
            row(team, approval, "first_review", signer=root).save()

    def test_refuses_a_post_that_ended_the_day_before(self, team: Team) -> None:
        approval = team.open()
        team.by_step["first_review"].posts.update(until_on=TODAY - timedelta(days=1))
        with stopped("岗位"):
            row(team, approval, "first_review").save()

    def test_refuses_a_deactivated_person(self, team: Team) -> None:
        approval = team.open()
        User.objects.filter(pk=team.by_step["first_review"].pk).update(is_active=False)
        with stopped("岗位"):
            row(team, approval, "first_review").save()

    def test_refuses_an_unfilled_form_and_an_answer_that_stops(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:4])
        for form in ({}, {**CLEAN, "state_secret": "yes"}, {**CLEAN, "conclusion": " "}):
            with stopped("表单"):
                row(team, approval, "confidentiality_review", form=form).save()

    def test_refuses_a_step_of_another_round(self, team: Team) -> None:
        one, two = team.open(), team.open(target_id="2")
        with stopped("不属于"):
            wrong = row(team, one, "first_review")
            wrong.step = two.steps.get(code="first_review")
            wrong.save()

    def test_refuses_a_second_signature_and_one_after_the_end(self, team: Team, world: World) -> None:
        approval = team.open()
        team.sign(approval, "first_review")
        other = world.person(Role.FIRST_REVIEWER, team.unit)
        with stopped("已经签过", IntegrityError):
            row(team, approval, "first_review", signer=other).save()
        team.sign(approval, "first_proof", verdict="return", remark="错字")
        with stopped("已经结束"):
            row(team, approval, "second_review").save()

    def test_a_state_that_was_set_back_opens_nothing(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review", verdict="return", remark="错字")
        with stopped("已经结束"):
            Approval.objects.filter(pk=approval.pk).update(state="open")

    def test_refuses_a_delegation_that_does_not_hold(self, team: Team, world: World) -> None:
        approval = team.open()
        giver, holder = team.by_step["first_review"], team.author
        given = Delegation.objects.create(
            giver=giver,
            to=world.person(Role.PROOFREADER, team.unit),
            unit=team.unit,
            role="first_reviewer",
            from_on=TODAY,
            until_on=TODAY,
            reason="出差",
            given_at=NOW,
        )
        with stopped("委托"):
            row(team, approval, "first_review", signer=holder, delegation=given, on_behalf_of=giver).save()
        with stopped("委托"):
            later = NOW + timedelta(days=1)
            row(
                team, approval, "first_review", signer=given.to, delegation=given, on_behalf_of=giver, signed_at=later
            ).save()


class TestSeats:
    def test_refuse_one_person_at_two_reviews(self, team: Team) -> None:
        both = team.by_step["first_review"]
        Post.objects.create(
            user=both, unit=team.unit, role=Role.SECOND_REVIEWER, from_on=date(2020, 1, 1), granted_at=NOW
        )
        approval = team.open()
        team.sign_all(approval, ["first_review", "first_proof"])
        with stopped("seat_different_persons", IntegrityError):
            row(team, approval, "second_review", signer=both).save()
        with stopped("seat_different_persons", IntegrityError), connection.cursor() as cursor:
            frozen = approval.steps.get(code="second_review")
            cursor.execute(
                "INSERT INTO approvals_signature (approval_id, step_id, digest, verdict, remark, form, signer_id, "
                "signer_name, role, unit_id, person, signed_at) VALUES (%s, %s, %s, 'sign', '', '{}', %s, '某人', "
                "'second_reviewer', %s, '', %s)",
                [approval.pk, frozen.pk, DIGEST, both.pk, team.unit.pk, NOW],
            )

    def test_refuse_an_author_at_every_step(self, team: Team) -> None:
        everybody = [user.pk for user in team.by_step.values()]
        approval = team.open(author_ids=everybody)
        with stopped("seat_different_persons", IntegrityError):
            row(team, approval, "first_review").save()
        assert Seat.objects.filter(group="author|first_review").count() == len(set(everybody))

    def test_count_the_giver_of_a_delegation(self, team: Team) -> None:
        author, holder = team.by_step["first_review"], team.by_step["first_proof"]
        approval = team.open(author_ids=[author.pk])
        given = Delegation.objects.create(
            giver=author,
            to=holder,
            unit=team.unit,
            role="first_reviewer",
            from_on=TODAY,
            until_on=TODAY,
            reason="出差",
            given_at=NOW,
        )
        with stopped("seat_different_persons", IntegrityError):
            row(team, approval, "first_review", signer=holder, delegation=given, on_behalf_of=author).save()

    def test_cannot_be_filled_by_hand(self, team: Team) -> None:
        approval = team.open()
        with stopped("席位"):
            Seat.objects.create(approval=approval, group="a|b", person="user:1")


class TestAppendOnly:
    @pytest.mark.parametrize("model", [ApprovalStep, StepOpening, Signature, Seat])
    def test_rows_are_neither_changed_nor_deleted(self, team: Team, model: type) -> None:
        approval = team.open()
        team.sign(approval, "first_review")
        table = model._meta.db_table  # type: ignore[attr-defined]
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"):
            with stopped("只能追加"), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(statement)

    def test_a_round_keeps_everything_but_its_state(self, team: Team) -> None:
        approval = team.open()
        for change in ({"digest": OTHER}, {"authors": [1]}, {"target_id": "2"}, {"purpose": "ordinary", "title": "改"}):
            with stopped("不能修改"):
                Approval.objects.filter(pk=approval.pk).update(**change)
        with stopped("只能追加"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_approval")

    def test_a_round_is_not_marked_complete_before_it_is(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:-1])
        with stopped("没有签完"):
            Approval.objects.filter(pk=approval.pk).update(state=ApprovalState.COMPLETED)

    def test_no_step_is_added_after_the_first_signature(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review")
        copy = approval.steps.get(code="first_proof")
        copy.pk, copy.code = None, "another"
        with stopped("不能再增加"):
            copy.save()

    def test_a_round_needs_authors_and_begins_open(self, team: Team) -> None:
        approval = team.open()
        for change, why in (({"authors": []}, "拟稿人"), ({"state": "completed"}, "审批中")):
            copy = Approval.objects.get(pk=approval.pk)
            copy.pk, copy.round, copy.target_id = None, 9, "9"
            for name, value in change.items():
                setattr(copy, name, value)
            with stopped(why):
                copy.save(force_insert=True)

    def test_a_delegation_is_only_revoked(self, team: Team) -> None:
        given = services.delegation_give(
            actor=team.acting("first_review"),
            to_user_id=team.by_step["first_proof"].pk,
            role=Role.FIRST_REVIEWER,
            unit_id=team.unit.pk,
            from_on=TODAY,
            until_on=TODAY,
            reason="出差",
            now=NOW,
        )
        with stopped("只能收回"):
            Delegation.objects.filter(pk=given.pk).update(until_on=TODAY + timedelta(days=30))
        with stopped("只能追加"):
            Delegation.objects.all().delete()


class TestComplete:
    def complete(self, approval: Approval, digest: str = DIGEST) -> bool:
        return selectors.is_complete(approval.pk, digest)

    def test_is_recomputed_from_the_rows(self, team: Team) -> None:
        approval = team.open()
        assert not self.complete(approval)
        team.sign_all(approval, ORDER[:-1])
        assert not self.complete(approval)
        team.sign(approval, "final_review")
        assert self.complete(approval)
        assert not self.complete(approval, OTHER)
        ApprovalEnd.objects.create(approval=approval, kind="voided", reason="改", ended_at=NOW)
        approval.refresh_from_db()
        assert (approval.state, self.complete(approval)) == (ApprovalState.COMPLETED, False)

    def test_is_false_for_what_is_not_there(self, team: Team) -> None:
        assert not selectors.is_complete(987654, DIGEST)

    @pytest.mark.parametrize("kept", [["confidentiality_review"], ["first_review", "final_review"], []])
    def test_is_false_for_a_round_that_somebody_made_up_without_the_steps_that_always_are(
        self, team: Team, kept: list[str]
    ) -> None:
        model = team.open()
        approval = Approval.objects.get(pk=model.pk)
        approval.pk, approval.target_id = None, "forged"
        approval.save(force_insert=True)
        for step in model.steps.filter(code__in=kept):
            step.pk, step.approval, step.order = None, approval, 1
            step.save(force_insert=True)
        for step in kept:
            row(team, approval, step).save()
        assert not self.complete(approval)
