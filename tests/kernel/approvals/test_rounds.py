"""A round from its opening to its end, by the services."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import selectors, services, targets
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose, StepOpening
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit
from tests.factories.world import NOW, TODAY, World
from tests.kernel.approvals.rounds import CLEAN, DIGEST, ORDER, OTHER, Team


def refused(call: object, *args: object, **more: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*args, **more)  # type: ignore[operator]
    assert all(caught.value.sentences())
    return caught.value.codes()


class TestOpen:
    def test_freezes_the_steps_that_the_flags_need(self, team: Team) -> None:
        plain = team.open()
        assert [step.code for step in plain.steps.order_by("order", "position")] == list(ORDER)
        flagged = team.open(target_id="2", flags=["legality", "fair_competition"])
        codes = {step.code for step in flagged.steps.all()}
        assert {"legality_review", "fair_competition_review"} <= codes

    def test_opens_the_first_steps_with_due_days(self, team: Team) -> None:
        approval = team.open()
        openings = StepOpening.objects.filter(step__approval=approval).select_related("step")
        assert {(one.step.code, one.due_on) for one in openings} == {
            ("first_review", date(2026, 3, 3)),
            ("first_proof", date(2026, 3, 3)),
        }

    def test_tells_all_reasons_at_once(self, team: Team) -> None:
        codes = refused(team.open, author_ids=[], digest="abc", flags=["odd"], emergency=True)
        assert codes == [
            "approvals.open.no_author",
            "approvals.open.digest",
            "approvals.open.flag",
            "approvals.emergency.no_reason",
        ]

    def test_refuses_a_second_round_over_the_same_text(self, team: Team) -> None:
        team.open()
        assert refused(team.open) == ["approvals.open.running"]

    def test_refuses_a_unit_that_is_gone(self, team: Team) -> None:
        Unit.objects.filter(pk=team.unit.pk).update(dissolved_on=TODAY)
        assert refused(team.open, actor=Actor.system("程序")) == ["approvals.open.unit_gone"]

    def test_refuses_a_visitor_and_somebody_without_a_post(self, team: Team, world: World) -> None:
        stranger = world.actor(None, None)
        for actor in (Actor.anonymous(), stranger):
            with pytest.raises(NotPermitted):
                services.approval_open(
                    actor=actor,
                    target_type="test.text",
                    target_id="9",
                    title="题",
                    url="/",
                    unit_id=team.unit.pk,
                    digest=DIGEST,
                    author_ids=[team.author.pk],
                    now=NOW,
                )

    def test_is_audited_under_the_text(self, team: Team) -> None:
        approval = team.open()
        entry = Entry.objects.filter(action="approvals.approval.open").get()
        assert (entry.target_type, entry.target_id) == ("test.text", "1")
        assert entry.details["approval"] == approval.pk


class TestSign:
    def test_goes_through_three_reviews_and_three_proofreadings(self, team: Team) -> None:
        approval = team.sign_all(team.open())
        assert approval.state == ApprovalState.COMPLETED
        assert selectors.is_complete(approval.pk, DIGEST)
        assert not selectors.is_complete(approval.pk, OTHER)
        assert Entry.objects.filter(action="approvals.approval.sign").count() == len(ORDER)

    def test_takes_parallel_steps_in_any_order(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_proof")
        team.sign(approval, "first_review")
        assert {step.code for step in selectors.round_of(selectors.approval_get(approval.pk)).current} == {
            "second_review",
            "second_proof",
        }

    @pytest.mark.parametrize(
        ("step", "signed", "code"),
        [
            ("second_review", [], "approvals.step.not_yet"),
            ("final_review", ["first_review"], "approvals.step.not_yet"),
            ("first_review", ["first_review"], "approvals.step.signed"),
        ],
    )
    def test_refuses_a_step_whose_turn_it_is_not(self, team: Team, step: str, signed: list[str], code: str) -> None:
        approval = team.open()
        team.sign_all(approval, signed)
        assert code in refused(team.sign, approval, step)

    def test_refuses_another_digest_than_was_read(self, team: Team) -> None:
        approval = team.open()
        assert refused(team.sign, approval, "first_review", digest=OTHER) == ["approvals.digest.changed"]

    def test_refuses_an_unknown_step_and_verdict(self, team: Team) -> None:
        approval = team.open()
        actor = team.acting("first_review")
        fields = {"actor": actor, "approval_id": approval.pk, "digest": DIGEST, "now": NOW}
        assert refused(services.approval_sign, step="nothing", verdict="sign", **fields) == ["approvals.step.unknown"]
        assert refused(services.approval_sign, step="first_review", verdict="agree", **fields) == [
            "approvals.verdict.unknown"
        ]
        assert refused(services.approval_sign, **{**fields, "approval_id": 987654}, step="x", verdict="sign") == [
            "approvals.not_found"
        ]

    def test_refuses_the_author_at_every_step(self, team: Team, world: World) -> None:
        reviewer = team.by_step["first_review"]
        approval = team.open(author_ids=[team.author.pk, reviewer.pk])
        assert refused(team.sign, approval, "first_review") == ["approvals.separation.author"]

    def test_refuses_one_person_at_two_reviews_whatever_posts_he_holds(self, team: Team, world: World) -> None:
        both = team.by_step["first_review"]
        _post(both, team, Role.SECOND_REVIEWER)
        approval = team.open()
        team.sign_all(approval, ["first_review", "first_proof"])
        assert refused(team.sign, approval, "second_review", both) == ["approvals.separation.step"]

    def test_refuses_one_person_at_two_proofreadings(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ["first_review", "first_proof"])
        assert refused(team.sign, approval, "second_proof", "first_proof") == ["approvals.separation.step"]

    def test_refuses_an_incomplete_form_line_by_line(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:4])
        codes = refused(team.sign, approval, "confidentiality_review", form={"state_secret": "no", "privacy": "maybe"})
        assert codes.count("approvals.form.missing") == len(CLEAN) - 2
        assert codes.count("approvals.form.choice") == 1

    def test_refuses_to_agree_to_what_the_form_stops(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:4])
        form = {**CLEAN, "state_secret": "yes", "conclusion": "partial"}
        codes = refused(team.sign, approval, "confidentiality_review", form=form)
        assert codes == ["approvals.form.stops", "approvals.form.note"]

    def test_refuses_jobs_and_visitors(self, team: Team) -> None:
        approval = team.open()
        for actor in (Actor.system("程序"), Actor.anonymous()):
            with pytest.raises(NotPermitted):
                services.approval_sign(
                    actor=actor, approval_id=approval.pk, step="first_review", digest=DIGEST, verdict="sign", now=NOW
                )

    def test_refuses_a_superuser_and_an_administrator_without_a_reviewing_post(self, team: Team, world: World) -> None:
        approval = team.open()
        root = User.objects.create_superuser("root", password="p", display_name="超级")
        admin = world.person(Role.SYSTEM_ADMINISTRATOR, team.unit)
        for user in (root, admin):
            assert refused(team.sign, approval, "first_review", user) == ["approvals.signer.no_post"]

    @pytest.mark.parametrize("role", list(Role))
    def test_only_the_role_of_the_step_signs_it(self, team: Team, world: World, role: Role) -> None:
        approval = team.open()
        user = world.person(role, team.unit)
        if role is Role.FIRST_REVIEWER:
            assert team.sign(approval, "first_review", user).role == role
        else:
            assert refused(team.sign, approval, "first_review", user) == ["approvals.signer.no_post"]

    def test_a_post_of_another_unit_or_of_the_unit_above_does_not_count(self, team: Team, world: World) -> None:
        approval = team.open()
        for unit in (world.top, world.office, world.education):
            user = world.person(Role.FIRST_REVIEWER, unit)
            assert refused(team.sign, approval, "first_review", user) == ["approvals.signer.no_post"]

    def test_a_post_that_ended_or_has_not_begun_does_not_count(self, team: Team, world: World) -> None:
        approval = team.open()
        gone, coming = team.by_step["first_review"], world.person(Role.FIRST_REVIEWER, team.unit)
        gone.posts.update(until_on=TODAY - timedelta(days=1))
        coming.posts.update(from_on=TODAY + timedelta(days=1))
        for user in (gone, coming):
            assert refused(team.sign, approval, "first_review", user) == ["approvals.signer.no_post"]


class TestReturn:
    def test_needs_a_remark(self, team: Team) -> None:
        approval = team.open()
        assert refused(team.sign, approval, "first_review", verdict="return") == ["approvals.return.no_remark"]

    def test_ends_the_round_and_the_next_text_starts_from_the_first_step(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ["first_review", "first_proof"])
        team.sign(approval, "second_review", verdict="return", remark="第二段数字请核对。")
        approval.refresh_from_db()
        assert approval.state == ApprovalState.RETURNED
        assert refused(team.sign, approval, "second_proof") == ["approvals.round.ended"]
        again = team.open(digest=OTHER)
        assert again.round == 2
        assert not selectors.is_complete(approval.pk, DIGEST)
        assert refused(team.sign, again, "second_review") == ["approvals.step.not_yet"]

    def test_does_not_ask_for_the_form(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ORDER[:4])
        given = {"state_secret": "yes"}
        team.sign(approval, "confidentiality_review", verdict="return", remark="涉密，不得公开。", form=given)
        approval.refresh_from_db()
        assert approval.state == ApprovalState.RETURNED


class TestVoid:
    def test_ends_a_running_and_a_complete_round(self, team: Team) -> None:
        running = team.open()
        complete = team.sign_all(team.open(target_id="2"))
        for approval in (running, complete):
            ended = services.approval_void(
                actor=team.acting(team.author),
                target_type="test.text",
                target_id=approval.target_id,
                reason="改了标题",
                now=NOW + timedelta(hours=1),
            )
            assert [one.pk for one in ended] == [approval.pk]
            approval.refresh_from_db()
            assert approval.state == ApprovalState.VOIDED
        assert not selectors.is_complete(complete.pk, DIGEST)

    def test_finds_nothing_to_end_without_complaint(self, team: Team) -> None:
        assert (
            services.approval_void(
                actor=team.acting(team.author), target_type="test.text", target_id="77", reason="", now=NOW
            )
            == []
        )

    def test_a_text_that_was_changed_back_needs_new_signatures(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ["first_review"])
        services.approval_void(
            actor=team.acting(team.author), target_type="test.text", target_id="1", reason="改", now=NOW
        )
        again = team.open(digest=DIGEST)
        progress = selectors.approval_progress(selectors.approval_get(again.pk), today=TODAY)
        assert progress.done == 0


class TestCancel:
    @pytest.mark.parametrize("who", ["author", "office"])
    def test_by_the_author_and_the_units_office(self, team: Team, who: str) -> None:
        approval = team.open()
        actor = team.acting(getattr(team, who))
        services.approval_cancel(actor=actor, approval_id=approval.pk, reason="不发了", now=NOW)
        approval.refresh_from_db()
        assert approval.state == ApprovalState.CANCELED

    def test_not_by_a_reviewer_nor_another_unit(self, team: Team, world: World) -> None:
        approval = team.open()
        for actor in (team.acting("first_review"), world.actor(Role.DISCLOSURE_OFFICE, world.education)):
            with pytest.raises(NotPermitted):
                services.approval_cancel(actor=actor, approval_id=approval.pk, reason="不发了", now=NOW)

    def test_needs_a_reason_and_a_round_that_runs(self, team: Team) -> None:
        approval = team.open()
        actor = team.acting(team.author)
        cancel = services.approval_cancel
        assert refused(cancel, actor=actor, approval_id=approval.pk, reason=" ", now=NOW) == ["approvals.round.reason"]
        cancel(actor=actor, approval_id=approval.pk, reason="不发了", now=NOW)
        assert refused(cancel, actor=actor, approval_id=approval.pk, reason="再撤", now=NOW) == [
            "approvals.round.ended"
        ]


class TestEmergency:
    STEPS = ("confidentiality_review", "first_proof", "emergency_sign_off")

    def released(self, team: Team) -> Approval:
        return team.sign_all(team.open(emergency=True, reason="暴雨红色预警，须立即发布避险提示"), self.STEPS)

    def test_takes_the_short_route(self, team: Team) -> None:
        approval = self.released(team)
        assert (approval.state, approval.purpose) == (ApprovalState.COMPLETED, Purpose.EMERGENCY)

    def test_stays_lit_until_the_full_review_is_complete(self, team: Team) -> None:
        approval = self.released(team)
        office = team.acting(team.office)
        assert selectors.emergency_unreviewed(actor=office, today=TODAY) == []
        review = services.approval_open_after_review(actor=office, approval_id=approval.pk, now=NOW)
        (row,) = selectors.emergency_unreviewed(actor=office, today=TODAY)
        assert (row.approval_id, row.review_id, row.light) == (approval.pk, review.pk, "yellow")
        assert row.due_on == date(2026, 3, 5)
        (late,) = selectors.emergency_unreviewed(actor=office, today=date(2026, 3, 6))
        assert late.light == "red"
        team.sign_all(review)
        assert selectors.emergency_unreviewed(actor=office, today=TODAY) == []

    def test_a_returned_review_stays_lit_and_may_begin_again(self, team: Team) -> None:
        approval = self.released(team)
        office = team.acting(team.office)
        review = services.approval_open_after_review(actor=office, approval_id=approval.pk, now=NOW)
        team.sign(review, "first_review", verdict="return", remark="措辞不当，请更正后重发。")
        (row,) = selectors.emergency_unreviewed(actor=office, today=TODAY)
        assert (row.review_id, row.review_state) == (None, "已退回")
        again = services.approval_open_after_review(actor=office, approval_id=approval.pk, now=NOW)
        assert again.pk != review.pk

    def test_asking_twice_opens_one_review(self, team: Team) -> None:
        approval = self.released(team)
        office = team.acting(team.office)
        one = services.approval_open_after_review(actor=office, approval_id=approval.pk, now=NOW)
        two = services.approval_open_after_review(actor=office, approval_id=approval.pk, now=NOW)
        assert one.pk == two.pk

    def test_an_edit_leaves_the_review_alone(self, team: Team) -> None:
        approval = self.released(team)
        review = services.approval_open_after_review(actor=Actor.system("发布"), approval_id=approval.pk, now=NOW)
        services.approval_void(
            actor=team.acting(team.author), target_type="test.text", target_id="1", reason="更正", now=NOW
        )
        review.refresh_from_db()
        assert review.state == ApprovalState.OPEN
        assert team.open(digest=OTHER).round == 3

    def test_refuses_a_review_of_what_was_no_emergency_or_is_not_complete(self, team: Team) -> None:
        office = team.acting(team.office)
        plain = team.open()
        running = team.open(target_id="2", emergency=True, reason="险情")
        review = services.approval_open_after_review
        assert refused(review, actor=office, approval_id=plain.pk, now=NOW) == ["approvals.emergency.not_one"]
        assert refused(review, actor=office, approval_id=running.pk, now=NOW) == ["approvals.emergency.not_complete"]

    def test_only_the_authority_cancels_a_review(self, team: Team, world: World) -> None:
        approval = self.released(team)
        review = services.approval_open_after_review(actor=Actor.system("发布"), approval_id=approval.pk, now=NOW)
        with pytest.raises(NotPermitted):
            services.approval_cancel(actor=team.acting(team.author), approval_id=review.pk, reason="已撤回", now=NOW)
        authority = world.actor(Role.DISCLOSURE_OFFICE, world.office)
        services.approval_cancel(actor=authority, approval_id=review.pk, reason="信息已撤回", now=NOW)
        assert selectors.emergency_unreviewed(actor=authority, today=TODAY) == []


def _post(user: User, team: Team, role: Role) -> None:
    Post.objects.create(user=user, unit=team.unit, role=role, from_on=date(2020, 1, 1), granted_at=NOW)


class TestUsedRounds:
    def test_what_was_released_under_a_round_leaves_it_as_it_is(
        self, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        approval = team.sign_all(team.open())
        monkeypatch.setitem(targets._uses, "test.text", lambda ids: [one for one in ids if one == approval.pk])
        ended = services.approval_void(
            actor=team.acting(team.author), target_type="test.text", target_id="1", reason="更正", now=NOW
        )
        approval.refresh_from_db()
        assert (ended, approval.state) == ([], ApprovalState.COMPLETED)
        assert team.open(digest=OTHER).round == 2

    def test_a_feature_answers_once(self) -> None:
        def uses(ids: object) -> list[int]:
            return []

        targets.register_uses("test.other", uses)
        targets.register_uses("test.other", uses)
        with pytest.raises(ValueError, match=r"test\.other"):
            targets.register_uses("test.other", lambda ids: [])
