"""Amendment of one's own record: every cell of its table, its reasons, its period."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.amendment import (
    AMENDMENT_OUTCOME_NAMES,
    AMENDMENT_STAGE_NAMES,
    AMENDMENT_TABLE,
    AMENDMENT_VERB_NAMES,
    AmendmentCommand,
    AmendmentHappened,
    AmendmentOutcome,
    AmendmentStage,
    AmendmentState,
    AmendmentVerb,
    decide_amendment,
    evolve_amendment,
    read_amendment,
    replay_amendment,
)
from tests.domain.foi.stories import FIRST, day, law

V, S = AmendmentVerb, AmendmentStage
LATE = date(2026, 12, 31)


def command(verb: AmendmentVerb, on: date = FIRST, **more: object) -> AmendmentCommand:
    given: dict[str, object] = {"text": "出生日期有误", "evidence": True, "outcome": AmendmentOutcome.AMENDED, **more}
    return AmendmentCommand(verb=verb, on=on, **given)  # type: ignore[arg-type]


PATHS = {
    S.NEW: (),
    S.RECEIVED: (V.RECEIVE,),
    S.EVIDENCE_WAIT: (V.RECEIVE, V.ASK_EVIDENCE),
    S.CHECKING: (V.RECEIVE, V.CHECK),
    S.DECIDED: (V.RECEIVE, V.CHECK, V.DECIDE),
    S.TOLD: (V.RECEIVE, V.CHECK, V.DECIDE, V.TELL),
    S.ARCHIVED: (V.RECEIVE, V.WITHDRAW, V.ARCHIVE),
    S.WITHDRAWN: (V.RECEIVE, V.WITHDRAW),
}


def at(stage: AmendmentStage) -> AmendmentState:
    return replay_amendment(path(stage))


def path(stage: AmendmentStage) -> list[AmendmentHappened]:
    state, events = AmendmentState(), []
    for verb in PATHS[stage]:
        event = decide_amendment(state, command(verb), today=LATE).event
        assert event is not None
        state = evolve_amendment(state, event)
        events.append(event)
    return events


class TestTable:
    @pytest.mark.parametrize("stage", list(S))
    @pytest.mark.parametrize("verb", list(V))
    def test_every_cell_leads_where_it_says_or_is_refused(self, stage: AmendmentStage, verb: AmendmentVerb) -> None:
        state = at(stage)
        decision = decide_amendment(state, command(verb), today=LATE)
        after = AMENDMENT_TABLE.get((stage, verb))
        if after is None:
            assert [issue.code for issue in decision.issues] == ["foi.state.not_possible"]
        else:
            assert decision.allowed
            assert decision.event is not None
            assert evolve_amendment(state, decision.event).stage is after

    def test_everything_has_a_name(self) -> None:
        assert set(AMENDMENT_STAGE_NAMES) == set(S)
        assert set(AMENDMENT_VERB_NAMES) == set(V)
        assert set(AMENDMENT_OUTCOME_NAMES) == set(AmendmentOutcome)


class TestReasons:
    @pytest.mark.parametrize(
        ("more", "codes"),
        [
            ({"outcome": None}, ["foi.amendment.outcome"]),
            ({"outcome": AmendmentOutcome.TRANSFERRED}, ["foi.amendment.organ"]),
            ({"outcome": AmendmentOutcome.DIRECTED, "organ": "公安局"}, []),
            ({"outcome": AmendmentOutcome.REFUSED, "text": " "}, ["foi.reason.missing"]),
            ({"outcome": AmendmentOutcome.AMENDED}, []),
        ],
    )
    def test_each_outcome_needs_its_own(self, more: dict[str, object], codes: list[str]) -> None:
        decision = decide_amendment(at(S.CHECKING), command(V.DECIDE, FIRST, **more), today=LATE)
        assert [issue.code for issue in decision.issues] == codes

    def test_nothing_is_amended_without_evidence(self) -> None:
        events = [decide_amendment(AmendmentState(), command(V.RECEIVE, evidence=False), today=LATE).event]
        state = replay_amendment(event for event in events if event is not None)
        check = decide_amendment(state, command(V.CHECK), today=LATE).event
        assert check is not None
        decision = decide_amendment(evolve_amendment(state, check), command(V.DECIDE), today=LATE)
        assert [issue.code for issue in decision.issues] == ["foi.amendment.no_evidence"]

    @pytest.mark.parametrize(
        ("more", "codes"),
        [
            ({"text": " ", "evidence": False}, ["foi.amendment.nothing_received"]),
            ({"text": "户口簿原件，已核对退回", "evidence": False}, []),
            ({"text": "", "evidence": True}, []),
        ],
    )
    def test_evidence_that_came_in_is_a_file_or_is_described(self, more: dict[str, object], codes: list[str]) -> None:
        decision = decide_amendment(at(S.EVIDENCE_WAIT), command(V.RECEIVE_EVIDENCE, **more), today=LATE)
        assert [issue.code for issue in decision.issues] == codes

    def test_days_are_in_order_and_not_in_the_future(self) -> None:
        decision = decide_amendment(at(S.CHECKING), command(V.DECIDE, on=day(3, 1)), today=day(2, 1))
        assert [issue.code for issue in decision.issues] == ["foi.day.future", "foi.day.before"]

    def test_an_event_belongs_to_its_stage(self) -> None:
        with pytest.raises(ValueError, match="decided in"):
            evolve_amendment(AmendmentState(), path(S.CHECKING)[-1])


class TestPeriod:
    def test_is_the_configured_one_and_stops_with_the_decision(self) -> None:
        reading = read_amendment(at(S.RECEIVED), law(), today=day(4, 1))
        assert reading is not None
        assert (reading.due_on, reading.overdue_days) == (day(3, 30), 2)
        decided = read_amendment(at(S.DECIDED), law(), today=day(4, 1))
        assert decided is not None
        assert decided.overdue_days == 0

    def test_has_not_begun_before_it_is_received(self) -> None:
        assert read_amendment(AmendmentState(), law(), today=day(4, 1)) is None
