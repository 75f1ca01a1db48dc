"""Reasons against commands that the table allows, and what follows from those that are accepted."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

import gongkai.domain.foi as package
from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.clocks import read_case, read_reply
from gongkai.domain.foi.event_data import event_from_data, event_to_data
from gongkai.domain.foi.evolving import evolve, replay
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState, Delivery, Opinion, Stage
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.rulebook import messages
from tests.domain.foi.stories import (
    BOTH,
    CORRECTED,
    JOINT,
    LAPSED_SUPPLEMENT,
    ORGAN,
    PASSED,
    STORIES,
    THIRD,
    TO_CLOSED,
    TO_DELIVERED,
    TO_HANDLING,
    TO_SIGNED,
    at,
    day,
    law,
    refused,
    run,
    told,
)


class TestDays:
    def test_nothing_lies_in_the_future(self) -> None:
        command = c.Accept(on=day(3, 5))
        assert refused(at(Stage.CHECKING), command, today=day(3, 4)) == ["foi.day.future"]

    def test_what_the_organ_does_does_not_lie_before_the_latest_event(self) -> None:
        state = run(*TO_HANDLING, c.Extend(on=day(3, 20), approved_by="负责人"))
        decision = decide(state, c.Draft(on=day(3, 19), disposition="granted_provide"), law=law(), today=day(4, 1))
        assert [issue.code for issue in decision.issues] == ["foi.day.before"]
        assert decision.issues[0].values["before"] == "延长答复期限"

    def test_an_answer_may_be_entered_late_but_not_before_its_letter(self) -> None:
        asked = run(
            *TO_HANDLING, c.Consult(on=day(3, 6), kind=THIRD), c.Consult(on=day(3, 10), kind=ORGAN, ref="保密局")
        )
        late = c.AnswerConsultation(on=day(3, 9), kind=THIRD, opinion=Opinion.CONSENTS)
        assert decide(asked, late, law=law(), today=day(4, 1)).allowed
        early = c.AnswerConsultation(on=day(3, 5), kind=THIRD, opinion=Opinion.CONSENTS)
        assert refused(asked, early) == ["foi.day.before"]

    def test_all_reasons_come_at_once(self) -> None:
        command = c.Extend(on=day(3, 2), approved_by=" ", approved_on=day(3, 4), days=99)
        assert refused(at(Stage.HANDLING), command, today=day(3, 1)) == [
            "foi.day.future",
            "foi.extension.approver",
            "foi.extension.told_first",
            "foi.extension.too_long",
            "foi.day.before",
        ]


class TestReceiving:
    def test_correction_keeps_the_old_day_and_the_reason(self) -> None:
        state = run(
            c.Submit(on=day(3, 2), channel=Channel.IN_PERSON),
            c.CorrectReceipt(on=day(3, 9), received_on=day(3, 4), reason="窗口登记簿写错", by="张三"),
        )
        (correction,) = state.corrections
        assert (correction.before, correction.after, correction.by) == (day(3, 2), day(3, 4), "张三")
        reading = read_reply(state, law())
        assert reading is not None
        assert reading.due_on == date(2026, 4, 1)

    @pytest.mark.parametrize(
        ("channel", "reasons"),
        [(Channel.IN_PERSON, []), (Channel.REGISTERED_MAIL, []), (Channel.FAX, ["foi.day.before"])],
    )
    def test_correction_goes_before_the_day_the_office_wrote_down_but_not_before_a_message(
        self, channel: Channel, reasons: list[str]
    ) -> None:
        facts = {Channel.REGISTERED_MAIL: (ReceiptFact.SIGNED,), Channel.FAX: BOTH}.get(channel, ())
        more = (c.RecordReceipt(on=day(3, 4), facts=facts),) if facts else ()
        state = run(c.Submit(on=day(3, 4), channel=channel), *more)
        earlier = c.CorrectReceipt(on=day(3, 9), received_on=day(3, 2), reason="窗口签收单")
        decision = decide(state, earlier, law=law(), today=day(3, 10))
        assert [issue.code for issue in decision.issues] == reasons

    def test_correction_needs_a_reason_and_another_day(self) -> None:
        command = c.CorrectReceipt(on=day(3, 9), received_on=day(3, 2), reason="")
        assert refused(at(Stage.RECEIVED), command) == ["foi.reason.missing", "foi.receipt.same_day"]

    def test_a_fact_of_another_channel_is_told(self) -> None:
        command = c.RecordReceipt(on=day(3, 3), facts=(ReceiptFact.SIGNED,))
        assert refused(at(Stage.SUBMITTED), command) == ["foi.receipt.not_of_channel"]

    def test_a_letter_is_not_confirmed_before_it_is_in_hand(self) -> None:
        posted = run(c.Submit(on=day(3, 2), channel=Channel.ORDINARY_MAIL))
        assert refused(posted, c.RecordReceipt(on=day(3, 3), facts=BOTH)) == ["foi.receipt.not_yet"]

    def test_a_registered_letter_out_of_reach_goes_on_to_checking_when_confirmed(self) -> None:
        state = run(
            c.Submit(on=day(3, 2), channel=Channel.ORDINARY_MAIL),
            c.RecordReceipt(on=day(3, 4), facts=(ReceiptFact.IN_HAND,)),
            c.NoteUnreachable(on=day(3, 4), attempts="电话停机"),
            c.Register(on=day(3, 4), register_no="公开〔2026〕3号"),
            c.RecordReceipt(on=day(3, 16), facts=BOTH),
        )
        assert (state.stage, state.received_on, state.unreachable_on) == (Stage.CHECKING, day(3, 16), None)

    def test_nothing_is_registered_twice(self) -> None:
        state = run(c.Submit(on=day(3, 2), channel=Channel.ONLINE), c.Register(on=day(3, 2), register_no="甲"))
        assert refused(state, c.Register(on=day(3, 3), register_no="乙")) == ["foi.register.repeated"]


class TestWaiting:
    def test_the_supplement_restarts_and_its_notice_comes_once(self) -> None:
        state = run(*STORIES[Stage.SUPPLEMENT_WAIT], c.ReceiveSupplement(on=day(3, 12)))
        reading = read_reply(state, law())
        assert reading is not None
        assert reading.due_on == day(4, 10)  # 20 working days after 03-12, with 清明 on 04-06
        assert refused(state, c.NotifySupplement(on=day(3, 13), items=("文号",))) == ["foi.supplement.once"]

    def test_an_extension_is_not_repeated_after_a_restart(self) -> None:
        paid = run(
            *TO_HANDLING,
            c.Extend(on=day(3, 5), approved_by="负责人"),
            c.NotifyFee(on=day(3, 6)),
            c.PayFee(on=day(3, 9)),
        )
        assert refused(paid, c.Extend(on=day(3, 10), approved_by="负责人")) == ["foi.extension.once"]

    def test_silence_of_a_joint_maker_is_consent_and_of_a_third_party_is_not(self) -> None:
        for kind, opinion in ((JOINT, Opinion.CONSENTS), (THIRD, Opinion.SILENT), (ORGAN, Opinion.SILENT)):
            state = run(
                *TO_HANDLING,
                c.Consult(on=day(3, 6), kind=kind, ref="某方"),
                c.DeliverConsultation(on=day(3, 6), kind=kind, ref="某方"),
                c.LapseConsultation(on=day(3, 30), kind=kind, ref="某方"),
            )
            assert state.consultations[0].opinion is opinion

    def test_two_waits_leave_the_case_with_the_one_that_is_open(self) -> None:
        state = run(
            *TO_HANDLING,
            c.AskReasons(on=day(3, 4)),
            c.Consult(on=day(3, 5), kind=ORGAN, ref="保密局"),
            c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司"),
        )
        assert state.stage is Stage.THIRD_PARTY_WAIT
        state = run(c.AnswerConsultation(on=day(3, 9), kind=THIRD, ref="甲公司", opinion=Opinion.CONSENTS), state=state)
        assert state.stage is Stage.ORGAN_WAIT
        state = run(c.LapseConsultation(on=day(5, 9), kind=ORGAN, ref="保密局"), state=deliver(state))
        assert state.stage is Stage.REASON_WAIT
        assert run(c.GiveReasons(on=day(5, 9), reasonable=True), state=state).stage is Stage.HANDLING

    def test_waits_say_who_until_when(self) -> None:
        state = run(
            *TO_HANDLING,
            c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司"),
            c.DeliverConsultation(on=day(3, 9), kind=THIRD, ref="甲公司"),
            c.Assign(on=day(3, 9), ref="档案科", due_on=day(3, 12)),
        )
        waits = read_case(state, law(), today=day(3, 16)).waits
        assert [(wait.who, wait.due_on, wait.overdue_days) for wait in waits] == [
            ("甲公司", day(3, 30), 0),
            ("档案科", day(3, 12), 2),
        ]

    def test_an_extension_taken_back_leaves_the_old_day_and_its_lateness(self) -> None:
        state = run(
            *TO_HANDLING,
            c.Extend(on=day(3, 20), approved_by="负责人"),
            c.UndoExtension(on=day(4, 2), reason="没有告知申请人"),
        )
        clock = read_case(state, law(), today=day(4, 8))
        assert (clock.due_on, clock.overdue_days) == (day(3, 30), 6)


def deliver(state: CaseState) -> CaseState:
    """The open letter to the other organ reaches it."""
    return run(c.DeliverConsultation(on=day(3, 9), kind=ORGAN, ref="保密局"), state=state)


class TestAnswering:
    def test_a_result_that_comes_by_itself_is_not_drafted(self) -> None:
        command = c.Draft(on=day(3, 16), disposition="other_no_payment")
        assert refused(at(Stage.HANDLING), command) == ["foi.draft.by_itself"]

    def test_disclosure_against_a_refusal_needs_a_public_interest_and_a_word_to_the_third_party(self) -> None:
        asked = run(
            *TO_HANDLING,
            c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司"),
            c.AnswerConsultation(on=day(3, 10), kind=THIRD, ref="甲公司", opinion=Opinion.REFUSES, reason="商业秘密"),
        )
        draft = c.Draft(on=day(3, 12), disposition="granted_provide")
        assert refused(asked, draft) == ["foi.draft.public_interest"]
        signed = run(
            c.Draft(on=day(3, 12), disposition="granted_provide", public_interest="饮水安全"),
            c.Sign(on=day(3, 13), signed_by="主任"),
            state=asked,
        )
        send = c.Send(on=day(3, 16), delivery=Delivery.POST)
        assert refused(signed, send) == ["foi.third_party.not_told"]
        sent = run(c.TellThirdParty(on=day(3, 16), ref="甲公司", reason="饮水安全"), send, state=signed)
        assert sent.stage is Stage.SENT

    def test_grounds_are_chosen_from_the_law(self) -> None:
        command = c.Draft(on=day(3, 16), disposition="denied_process")
        assert refused(at(Stage.HANDLING), command) == ["foi.ground.missing"]
        assert refused(at(Stage.HANDLING), c.Draft(on=day(3, 16), disposition="无此决定")) == ["foi.draft.unknown"]

    def test_legality_is_reviewed_first_where_the_office_wants_it(self) -> None:
        strict = law()
        strict = type(strict)(strict.calendar, strict.rules, strict.dispositions, frozenset({"granted_provide"}))
        state = run(*TO_SIGNED[:-1])
        sign = c.Sign(on=day(3, 17), signed_by="主任")
        decision = decide(state, sign, law=strict, today=day(4, 1))
        assert [issue.code for issue in decision.issues] == ["foi.sign.legality_first"]
        reviewed = run(c.ReviewLegality(on=day(3, 16), passed=True), state=state)
        assert decide(reviewed, sign, law=strict, today=day(4, 1)).allowed

    def test_the_day_of_reply_depends_on_the_way_of_service(self) -> None:
        post = run(*TO_SIGNED, c.Send(on=day(3, 18), delivery=Delivery.POST), c.Serve(on=day(3, 20)))
        hand = run(*TO_SIGNED, c.Send(on=day(3, 18), delivery=Delivery.IN_PERSON), c.Serve(on=day(3, 20)))
        assert [one.answer and one.answer.replied_on for one in (post, hand)] == [day(3, 18), day(3, 20)]

    def test_what_is_not_signed_for_can_be_sent_by_post_instead_and_is_not_closed_before(self) -> None:
        handed = run(*TO_SIGNED, c.Send(on=day(3, 18), delivery=Delivery.IN_PERSON))
        close = c.Close(on=day(3, 19), evidence=PASSED["granted_provide"])
        assert refused(handed, close) == ["foi.close.not_replied"]
        posted = run(c.Send(on=day(3, 20), delivery=Delivery.POST), state=handed)
        assert posted.answer is not None
        assert posted.answer.replied_on == day(3, 20)

    def test_closing_names_every_piece_of_evidence_that_is_missing(self) -> None:
        codes = refused(run(*TO_DELIVERED), c.Close(on=day(3, 23), evidence=("copy_provided",)))
        assert codes == ["foi.evidence.missing"] * 3

    def test_a_closed_case_has_one_result_and_takes_no_other(self) -> None:
        state = run(*TO_CLOSED)
        assert state.disposition == "granted_provide"
        assert refused(state, c.Draft(on=day(3, 24), disposition="refused_repeat")) == ["foi.state.not_possible"]

    def test_the_letter_of_a_case_given_up_is_sent_and_served(self) -> None:
        state = run(*LAPSED_SUPPLEMENT, c.Send(on=day(3, 23), delivery=Delivery.POST), c.Serve(on=day(3, 25)))
        assert (state.stage, state.disposition) == (Stage.CLOSED_NO_SUPPLEMENT, "other_no_supplement")
        assert state.answer is not None
        assert (state.answer.served_on, state.answer.replied_on) == (day(3, 25), None)
        reading = read_reply(state, law())
        assert reading is not None
        assert reading.issues == ()


class TestReopening:
    def test_the_decision_sets_the_period(self) -> None:
        state = run(*TO_CLOSED, *CORRECTED, c.Reopen(on=day(6, 16), reason="复议决定", days=10))
        reading = read_reply(state, law())
        assert reading is not None
        # 06-17, 06-18; 06-19 is 端午; 06-22 to 06-26 is 7; 06-29 to 07-01 is 10.
        assert (reading.due_on, reading.allowed) == (day(7, 1), 10)
        assert [one.disposition for one in state.rounds] == ["granted_provide"]
        assert state.disposition == ""

    def test_an_upheld_reply_is_not_reopened(self) -> None:
        assert refused(run(*TO_CLOSED), c.Reopen(on=day(6, 16), reason="想改")) == ["foi.reopen.no_decision"]

    def test_what_was_withdrawn_before_it_was_received_has_no_period_to_reopen(self) -> None:
        state = run(
            c.Submit(on=day(3, 2), channel=Channel.ONLINE), c.Withdraw(on=day(3, 3), statement="声明"), *CORRECTED
        )
        assert refused(state, c.Reopen(on=day(6, 16), reason="复议决定")) == ["foi.reopen.nothing"]

    def test_what_went_elsewhere_has_nothing_to_reopen(self) -> None:
        moved = run(*STORIES[Stage.MOVED], c.Archive(on=day(4, 1)))
        assert "foi.reopen.nothing" in refused(moved, c.Reopen(on=day(6, 16), reason="复议决定"))


class TestEvents:
    @pytest.mark.parametrize("stage", list(Stage))
    def test_are_kept_as_plain_values_and_come_back(self, stage: Stage) -> None:
        state, events = told(*STORIES[stage])
        assert [event_from_data(event_to_data(event)) for event in events] == events
        assert replay(event_from_data(event_to_data(event)) for event in events) == state

    def test_one_that_does_not_belong_is_no_event_of_the_case(self) -> None:
        with pytest.raises(ValueError, match="Supplemented"):
            evolve(CaseState(), e.Supplemented(on=day(3, 2)))

    def test_a_field_that_a_case_has_not_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError, match="colour"):
            CaseState().changed(colour="红")

    def test_unknown_kinds_are_refused(self) -> None:
        with pytest.raises(KeyError):
            event_from_data({"type": "Vanished", "on": "2026-03-02"})


class TestMessages:
    def test_every_reason_has_a_sentence_with_the_values_it_names(self) -> None:
        folder = Path(package.__file__).parent
        lacking = []
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr in ("refuse", "warn", "remark", "fault") and node.args:
                    code = node.args[0]
                    if isinstance(code, ast.Constant) and code.value not in messages.catalog():
                        lacking.append((path.name, code.value))
        assert lacking == []
