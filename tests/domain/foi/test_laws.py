"""Laws of the whole case, tried on cases that nobody thought of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gongkai.domain.deadlines import Unit
from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.clocks import read_case, read_reply
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
from gongkai.domain.foi.table import TABLE, possible
from gongkai.domain.foi.verbs import Verb
from tests.domain.foi.stories import BOTH, FIRST, PASSED, law

COMMANDS: dict[Verb, type[c.Command]] = {kind.verb: kind for kind in c.Command.__subclasses__()}
DAYS = st.none() | st.integers(1, 25)
TEXT = st.sampled_from(["理由", ""])
ASKED: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(list(ConsultationKind)),
    "ref": st.sampled_from(["", "甲"]),
}
REMEDY: dict[str, st.SearchStrategy[Any]] = {"kind": st.just(RemedyKind.RECONSIDERATION), "ref": st.just("")}
# What may be written into each command; a command that is not named takes its day only.
FIELDS: dict[Verb, Mapping[str, st.SearchStrategy[Any]]] = {
    Verb.SUBMIT: {"channel": st.sampled_from(list(Channel))},
    Verb.RECORD_RECEIPT: {"facts": st.sampled_from([BOTH, BOTH, *((fact,) for fact in ReceiptFact)])},
    Verb.NOTE_UNREACHABLE: {"attempts": TEXT},
    Verb.CORRECT_RECEIPT: {"received_on": st.integers(-2, 9).map(lambda n: FIRST + timedelta(days=n)), "reason": TEXT},
    Verb.REGISTER: {"register_no": st.just("公开〔2026〕1号")},
    Verb.SPLIT: {"into": st.sampled_from([("一", "二"), ("一",)])},
    Verb.MOVE: {"to": st.just("丙局"), "reason": TEXT},
    Verb.MERGE: {"into": st.just("公开〔2026〕9号"), "reason": TEXT},
    Verb.NOTIFY_SUPPLEMENT: {"items": st.just(("名称",)), "days": DAYS},
    Verb.SUPPLEMENT: {"excuse": TEXT},
    Verb.CONSULT: {**ASKED, "days": DAYS},
    Verb.DELIVER_CONSULTATION: ASKED,
    Verb.ANSWER_CONSULTATION: {
        **ASKED,
        "opinion": st.sampled_from([Opinion.CONSENTS, Opinion.REFUSES]),
        "reason": TEXT,
    },
    Verb.LAPSE_CONSULTATION: ASKED,
    Verb.TELL_THIRD_PARTY: {"ref": ASKED["ref"], "reason": TEXT},
    Verb.ASK_REASONS: {"days": DAYS},
    Verb.GIVE_REASONS: {"reasonable": st.sampled_from([None, True, False])},
    Verb.NOTIFY_FEE: {"amount": st.sampled_from([100, 2200, -1])},
    Verb.EXTEND: {"approved_by": TEXT, "days": DAYS},
    Verb.UNDO_EXTENSION: {"reason": TEXT},
    Verb.DELAY: {"days": st.integers(1, 40)},
    Verb.ASSIGN: {"ref": st.just("档案科"), "due_on": st.just(FIRST + timedelta(days=90))},
    Verb.RETURN_ASSIGNMENT: {"ref": st.just("档案科")},
    Verb.DRAFT: {
        "disposition": st.sampled_from(["granted_provide", "unable_not_exist", "other_withdrawn", "？"]),
        "public_interest": TEXT,
    },
    Verb.REVIEW_LEGALITY: {"passed": st.booleans(), "reason": TEXT},
    Verb.HEAR_COUNSEL: {"opinion": TEXT},
    Verb.SIGN: {"signed_by": st.just("主任")},
    Verb.SEND: {"delivery": st.sampled_from(list(Delivery))},
    Verb.CORRECT_SERVICE: {
        "served_on": st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n)),
        "reason": TEXT,
        "proof": st.sampled_from(["送达回证", ""]),
    },
    Verb.WITHDRAW: {"statement": TEXT},
    Verb.CLOSE: {"evidence": st.just(PASSED["granted_provide"])},
    Verb.FILE_REMEDY: REMEDY,
    Verb.DECIDE_REMEDY: {**REMEDY, "outcome": st.sampled_from([RemedyOutcome.UPHELD, RemedyOutcome.CORRECTED])},
    Verb.REOPEN: {"reason": TEXT, "days": DAYS, "working_days": st.booleans()},
    Verb.CARRY_OVER: {"year": st.sampled_from([2026, 2027])},
}
# Ends that would cut most stories short; they come up less often.
RARE = frozenset({Verb.SPLIT, Verb.MOVE, Verb.MERGE, Verb.WITHDRAW, Verb.CORRECT_RECEIPT, Verb.CARRY_OVER})


class WholeCase(RuleBasedStateMachine):
    """Plays commands on days that go forward or a little back, as people enter them: likely ones, and any."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState()
        self.events: list[e.Event] = []
        self.today = FIRST
        self.law = law()

    @initialize(channel=st.sampled_from(list(Channel)), data=st.data())
    def comes_in(self, channel: Channel, data: st.DataObject) -> None:
        self.wish(c.Submit(on=self.today, channel=channel))
        if data.draw(st.booleans(), label="received at once"):
            for fact in (ReceiptFact.SIGNED, ReceiptFact.IN_HAND, ReceiptFact.FORM_FILLED):
                self.wish(c.RecordReceipt(on=self.today, facts=(fact,)))
            for fact in BOTH:
                self.wish(c.RecordReceipt(on=self.today, facts=(fact,)))
            self.wish(c.Register(on=self.today, register_no="公开〔2026〕1号"))
            self.wish(c.Accept(on=self.today))

    @rule(data=st.data(), later=st.integers(0, 9), back=st.sampled_from([0, 0, 0, 2, 5]))
    def a_likely_command(self, data: st.DataObject, later: int, back: int) -> None:
        self.today += timedelta(days=later)
        likely = [verb for verb in possible(self.state.stage) for _ in range(1 if verb in RARE else 6)]
        self.command(data, data.draw(st.sampled_from(likely), label="verb"), back)

    @precondition(lambda self: self.state.stage is Stage.HANDLING)
    @rule(delivery=st.sampled_from(list(Delivery)), later=st.integers(0, 30))
    def straight_to_the_service(self, delivery: Delivery, later: int) -> None:
        self.today += timedelta(days=later)
        self.wish(c.Draft(on=self.today, disposition="granted_provide", public_interest="理由"))
        self.wish(c.Sign(on=self.today, signed_by="主任"))
        self.wish(c.Send(on=self.today, delivery=delivery))
        self.wish(c.Serve(on=self.today))

    @precondition(lambda self: self.state.answer is not None and self.state.answer.served_on is not None)
    @rule(away=st.integers(-12, 12), later=st.integers(0, 9), proof=st.sampled_from(["送达回证", "妥投证明", ""]))
    def a_wrong_day_of_service(self, away: int, later: int, proof: str) -> None:
        self.today += timedelta(days=later)
        answer = self.state.answer
        assert answer is not None
        assert answer.served_on is not None
        right = answer.served_on + timedelta(days=away)
        self.wish(c.CorrectService(on=self.today, served_on=right, reason="登记看错", proof=proof))

    @rule(data=st.data(), verb=st.sampled_from(list(Verb)), back=st.integers(-3, 9))
    def any_command(self, data: st.DataObject, verb: Verb, back: int) -> None:
        self.command(data, verb, back)

    def command(self, data: st.DataObject, verb: Verb, back: int) -> None:
        """Draw a command and wish for it."""
        given = {name: data.draw(strategy, label=name) for name, strategy in FIELDS.get(verb, {}).items()}
        self.wish(COMMANDS[verb](on=self.today - timedelta(days=back), **given))

    def wish(self, command: c.Command) -> None:
        before, due = self.state, self.due()
        decision = decide(before, command, law=self.law, today=self.today)
        assert self.state == before, "deciding changes nothing"
        assert bool(decision.events) == decision.allowed
        if not decision.allowed:
            return
        assert (before.stage, command.verb) in TABLE
        for event in decision.events:
            assert event.on <= self.today
            self.state = evolve(self.state, event)
            self.events.append(event)
        assert self.state.stage in TABLE[before.stage, command.verb]
        if isinstance(command, (c.Consult, c.Extend, c.Delay)) and due is not None:
            after = self.due()
            assert after is not None
            assert after >= due, "a pause or more time never makes it earlier"
        if isinstance(command, c.CorrectService):
            self.only_the_day_of_service_moved(before)
        if "consultation" in command.verb and due is not None:
            after = self.due()
            assert after is not None
            assert after >= self.due_without_pauses()

    def only_the_day_of_service_moved(self, before: CaseState) -> None:
        """The old day is kept, the reply moves only where it counts from service, and nothing else has changed."""
        was, now = before.answer, self.state.answer
        assert was is not None
        assert now is not None
        *earlier, correction = self.state.service_corrections
        assert tuple(earlier) == before.service_corrections
        assert (correction.before, correction.after) == (was.served_on, now.served_on)
        assert correction.reason
        assert correction.proof
        assert now.replied_on == (now.served_on if was.replied_by_service else was.replied_on)
        assert replace(now, served_on=was.served_on, replied_on=was.replied_on) == was
        kept = {"answer": was, "facts": before.facts, "latest": before.latest}
        assert self.state.changed(service_corrections=before.service_corrections, **kept) == before
        moved = [fact.kind for old, fact in zip(before.facts, self.state.facts, strict=True) if old != fact]
        assert set(moved) <= {"served", "replied"}

    def due(self) -> date | None:
        reading = read_reply(self.state, self.law, today=self.today)
        return reading.due_on if reading is not None else None

    def due_without_pauses(self) -> date:
        """The due day of the running round had nobody been asked."""
        plain = tuple(fact for fact in self.state.facts if "consultation" not in fact.kind)
        reading = read_reply(replace(self.state, facts=plain), self.law, today=self.today)
        assert reading is not None
        assert reading.due_on is not None
        return reading.due_on

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
        behind = (ended - reading.due_on).days  # a judgment may set a period in calendar days
        if reading.rule.unit is Unit.WORKING_DAY:
            behind = self.law.calendar.working_days_between(reading.due_on, ended, strict=False)
        assert clock.overdue_days == max(0, behind)

    @invariant()
    def what_the_machine_accepted_the_clock_does_not_contradict(self) -> None:
        reading = read_reply(self.state, self.law, today=self.today)
        if reading is not None:
            codes = {issue.code for issue in reading.issues}
            allowed = {"clock.fact.late", "clock.pause.beyond_limit"}
            if self.rewritten():
                allowed |= {"clock.pause.after_due", "clock.extension.after_due", "clock.fact.without"}
            assert codes <= allowed, codes

    def rewritten(self) -> bool:
        """Tell whether what was entered late, corrected or taken back changed a period that others had relied on."""
        days = [event.on for event in self.events]
        late = any(after < before for before, after in zip(days, days[1:], strict=False))
        return late or any(isinstance(event, (e.ExtensionUndone, e.ReceiptCorrected)) for event in self.events)


WholeCase.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWholeCase = WholeCase.TestCase
