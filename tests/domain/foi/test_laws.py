"""Laws of the whole case, tried on cases that nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.clocks import read_case, read_reply
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import evolve, replay
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import (
    ELSEWHERE,
    ENDED,
    CaseState,
    ConsultationKind,
    Delivery,
    Opinion,
    RemedyKind,
    RemedyOutcome,
    Stage,
)
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.table import TABLE
from tests.domain.foi.stories import BOTH, FIRST, PASSED, law

KINDS = st.sampled_from(list(ConsultationKind))
REFS = st.sampled_from(["", "甲", "乙"])
DAYS = st.one_of(st.none(), st.integers(1, 25))


class WholeCase(RuleBasedStateMachine):
    """Plays any commands on days that go forward or a little back, as people enter them."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState()
        self.events: list[Event] = []
        self.today = FIRST
        self.law = law()
        self.late = 0

    @initialize(channel=st.sampled_from(list(Channel)))
    def comes_in(self, channel: Channel) -> None:
        self.wish(c.Submit(on=self.today, channel=channel))

    def wish(self, command: c.Command) -> None:
        before, due = self.state, self.due()
        decision = decide(before, command, law=self.law, today=self.today)
        assert self.state == before, "deciding changes nothing"
        assert bool(decision.events) == decision.allowed
        if not decision.allowed:
            assert decision.events == ()
            return
        assert (before.stage, command.verb) in TABLE
        for event in decision.events:
            assert event.on <= self.today
            self.state = evolve(self.state, event)
            self.events.append(event)
        assert self.state.stage in TABLE[before.stage, command.verb]
        if isinstance(command, (c.Consult, c.AnswerConsultation, c.DeliverConsultation)) and due is not None:
            after = self.due()
            assert after is not None
            assert after >= due if isinstance(command, c.Consult) else after >= self.first_due()

    def due(self) -> date | None:
        reading = read_reply(self.state, self.law, today=self.today)
        return reading.due_on if reading is not None else None

    def first_due(self) -> date:
        """The due day of the running round without any pause."""
        plain = tuple(fact for fact in self.state.facts if "consultation" not in fact.kind)
        from dataclasses import replace

        reading = read_reply(replace(self.state, facts=plain), self.law, today=self.today)
        assert reading is not None
        assert reading.due_on is not None
        return reading.due_on

    @rule(days=st.integers(1, 12))
    def time_goes_on(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(back=st.integers(0, 4), facts=st.sampled_from([BOTH, *((fact,) for fact in ReceiptFact)]))
    def receipt(self, back: int, facts: tuple[ReceiptFact, ...]) -> None:
        self.wish(c.RecordReceipt(on=self.today - timedelta(days=back), facts=facts))

    @rule()
    def registered_and_accepted(self) -> None:
        self.wish(c.Register(on=self.today, register_no="公开〔2026〕1号"))
        self.wish(c.Accept(on=self.today))

    @rule(back=st.integers(0, 9), days=DAYS)
    def supplement(self, back: int, days: int | None) -> None:
        self.wish(c.NotifySupplement(on=self.today, items=("名称",), days=days))
        self.wish(c.DeliverSupplementNotice(on=self.today - timedelta(days=back)))

    @rule(back=st.integers(0, 9))
    def supplemented(self, back: int) -> None:
        self.wish(c.ReceiveSupplement(on=self.today - timedelta(days=back)))

    @rule(kind=KINDS, ref=REFS)
    def asked(self, kind: ConsultationKind, ref: str) -> None:
        self.wish(c.Consult(on=self.today, kind=kind, ref=ref))

    @rule(kind=KINDS, ref=REFS, back=st.integers(0, 9), refuses=st.booleans())
    def answered(self, kind: ConsultationKind, ref: str, back: int, refuses: bool) -> None:
        on = self.today - timedelta(days=back)
        self.wish(c.DeliverConsultation(on=on, kind=kind, ref=ref))
        opinion = Opinion.REFUSES if refuses else Opinion.CONSENTS
        self.wish(c.AnswerConsultation(on=on, kind=kind, ref=ref, opinion=opinion, reason="理由"))

    @rule(kind=KINDS, ref=REFS)
    def lapsed(self, kind: ConsultationKind, ref: str) -> None:
        self.wish(c.LapseConsultation(on=self.today, kind=kind, ref=ref))
        self.wish(c.LapseSupplement(on=self.today))
        self.wish(c.LapseFee(on=self.today))

    @rule(amount=st.integers(-1, 900))
    def fee(self, amount: int) -> None:
        self.wish(c.NotifyFee(on=self.today, amount=amount))
        self.wish(c.DeliverFeeNotice(on=self.today))

    @rule(back=st.integers(0, 9))
    def paid(self, back: int) -> None:
        self.wish(c.PayFee(on=self.today - timedelta(days=back)))

    @rule(days=st.one_of(st.none(), st.integers(-1, 25)))
    def extended(self, days: int | None) -> None:
        self.wish(c.Extend(on=self.today, approved_by="负责人", days=days))

    @rule()
    def taken_back(self) -> None:
        self.wish(c.UndoExtension(on=self.today, reason="误操作"))

    @rule(code=st.sampled_from(["granted_provide", "unable_not_exist", "refused_repeat", "other_withdrawn", "？"]))
    def drafted(self, code: str) -> None:
        self.wish(c.Draft(on=self.today, disposition=code))

    @rule(delivery=st.sampled_from(list(Delivery)))
    def sent(self, delivery: Delivery) -> None:
        self.wish(c.Sign(on=self.today, signed_by="主任"))
        self.wish(c.Send(on=self.today, delivery=delivery))

    @rule(back=st.integers(0, 4))
    def served(self, back: int) -> None:
        self.wish(c.Serve(on=self.today - timedelta(days=back)))

    @rule()
    def closed(self) -> None:
        self.wish(c.Close(on=self.today, evidence=PASSED["granted_provide"]))

    @precondition(lambda self: len(self.events) > 12)
    @rule()
    def withdrawn(self) -> None:
        self.wish(c.Withdraw(on=self.today, statement="声明"))

    @rule(outcome=st.sampled_from(list(RemedyOutcome)), days=DAYS)
    def reviewed(self, outcome: RemedyOutcome, days: int | None) -> None:
        kind = RemedyKind.RECONSIDERATION
        self.wish(c.FileRemedy(on=self.today, kind=kind))
        self.wish(c.DecideRemedy(on=self.today, kind=kind, outcome=outcome))
        self.wish(c.Reopen(on=self.today, reason="复议决定", days=days))

    @invariant()
    def the_events_tell_the_state(self) -> None:
        assert replay(self.events) == self.state

    @invariant()
    def an_ended_case_has_one_result_and_an_open_one_has_none(self) -> None:
        state = self.state
        if state.stage in ELSEWHERE or state.stage is Stage.ARCHIVED:
            return
        assert bool(state.disposition) == (state.stage in ENDED)
        if state.disposition:
            assert state.answer is not None
            assert state.answer.disposition == state.disposition

    @invariant()
    def lateness_is_read_from_the_facts_alone_and_never_vanishes_while_they_stand(self) -> None:
        clock = read_case(self.state, self.law, today=self.today)
        reading = clock.reply
        if reading is None:
            assert self.state.received_on is None
            return
        assert reading.due_on is not None
        ended = reading.course.stop.on if reading.course.stop is not None else self.today
        behind = self.law.calendar.working_days_between(reading.due_on, ended, strict=False)
        assert clock.overdue_days == max(0, behind)

    @invariant()
    def what_the_machine_accepted_the_clock_does_not_contradict(self) -> None:
        reading = read_reply(self.state, self.law, today=self.today)
        if reading is not None:
            codes = {issue.code for issue in reading.issues}
            assert codes <= {"clock.fact.late", "clock.pause.beyond_limit"}, codes


WholeCase.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWholeCase = WholeCase.TestCase
