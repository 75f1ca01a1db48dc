"""Batches: a trial that writes nothing, then each case by its own law; who may, what is refused, and going on after a crash."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.command_data import command_to_data
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, BatchLine, BatchRun, CaseEvent
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.batches import batch_get, reason_groups
from gongkai.features.foi.selectors.boards import BoardFilters
from gongkai.features.foi.selectors.selection import Selection
from gongkai.features.foi.services import batch_steps, batches, bulk
from gongkai.features.foi.services.batch_steps import VERBS
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs.testing import jobs_waiting
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import NAME, PHONE, Desk
from tests.factories.world import TODAY
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
DRAFT = c.Draft(on=TODAY, disposition="granted_provide")


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    return Campaigning(desk)


def stages(cases: list[Application]) -> list[str]:
    return list(
        Application.objects.filter(pk__in=[one.pk for one in cases]).order_by("pk").values_list("stage", flat=True)
    )


class TestTrial:
    def test_says_how_many_would_pass_and_why_the_others_not_and_writes_nothing(self, kit: Campaigning) -> None:
        ready, early = kit.cases(2), kit.cases(1, accepted=False)
        done = kit.cases(1)
        kit.desk.do(done[0], c.Withdraw(on=TODAY, statement="申请人书面撤回"))
        before = CaseEvent.objects.count()
        run = kit.step([*ready, *early, *done], DRAFT)
        assert (run.state, run.total, run.passed, run.refused) == ("tried", 4, 3, 1)
        assert CaseEvent.objects.count() == before
        assert "申请人撤回" in kit.told(run)[done[0].register_no]

    def test_reasons_are_grouped_each_with_its_list(self, kit: Campaigning) -> None:
        run = kit.step(kit.cases(3), c.Sign(on=TODAY, signed_by="局长"), by=kit.desk.leader)
        groups = reason_groups(run=run, state="refused")
        assert [one.number for one in groups] == [3]
        assert BatchLine.objects.get(pk=groups[0].line_id).told == groups[0].told

    def test_what_wants_a_look_stands_beside_a_case_that_passes(self, kit: Campaigning) -> None:
        run = kit.step(kit.cases(1), c.Draft(on=TODAY, disposition="unable_still_unclear"))
        assert run.passed == 1
        assert reason_groups(run=run, state="passed")[0].number == 1

    def test_nothing_is_done_without_a_yes(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        run = kit.step(cases, DRAFT)
        assert not batches.batch_work(run_id=run.pk, now=kit.now)
        assert stages(cases) == [Stage.HANDLING.value] * 2


class TestRun:
    def test_does_what_passed_and_leaves_the_others_with_their_reason(self, kit: Campaigning) -> None:
        ready, ended = kit.cases(2), kit.cases(1)
        kit.desk.do(ended[0], c.Withdraw(on=TODAY, statement="撤回"))
        run = kit.started(kit.step([*ready, *ended], DRAFT))
        assert (run.state, run.passed, run.done, run.refused) == ("done", 0, 2, 1)
        assert stages(ready) == [Stage.DECIDING.value] * 2
        assert run.finished_at == kit.now

    def test_a_case_that_moved_since_the_trial_is_left_alone(self, kit: Campaigning) -> None:
        first, second = kit.cases(2)
        run = kit.step([first, second], DRAFT)
        kit.desk.do(first, c.NotifySupplement(on=TODAY, items=("请写明年份",), days=10))
        run = kit.started(run)
        assert (run.done, run.refused) == (1, 1)
        assert "刚刚有了新的进展" in kit.told(run)[first.register_no]
        assert stages([first, second]) == [Stage.SUPPLEMENT_WAIT.value, Stage.DECIDING.value]

    def test_running_again_does_only_what_is_left(self, kit: Campaigning) -> None:
        first, second = kit.cases(2)
        run = kit.step([first, second], DRAFT)
        kit.desk.do(first, c.NotifySupplement(on=TODAY, items=("请写明年份",), days=10))
        kit.started(run)
        kit.desk.do(first, c.ReceiveSupplement(on=TODAY))
        before = CaseEvent.objects.filter(application=second).count()
        batches.batch_again(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)
        run = kit.worked(run)
        assert (run.state, run.passed, run.done, run.refused) == ("tried", 1, 1, 0)
        run = kit.started(run)
        assert (run.done, run.refused) == (2, 0)
        assert CaseEvent.objects.filter(application=second).count() == before
        with pytest.raises(Refused, match="没有剩下"):
            batches.batch_again(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)

    def test_stopped_in_the_middle_it_goes_on_where_it_was(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "CHUNK", 2)
        cases = kit.cases(5)
        run = kit.step(cases, DRAFT)
        batches.batch_start(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)
        assert batches.batch_work(run_id=run.pk, now=kit.now)  # and here the worker dies
        run.refresh_from_db()
        assert (run.state, run.done, run.passed) == ("running", 2, 3)
        assert batches.batches_requeue() == 0  # its job still waits in this test
        run = kit.worked(run)
        assert (run.state, run.done) == ("done", 5)
        drafted = CaseEvent.objects.filter(kind="Drafted", application__in=cases)
        assert drafted.count() == 5

    def test_a_crash_inside_a_chunk_leaves_nothing_half_done(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cases = kit.cases(2)
        run = kit.step(cases, DRAFT)
        batches.batch_start(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)

        def dies(*args: Any, **more: Any) -> None:
            raise OSError("the worker is gone")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="gone"):
            patch.setattr(bulk, "record_many", dies)
            batches.batch_work(run_id=run.pk, now=kit.now)
        assert stages(cases) == [Stage.HANDLING.value] * 2
        assert kit.worked(run).done == 2

    def test_a_case_that_cannot_be_written_keeps_no_other_from_being_done(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = kit.cases(2)
        run = kit.step([first, second], DRAFT)
        known = batch_steps.steps_write

        def fussy(*, judged: Any, **more: Any) -> Any:
            if any(one.course.application.pk == first.pk for one in judged):
                raise ValueError("a case that nothing can be done with")
            return known(judged=judged, **more)

        monkeypatch.setattr(batch_steps, "steps_write", fussy)
        run = kit.started(run)
        assert (run.state, run.done, run.refused) == ("done", 1, 1)
        assert stages([first, second]) == [Stage.HANDLING.value, Stage.DECIDING.value]

    def test_what_no_case_is_to_blame_for_is_not_tried_for_ever(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = kit.step(kit.cases(1), DRAFT)

        def fail(*_: Any) -> bool:
            raise ValueError("nothing to do with a case")

        monkeypatch.setattr(batches, "_end", fail)
        with pytest.raises(ValueError, match="nothing to do"):
            kit.started(run)
        run.refresh_from_db()
        assert (run.state, run.done) == ("running", 1)

    def test_who_drafted_does_not_sign_among_many_either(self, kit: Campaigning) -> None:
        mine, others = kit.cases(1), kit.cases(1)
        kit.started(kit.step(mine, DRAFT, by=kit.desk.head), by=kit.desk.head)
        kit.started(kit.step(others, DRAFT))
        run = kit.step([*mine, *others], c.Sign(on=TODAY, signed_by="主任"), by=kit.desk.head)
        assert (run.passed, run.refused) == (1, 1)
        assert "拟定答复的人" in kit.told(run)[mine[0].register_no]
        kit.started(run, by=kit.desk.head)
        assert stages([*mine, *others]) == [Stage.DECIDING.value, Stage.SIGNED.value]

    def test_each_case_goes_out_as_its_applicant_wished(self, kit: Campaigning) -> None:
        online = kit.cases(1)
        by_post = kit.cases(1, wanted_delivery=Delivery.POST)
        cases = [*online, *by_post]
        kit.started(kit.step(cases, DRAFT))
        kit.started(kit.step(cases, c.Sign(on=TODAY, signed_by="局长"), by=kit.desk.leader), by=kit.desk.leader)
        kit.started(kit.step(cases, c.Send(on=TODAY, delivery=Delivery.POST), as_wanted=True))
        sent = CaseEvent.objects.filter(kind="Sent").order_by("application_id").values_list("data__delivery", flat=True)
        assert list(sent) == [Delivery.ONLINE.value, Delivery.POST.value]

    def test_what_is_received_by_it_is_registered_too(self, kit: Campaigning) -> None:
        taken = [kit.desk.online().application for _ in range(2)]
        facts = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
        run = kit.started(kit.step(taken, c.RecordReceipt(on=TODAY, facts=facts)))
        assert run.done == 2
        assert stages(taken) == [Stage.CHECKING.value] * 2

    def test_each_case_keeps_the_evidence_that_its_own_papers_settle(self, kit: Campaigning) -> None:
        from gongkai.features.foi import services

        cases = kit.cases(2)
        kit.started(kit.step(cases, DRAFT))
        kit.started(kit.step(cases, c.Sign(on=TODAY, signed_by="局长"), by=kit.desk.leader), by=kit.desk.leader)
        kit.started(kit.step(cases, c.Send(on=TODAY, delivery=Delivery.POST)))
        services.paper_add(
            actor=kit.desk.clerk,
            application_id=cases[0].pk,
            kind="service",
            title="签收回执",
            note="挂号信回执",
            evidence="handover_proof",
            now=kit.now,
        )
        run = kit.step(cases, c.Close(on=TODAY, evidence=("copy_provided", "form_wanted", "form_used")))
        assert (run.passed, run.refused) == (1, 1)
        assert list(kit.told(run)) == [cases[1].register_no]


class TestWhoMay:
    @pytest.mark.parametrize("role", [*Role])
    def test_the_ability_of_each_step_is_asked(self, kit: Campaigning, role: Role) -> None:
        actor = kit.desk.world.actor(role, kit.desk.unit)
        selection = kit.pick(kit.cases(1))
        for verb in VERBS:
            asked = {"actor": actor, "selection": selection, "step": verb.value, "values": {}, "now": kit.now}
            if permissions.can_do(actor, verb, kit.desk.unit.pk):
                assert batches.batch_ask(**asked).total == 1
            else:
                with pytest.raises(NotPermitted):
                    batches.batch_ask(**asked)

    @pytest.mark.parametrize("step", ["handler", "join", "leave", "letter"])
    def test_whoever_only_judges_groups_and_writes_nothing(self, kit: Campaigning, step: str) -> None:
        with pytest.raises(NotPermitted):
            batches.batch_ask(
                actor=kit.desk.lawyer, selection=kit.pick(kit.cases(1)), step=step, values={}, now=kit.now
            )

    @pytest.mark.parametrize("role", [*Role])
    def test_another_unit_sees_and_does_nothing_the_authority_included(self, kit: Campaigning, role: Role) -> None:
        run = kit.step(kit.cases(1), DRAFT)
        for unit in (kit.desk.world.office, kit.desk.world.top, kit.desk.world.finance):
            other = kit.desk.world.actor(role, unit)
            with pytest.raises(NotFound):
                batch_get(actor=other, run_id=run.pk)
            for change in (batches.batch_start, batches.batch_again, batches.batch_stop):
                with pytest.raises(NotFound):
                    change(actor=other, run_id=run.pk, now=kit.now)

    def test_cases_of_another_unit_are_never_among_the_selected(self, kit: Campaigning) -> None:
        mine = kit.cases(1)
        world = kit.desk.world
        stranger = world.actor(Role.DISCLOSURE_OFFICE, world.finance)
        selection = Selection(world.finance.pk, ids=(mine[0].pk,))
        with pytest.raises(Refused, match="没有选中"):
            batches.batch_ask(actor=stranger, selection=selection, step="accept", values={}, now=kit.now)

    def test_only_who_asked_for_the_trial_says_yes(self, kit: Campaigning) -> None:
        run = kit.step(kit.cases(1), DRAFT)
        with pytest.raises(Refused, match="本人确认"):
            batches.batch_start(actor=kit.desk.head, run_id=run.pk, now=kit.now)

    def test_a_person_who_lost_the_post_meanwhile_does_nothing(self, kit: Campaigning) -> None:
        cases = kit.cases(1)
        run = kit.step(cases, DRAFT)
        batches.batch_start(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)
        Post.objects.filter(user_id=kit.desk.clerk.user_id).delete()
        run = kit.worked(run)
        assert (run.state, run.done) == ("stopped", 0)
        assert run.issues
        assert stages(cases) == [Stage.HANDLING.value]


class TestAsking:
    def test_all_that_a_board_holds(self, kit: Campaigning) -> None:
        kit.cases(3)
        kit.cases(1, subject="另一个项目的验收报告")
        selection = Selection(kit.desk.unit.pk, filters=BoardFilters(text="环境影响"))
        assert kit.ask(selection, "draft", {"command": command_to_data(DRAFT)}).total == 3

    def test_nobody_is_refused(self, kit: Campaigning) -> None:
        with pytest.raises(Refused, match="没有选中"):
            kit.ask(kit.pick([]), "draft", {"command": command_to_data(DRAFT)})
        assert not BatchRun.objects.exists()

    def test_a_step_that_is_none_is_refused(self, kit: Campaigning) -> None:
        with pytest.raises(Refused, match="没有“split”"):
            kit.ask(kit.pick(kit.cases(1)), "split")

    def test_a_job_takes_it_up_and_is_asked_for_again_when_it_is_gone(self, kit: Campaigning) -> None:
        run = batches.batch_ask(
            actor=kit.desk.clerk,
            selection=kit.pick(kit.cases(1)),
            step="draft",
            values={"command": command_to_data(DRAFT)},
            now=kit.now,
        )
        waiting = [arguments for name, arguments in jobs_waiting() if name == batches.BATCH_JOB]
        assert waiting == [{"run_id": run.pk}]

    def test_stopping_leaves_what_is_done(self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "CHUNK", 1)
        run = kit.step(kit.cases(2), DRAFT)
        batches.batch_start(actor=kit.desk.clerk, run_id=run.pk, now=kit.now)
        batches.batch_work(run_id=run.pk, now=kit.now)
        run = batches.batch_stop(actor=kit.desk.head, run_id=run.pk, now=kit.now)
        assert (run.state, run.done, run.passed) == ("stopped", 1, 1)
        assert not batches.batch_work(run_id=run.pk, now=kit.now)


class TestHandler:
    def test_is_given_open_cases_with_an_entry_each(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        head = kit.desk.head.user_id
        run = kit.ask(kit.pick(cases), "handler", {"user": head})
        assert (run.state, run.done) == ("done", 2)
        assert set(Application.objects.values_list("handler_id", flat=True)) == {head}
        assert Entry.objects.filter(action="foi.application.handler").count() == 2

    def test_is_somebody_of_the_unit_s_office(self, kit: Campaigning) -> None:
        run = kit.ask(kit.pick(kit.cases(1)), "handler", {"user": kit.desk.lawyer.user_id})
        assert (run.done, run.refused) == (0, 1)


class TestOnRecord:
    def test_neither_audit_nor_notices_tell_who_asked_or_what(
        self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "SMALL", 0)
        cases = kit.cases(2)
        campaign = kit.joined(cases)
        kit.started(kit.step(cases, DRAFT))
        assert Notice.objects.filter(kind="foi.case").count() >= 2
        texts = [f"{one.summary}{one.details}" for one in Entry.objects.filter(action__startswith="foi.")]
        texts += [f"{one.title}{one.body}{one.url}" for one in Notice.objects.all()]
        for secret in (NAME, PHONE, "赵一", cases[0].subject, campaign.name, "学府路"):
            assert not [text for text in texts if secret in text]

    def test_a_system_without_a_person_may(self, kit: Campaigning) -> None:
        cases = kit.cases(1)
        run = kit.step(cases, DRAFT, by=Actor.system("测试"))
        assert kit.started(run, by=Actor.system("测试")).done == 1
