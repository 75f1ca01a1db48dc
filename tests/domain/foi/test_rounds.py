"""What a round of a case comes to: its reply, its end, and the days that count."""

from __future__ import annotations

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery, Opinion, RemedyKind, Stage
from gongkai.domain.foi.rounds import RoundResult, round_result, round_results
from tests.domain.foi.stories import (
    CORRECTED,
    FIRST,
    STORIES,
    THIRD,
    TO_CLOSED,
    TO_HANDLING,
    TO_SENT,
    day,
    law,
    run,
    told,
)


def result(*commands: c.Command) -> RoundResult:
    found = round_result(run(*commands), law())
    assert found is not None
    return found


class TestRoundResult:
    def test_tells_reply_end_and_working_days(self) -> None:
        found = result(*TO_CLOSED)
        assert (found.number, found.received_on, found.replied_on) == (1, FIRST, day(3, 18))
        assert (found.ended_on, found.disposition) == (day(3, 23), "granted_provide")
        assert (found.used_days, found.late_days, found.extended) == (12, 0, False)
        assert found.due_on == day(3, 30)

    def test_a_reply_that_is_not_yet_closed_has_no_end(self) -> None:
        found = result(*TO_SENT)
        assert found.replied_on == day(3, 18) and found.ended_on is None

    def test_days_past_the_last_one_count_as_used_and_as_late(self) -> None:
        late = (
            *TO_HANDLING,
            c.Draft(on=day(4, 1), disposition="granted_provide"),
            c.Sign(on=day(4, 1), signed_by="主任"),
            c.Send(on=day(4, 2), delivery=Delivery.POST),
        )
        found = result(*late)
        assert (found.used_days, found.late_days) == (23, 3)

    def test_asking_a_third_party_is_not_counted(self) -> None:
        asked = (
            *TO_HANDLING,
            c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司"),
            c.DeliverConsultation(on=day(3, 6), kind=THIRD, ref="甲公司"),
            c.AnswerConsultation(on=day(3, 13), kind=THIRD, ref="甲公司", opinion=Opinion.CONSENTS),
        )
        rest = TO_SENT[len(TO_HANDLING) :]
        with_wait, without = result(*asked, *rest), result(*TO_SENT)
        assert without.used_days is not None and with_wait.used_days is not None
        assert with_wait.used_days < without.used_days

    def test_an_extension_is_noted(self) -> None:
        extended = (*TO_HANDLING, c.Extend(on=day(3, 9), approved_by="负责人"), *TO_SENT[len(TO_HANDLING) :])
        assert result(*extended).extended

    @pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.CLOSED_NO_SUPPLEMENT, Stage.CLOSED_NO_PAYMENT])
    def test_a_case_that_was_given_up_ends_without_a_reply(self, stage: Stage) -> None:
        found = result(*STORIES[stage])
        assert found.replied_on is None and found.used_days is None and found.late_days == 0
        assert found.ended_on is not None and found.disposition.startswith("other_")

    @pytest.mark.parametrize(
        "stage", [Stage.SUBMITTED, Stage.HANDLING, Stage.SIGNED, Stage.SPLIT, Stage.MOVED, Stage.MERGED]
    )
    def test_what_is_open_or_went_on_elsewhere_has_come_to_nothing_here(self, stage: Stage) -> None:
        assert round_result(run(*STORIES[stage]), law()) is None


class TestRoundResults:
    def test_a_reopened_case_keeps_its_first_round(self) -> None:
        again = (*TO_CLOSED, *CORRECTED, c.Reopen(on=day(6, 16), reason="复议决定责令重新答复"))
        _, events = told(*again)
        first = round_results(events, law())
        assert [one.number for one in first] == [1] and first[0].ended_on == day(3, 23)
        _, events = told(
            *again,
            c.Draft(on=day(6, 24), disposition="granted_provide"),
            c.Sign(on=day(6, 24), signed_by="主任"),
            c.Send(on=day(6, 24), delivery=Delivery.POST),
        )
        both = round_results(events, law())
        assert [one.number for one in both] == [1, 2]
        assert both[0] == first[0] and both[1].received_on == day(6, 16)

    def test_a_review_alone_begins_no_round(self) -> None:
        filed = c.FileRemedy(on=day(5, 6), kind=RemedyKind.RECONSIDERATION, ref="复议1号")
        _, events = told(*TO_CLOSED, filed)
        assert len(round_results(events, law())) == 1
