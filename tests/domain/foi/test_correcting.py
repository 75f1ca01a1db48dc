"""A day of service that was entered wrongly: what moves with it, what stays on record, and what it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.clocks import read_case
from gongkai.domain.foi.event_data import event_from_data, event_to_data
from gongkai.domain.foi.evolving import evolve, replay
from gongkai.domain.foi.machine import Decision, decide
from gongkai.domain.foi.model import CaseState, Delivery, RemedyKind, Stage
from gongkai.domain.foi.retention import GONE, erased_events
from gongkai.domain.foi.rounds import round_results
from gongkai.domain.foi.timeline import Audience, timeline
from gongkai.rulebook.messages import describe
from tests.domain.foi.stories import (
    CORRECTED,
    LAPSED_SUPPLEMENT,
    LAST,
    PASSED,
    TO_CLOSED,
    TO_DELIVERED,
    TO_SENT,
    TO_SIGNED,
    day,
    law,
    refused,
    run,
    told,
)

# Received on 2 March 2026, so the twentieth working day is 30 March.
IN_PERSON = (*TO_SIGNED, c.Send(on=day(3, 18), delivery=Delivery.IN_PERSON))
LATE = (*IN_PERSON, c.Serve(on=day(4, 1), by="张三"))
CLOSE = c.Close(on=day(4, 2), evidence=PASSED["granted_provide"])
RIGHT = c.CorrectService(on=day(4, 8), served_on=day(3, 27), reason="回执日期看错", proof="送达回证", by="李四")


def decided(state: CaseState, command: c.Command = RIGHT, today: date = LAST) -> Decision:
    return decide(state, command, law=law(), today=today)


def warned(state: CaseState, command: c.Command = RIGHT) -> list[str]:
    decision = decided(state, command)
    assert decision.allowed, decision.issues
    return [issue.code for issue in decision.issues]


def overdue(state: CaseState) -> int:
    return read_case(state, law(), today=LAST).overdue_days


class TestDays:
    def test_both_days_stay_on_record_with_reason_proof_and_who(self) -> None:
        state = run(*LATE, RIGHT)
        (one,) = state.service_corrections
        assert (one.before, one.after, one.on, one.by) == (day(4, 1), day(3, 27), day(4, 8), "李四")
        assert (one.reason, one.proof) == ("回执日期看错", "送达回证")
        assert state.answer is not None and state.answer.served_on == day(3, 27)

    def test_a_reply_that_counts_from_service_moves_with_its_lateness(self) -> None:
        late, right = run(*LATE), run(*LATE, RIGHT)
        assert (overdue(late), overdue(right)) == (2, 0)
        assert right.answer is not None and right.answer.replied_on == day(3, 27)
        (one,) = right.service_corrections
        assert (one.replied_before, one.replied_after) == (day(4, 1), day(3, 27))
        later = run(*IN_PERSON, c.Serve(on=day(3, 20)), replace(RIGHT, served_on=day(4, 3)))
        assert overdue(later) == 4

    def test_what_was_posted_was_replied_the_day_it_went_out(self) -> None:
        state = run(*TO_DELIVERED, replace(RIGHT, served_on=day(4, 3)))
        assert state.answer is not None
        assert (state.answer.served_on, state.answer.replied_on) == (day(4, 3), day(3, 18))
        assert overdue(state) == 0
        assert state.service_corrections[0].replied_after is None

    def test_posted_first_and_handed_over_the_same_day_the_posting_stays_the_reply(self) -> None:
        twice = run(*TO_SENT, c.Send(on=day(3, 18), delivery=Delivery.IN_PERSON), c.Serve(on=day(3, 18)))
        state = run(replace(RIGHT, served_on=day(3, 20)), state=twice)
        assert state.answer is not None
        assert (state.answer.served_on, state.answer.replied_on) == (day(3, 20), day(3, 18))

    def test_handed_over_in_vain_and_posted_then_the_posting_is_the_reply(self) -> None:
        twice = run(*IN_PERSON, c.Send(on=day(3, 20), delivery=Delivery.POST), c.Serve(on=day(3, 24)))
        state = run(replace(RIGHT, served_on=day(3, 26)), state=twice)
        assert state.answer is not None and state.answer.replied_on == day(3, 20)

    def test_the_round_and_the_year_follow(self) -> None:
        _, events = told(*LATE, RIGHT)
        (result,) = round_results(events, law())
        assert (result.replied_on, result.late_days) == (day(3, 27), 0)

    def test_the_letter_of_a_case_given_up_is_no_reply(self) -> None:
        served = (c.Send(on=day(3, 23), delivery=Delivery.IN_PERSON), c.Serve(on=day(3, 30)))
        state = run(*LAPSED_SUPPLEMENT, *served, RIGHT)
        assert state.answer is not None
        assert (state.answer.served_on, state.answer.replied_on) == (day(3, 27), None)
        assert state.stage is Stage.CLOSED_NO_SUPPLEMENT

    def test_corrected_twice_every_day_is_kept(self) -> None:
        state = run(*LATE, RIGHT, replace(RIGHT, served_on=day(3, 31)))
        assert [(one.before, one.after) for one in state.service_corrections] == [
            (day(4, 1), day(3, 27)),
            (day(3, 27), day(3, 31)),
        ]
        assert overdue(state) == 1

    def test_what_comes_next_does_not_lie_before_the_right_day(self) -> None:
        state = run(*IN_PERSON, c.Serve(on=day(3, 20)), replace(RIGHT, served_on=day(4, 3)))
        assert refused(state, CLOSE) == ["foi.day.before"]
        earlier = run(*LATE, RIGHT)
        assert decided(earlier, replace(CLOSE, on=day(3, 30))).allowed

    @given(days=st.lists(st.integers(0, 60), min_size=1, max_size=6))
    def test_whatever_was_corrected_the_last_day_holds_and_the_events_tell_it(self, days: list[int]) -> None:
        state, events = told(*LATE)
        for number in days:
            command = replace(RIGHT, on=day(7, 1), served_on=day(3, 15) + timedelta(days=number))
            decision = decided(state, command)
            assert state.answer is not None
            allowed = command.served_on >= day(3, 18) and command.served_on != state.answer.served_on
            assert decision.allowed == allowed
            for event in decision.events:
                state = evolve(state, event)
                events.append(event_from_data(event_to_data(event)))
        assert replay(events) == state
        answer = state.answer
        assert answer is not None and answer.served_on == answer.replied_on
        fresh = run(*IN_PERSON, c.Serve(on=answer.served_on or LAST))
        assert overdue(state) == overdue(fresh)
        known = [state.service_corrections[0].before] if state.service_corrections else [answer.served_on]
        assert known == [day(4, 1)]


class TestRefusals:
    def test_needs_reason_proof_and_another_day_all_told_at_once(self) -> None:
        command = c.CorrectService(on=day(4, 8), served_on=day(4, 1), reason=" ", proof="")
        assert refused(run(*LATE), command) == ["foi.reason.missing", "foi.service.proof", "foi.service.same_day"]

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"served_on": day(3, 17)}, ["foi.day.before"]),  # it went out on the 18th
            ({"served_on": day(4, 10), "on": day(4, 9)}, ["foi.day.future"]),
            ({"on": day(3, 30)}, ["foi.day.before"]),  # before the wrong day could be known
            ({"served_on": day(4, 8), "on": day(4, 7)}, ["foi.day.before"]),
        ],
    )
    def test_no_day_that_cannot_be(self, changes: dict[str, date], codes: list[str]) -> None:
        assert refused(run(*LATE), replace(RIGHT, **changes), today=day(4, 9)) == codes

    def test_nothing_to_correct_where_no_service_is_recorded(self) -> None:
        closed = run(*TO_SENT, replace(CLOSE, on=day(3, 23)))
        assert refused(closed, RIGHT) == ["foi.service.none"]
        assert refused(run(*LAPSED_SUPPLEMENT), RIGHT) == ["foi.service.none"]

    def test_a_round_that_is_over_keeps_its_day(self) -> None:
        reopened = run(*LATE, CLOSE, *CORRECTED, c.Reopen(on=day(6, 16), reason="复议决定"))
        assert refused(reopened, replace(RIGHT, on=day(6, 20))) == ["foi.state.not_possible"]


class TestWarnings:
    def test_tells_when_lateness_vanishes_shrinks_or_begins(self) -> None:
        decision = decided(run(*LATE))
        assert [describe(one) for one in decision.issues] == [
            "更正后，答复逾期由2个工作日变为0个工作日。原来的日期、理由和凭证保留在办理经过里，导出案卷、复议诉讼时都看得到。"
        ]
        assert warned(run(*LATE), replace(RIGHT, served_on=day(3, 31))) == ["foi.service.less_late"]
        assert warned(run(*LATE), replace(RIGHT, served_on=day(4, 2))) == ["foi.service.more_late"]
        assert warned(run(*TO_DELIVERED)) == []

    def test_tells_when_the_year_changes(self) -> None:
        sent = (*TO_SIGNED, c.Send(on=day(12, 28), delivery=Delivery.IN_PERSON), c.Serve(on=day(12, 31)))
        command = replace(RIGHT, on=date(2027, 1, 8), served_on=date(2027, 1, 4))
        assert warned(run(*sent), command) == ["foi.service.more_late", "foi.service.other_year"]

    def test_a_closed_and_an_archived_case_can_be_put_right(self) -> None:
        closed = run(*LATE, CLOSE)
        assert warned(closed) == ["foi.service.less_late"]
        assert run(RIGHT, state=closed).stage is Stage.CLOSED
        after = replace(RIGHT, served_on=day(4, 3))
        assert warned(closed, after) == ["foi.service.more_late", "foi.service.after_closing"]
        filed = run(c.Archive(on=day(4, 7)), state=closed)
        assert warned(filed) == ["foi.service.less_late", "foi.service.archived"]
        assert run(RIGHT, state=filed).stage is Stage.ARCHIVED
        assert warned(run(*TO_CLOSED), after) == []  # the posting was the reply

    def test_tells_of_a_pending_review(self) -> None:
        state = run(*TO_CLOSED, c.FileRemedy(on=day(4, 3), kind=RemedyKind.RECONSIDERATION))
        assert warned(state) == ["foi.service.under_review"]


class TestReaders:
    def test_the_course_shows_both_days_and_outside_no_reason(self) -> None:
        _, events = told(*LATE, RIGHT)
        sheets = {one: timeline(events, law(), today=LAST, audience=one).lines for one in Audience}
        words = {one: lines[-1].words for one, lines in sheets.items()}
        plain = "答复送达之日由2026-04-01更正为2026-03-27，答复日期由2026-04-01改为2026-03-27"
        assert words[Audience.APPLICANT] == plain
        assert words[Audience.STAFF] == words[Audience.REVIEW_BODY] == plain + "：回执日期看错（凭证：送达回证）"
        assert (day(4, 1), "答复送达") in [(line.on, line.words) for line in sheets[Audience.REVIEW_BODY]]

    def test_destruction_leaves_the_days_and_takes_the_texts(self) -> None:
        _, events = told(*LATE, RIGHT)
        erased = erased_events([event_to_data(one) for one in events])[-1]
        assert (erased["before"], erased["after"], erased["reason"], erased["proof"]) == (
            "2026-04-01",
            "2026-03-27",
            GONE,
            GONE,
        )
