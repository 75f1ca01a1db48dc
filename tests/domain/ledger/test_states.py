"""The sign-off as a table: every cell, every reason, and the drawing in the documentation."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.ledger import (
    NEEDS_REASON,
    OPEN_STATES,
    STATE_NAMES,
    TABLE,
    VERB_NAMES,
    Command,
    Facts,
    State,
    Verb,
    decide,
    evolve,
    possible,
)
from gongkai.domain.ledger.drawing import draw_states, draw_table
from gongkai.rulebook.messages import describe

DOCS = Path(__file__).resolve().parents[3] / "docs" / "domain" / "ledger.md"
A, P, S, C, R, X, N, Z = (
    State.ASSIGNED, State.IN_PROGRESS, State.SUBMITTED, State.ACCEPTED, State.RETURNED, State.CLOSED, State.CANCELED,
    State.REOPENED,
)  # fmt: skip

# The whole table once more, written by hand: what follows in the order of the states, None where it is refused.
EXPECTED: dict[Verb, list[State | None]] = {
    #                 A  P  S     C     R  X     N     Z
    Verb.ASSIGN:     [A, P, None, None, R, None, None, Z],
    Verb.SPLIT:      [A, P, None, None, R, None, None, Z],
    Verb.START:      [P, None, None, None, P, None, None, P],
    Verb.REPORT:     [P, P, None, C, P, None, None, P],
    Verb.SUBMIT:     [S, S, None, None, S, None, None, S],
    Verb.ACCEPT:     [None, None, C, None, None, None, None, None],
    Verb.RETURN:     [None, None, R, R, None, None, None, None],
    Verb.CLOSE:      [None, None, None, X, None, None, None, None],
    Verb.REOPEN:     [None, None, None, None, None, Z, Z, None],
    Verb.CANCEL:     [N, N, N, N, N, None, None, N],
    Verb.CHANGE_DUE: [A, P, S, None, R, None, None, Z],
}  # fmt: skip
ORDER = (A, P, S, C, R, X, N, Z)
GOOD = Facts(owned=True, submitted_by=1, accepted_by=2, evidence=1)


def wish(verb: Verb, **more: object) -> Command:
    return Command(verb, **{"by": 3, "text": "完成情况", "reason": "理由", **more})  # type: ignore[arg-type]


class TestTable:
    @pytest.mark.parametrize(("verb", "state"), list(product(Verb, State)))
    def test_each_cell_leads_where_it_should(self, verb: Verb, state: State) -> None:
        after = EXPECTED[verb][ORDER.index(state)]
        decision = decide(state, wish(verb), GOOD)
        if after is None:
            assert [issue.code for issue in decision.issues] == ["ledger.state.not_possible"]
            assert STATE_NAMES[state] in describe(decision.issues[0])
            assert decision.events == ()
        else:
            assert decision.allowed
            (event,) = decision.events
            assert evolve(state, event) is after
        assert (verb in possible(state)) == (after is not None)

    def test_every_state_is_reached_and_left(self) -> None:
        reached = {after for cells in TABLE.values() for after in cells.values()}
        assert reached | {State.ASSIGNED} == set(State)
        assert {before for cells in TABLE.values() for before in cells} == set(State)
        assert set(State) - OPEN_STATES == {State.CLOSED, State.CANCELED}

    def test_event_of_another_state_is_refused(self) -> None:
        (event,) = decide(A, wish(Verb.START), GOOD).events
        with pytest.raises(ValueError, match="in_progress"):
            evolve(P, event)

    def test_documentation_draws_this_table(self) -> None:
        text = DOCS.read_text(encoding="utf-8")
        assert draw_table() in text
        assert draw_states() in text


class TestReasons:
    @pytest.mark.parametrize(
        ("state", "command", "facts", "codes"),
        [
            (A, wish(Verb.START), Facts(owned=False), ["ledger.owner.missing"]),
            (A, wish(Verb.SUBMIT, text=""), Facts(owned=False), ["ledger.owner.missing", "ledger.text.missing"]),
            (P, wish(Verb.REPORT, text=" "), GOOD, ["ledger.text.missing"]),
            (S, wish(Verb.ACCEPT, by=1), GOOD, ["ledger.separation.submitter"]),
            (C, wish(Verb.CLOSE, by=1), GOOD, ["ledger.separation.submitter"]),
            (S, wish(Verb.RETURN, reason=" "), GOOD, ["ledger.reason.missing"]),
            (P, wish(Verb.CANCEL, reason=""), GOOD, ["ledger.reason.missing"]),
            (X, wish(Verb.REOPEN, reason=""), GOOD, ["ledger.reason.missing"]),
            (X, wish(Verb.REOPEN), Facts(parent_ended=True), ["ledger.parent.ended"]),
            (P, wish(Verb.CHANGE_DUE, reason=""), GOOD, ["ledger.reason.missing"]),
            (P, wish(Verb.START), Facts(plan_active=False), ["ledger.state.not_possible", "ledger.plan.not_active"]),
            (P, wish(Verb.SUBMIT), Facts(open_children=("甲", "乙")), ["ledger.children.open", "ledger.children.open"]),
            (P, wish(Verb.CANCEL), Facts(open_children=("甲",)), ["ledger.children.open"]),
            (C, wish(Verb.CLOSE, reason=""), Facts(accepted_by=2), ["ledger.close.no_evidence"]),
            (
                C,
                wish(Verb.CLOSE, by=1, reason=""),
                Facts(submitted_by=1, open_children=("甲",), standing=True, short_checks=("三月", "四月")),
                [
                    "ledger.separation.submitter",
                    "ledger.children.open",
                    "ledger.close.not_accepted",
                    "ledger.close.no_evidence",
                    "ledger.close.standing",
                    "ledger.close.check_short",
                    "ledger.close.check_short",
                ],
            ),
        ],
    )
    def test_all_reasons_are_told_at_once(self, state: State, command: Command, facts: Facts, codes: list[str]) -> None:
        decision = decide(state, command, facts)
        assert [issue.code for issue in decision.issues] == codes
        assert decision.events == ()
        assert all(describe(issue) for issue in decision.issues)

    def test_reason_answers_for_missing_evidence_but_not_for_a_missing_check(self) -> None:
        facts = Facts(standing=True, short_checks=("三月",), accepted_by=2)
        assert decide(C, wish(Verb.CLOSE), facts).allowed
        without = Facts(standing=True, short_checks=("三月",))
        assert [i.code for i in decide(C, wish(Verb.CLOSE), without).issues] == ["ledger.close.not_accepted"]

    def test_everything_has_a_chinese_name(self) -> None:
        assert set(STATE_NAMES) == set(State)
        assert set(VERB_NAMES) == set(Verb)
        assert set(Verb) >= NEEDS_REASON


class TestLaws:
    @given(
        state=st.sampled_from(State),
        verbs=st.lists(st.tuples(st.sampled_from(Verb), st.integers(1, 3)), max_size=25),
    )
    def test_no_sequence_of_steps_closes_what_its_submitter_accepted(
        self, state: State, verbs: list[tuple[Verb, int]]
    ) -> None:
        state, submitted_by, accepted_by = State.ASSIGNED, None, None
        for verb, person in verbs:
            facts = Facts(submitted_by=submitted_by, accepted_by=accepted_by, evidence=1)
            decision = decide(state, wish(verb, by=person), facts)
            if not decision.allowed:
                continue
            state = evolve(state, decision.events[0])
            if verb is Verb.SUBMIT:
                submitted_by, accepted_by = person, None
            elif verb is Verb.ACCEPT:
                accepted_by = person
            elif verb in (Verb.RETURN, Verb.REOPEN):
                accepted_by = None
            if state in (State.ACCEPTED, State.CLOSED):
                assert submitted_by is not None
                assert accepted_by is not None
                assert submitted_by != accepted_by
