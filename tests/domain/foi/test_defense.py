"""The organ's part in a reconsideration or suit: what may be recorded when, and by when the answer is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.domain.deadlines import State
from gongkai.domain.foi.defense import (
    ANSWER_RULES,
    DEFENSE_VERB_NAMES,
    PROCEDURE_NAMES,
    REDO_RULE,
    DefenseCommand,
    DefenseState,
    DefenseVerb,
    Procedure,
    answer_rule_id,
    decide_defense,
    defense_from_data,
    defense_to_data,
    evolve_defense,
    possible_steps,
    read_answer,
    read_redo,
    replay_defense,
)
from gongkai.domain.foi.model import RemedyKind
from gongkai.rulebook.loader import calendar_shipped
from gongkai.rulebook.lookup import clock_rule
from gongkai.rulebook.messages import describe

V = DefenseVerb
FILED, TODAY = date(2026, 9, 1), date(2026, 12, 31)
REVIEW = DefenseState(RemedyKind.RECONSIDERATION, FILED)
SUIT = DefenseState(RemedyKind.LAWSUIT_DIRECT, FILED)


def step(verb: DefenseVerb, on: date = date(2026, 9, 24), **more: Any) -> DefenseCommand:
    given: dict[str, Any] = {
        V.NOTIFY: {"organ": "青溪县人民政府"},
        V.CHANGE_PROCEDURE: {"procedure": Procedure.SIMPLE},
        V.SET_HEARING: {"hearing_on": date(2026, 11, 2)},
        V.RECEIVE_DECISION: {"redo": True, "text": "责令重新答复"},
        V.REDO: {"text": "已另行答复"},
    }.get(verb, {})
    return DefenseCommand(verb=verb, on=on, **{**given, **more})


def codes(state: DefenseState, command: DefenseCommand, today: date = TODAY) -> list[str]:
    return [issue.code for issue in decide_defense(state, command, today=today).issues]


class TestDecideDefense:
    def test_a_whole_course_is_accepted_step_by_step(self) -> None:
        state = REVIEW
        for verb in (V.NOTIFY, V.CHANGE_PROCEDURE, V.SET_HEARING, V.ANSWER, V.RECEIVE_DECISION, V.REDO):
            assert codes(state, step(verb)) == []
            state = evolve_defense(state, step(verb))
        assert (state.organ, state.procedure, state.redone_on) == (
            "青溪县人民政府",
            Procedure.SIMPLE,
            date(2026, 9, 24),
        )

    @pytest.mark.parametrize(
        ("before", "verb", "code"),
        [
            ((), V.ANSWER, "foi.defense.not_notified"),
            ((), V.CHANGE_PROCEDURE, "foi.defense.not_notified"),
            ((), V.REDO, "foi.defense.nothing_ordered"),
            ((V.NOTIFY,), V.NOTIFY, "foi.defense.notified"),
            ((V.NOTIFY, V.ANSWER), V.ANSWER, "foi.defense.answered"),
            ((V.NOTIFY, V.ANSWER), V.CHANGE_PROCEDURE, "foi.defense.answered"),
            ((V.RECEIVE_DECISION,), V.RECEIVE_DECISION, "foi.defense.decided"),
            ((V.RECEIVE_DECISION, V.REDO), V.REDO, "foi.defense.redone"),
        ],
        ids=["answer", "change", "redo", "notified", "answered", "change after", "decided", "redone"],
    )
    def test_what_has_no_place_yet_or_any_more_is_refused(
        self, before: tuple[DefenseVerb, ...], verb: DefenseVerb, code: str
    ) -> None:
        state = replay_defense(REVIEW, [step(one) for one in before])
        assert code in codes(state, step(verb))
        assert verb not in possible_steps(state)

    def test_every_reason_is_told_at_once_in_plain_words(self) -> None:
        issues = decide_defense(REVIEW, step(V.NOTIFY, date(2026, 8, 1), organ=" ", days=0), today=TODAY).issues
        assert {one.code for one in issues} == {"foi.day.before", "foi.days.wrong", "foi.defense.organ"}
        issues = decide_defense(SUIT, step(V.NOTIFY, days=400), today=date(2026, 9, 2)).issues
        assert {one.code for one in issues} == {"foi.day.future", "foi.days.wrong"}
        assert all("{" not in describe(one) for one in issues)

    @pytest.mark.parametrize(
        ("verb", "more", "code"),
        [
            (V.SET_HEARING, {"hearing_on": None}, "foi.defense.hearing"),
            (V.SET_HEARING, {"hearing_on": date(2026, 9, 1)}, "foi.day.before"),
            (V.RECEIVE_DECISION, {"text": ""}, "foi.defense.order"),
        ],
        ids=["no hearing", "hearing before its notice", "no order"],
    )
    def test_a_step_says_what_it_needs(self, verb: DefenseVerb, more: dict[str, Any], code: str) -> None:
        assert codes(REVIEW, step(verb, **more)) == [code]

    def test_a_change_leads_to_the_other_procedure(self) -> None:
        state = evolve_defense(REVIEW, step(V.NOTIFY))
        assert codes(state, step(V.CHANGE_PROCEDURE, procedure=Procedure.ORDINARY)) == ["foi.defense.same_procedure"]

    def test_nothing_lies_before_the_step_before_it(self) -> None:
        state = evolve_defense(REVIEW, step(V.NOTIFY, date(2026, 9, 24)))
        assert codes(state, step(V.ANSWER, date(2026, 9, 23))) == ["foi.day.before"]

    def test_everything_has_a_name(self) -> None:
        assert set(DEFENSE_VERB_NAMES) == set(DefenseVerb) and set(PROCEDURE_NAMES) == set(Procedure)


class TestReadAnswer:
    @pytest.mark.parametrize(
        ("begun", "procedure", "notified", "due"),
        [
            (REVIEW, Procedure.ORDINARY, date(2026, 9, 24), date(2026, 10, 15)),
            (REVIEW, Procedure.SIMPLE, date(2026, 9, 24), date(2026, 10, 9)),
            (REVIEW, Procedure.ORDINARY, date(2026, 3, 2), date(2026, 3, 16)),
            (SUIT, Procedure.ORDINARY, date(2026, 3, 2), date(2026, 3, 17)),
            (SUIT, Procedure.ORDINARY, date(2026, 9, 16), date(2026, 10, 8)),
            (SUIT, Procedure.SIMPLE, date(2026, 3, 2), date(2026, 3, 17)),
        ],
        ids=["review across holidays", "summary review", "review", "suit", "suit ends on a holiday", "summary suit"],
    )
    def test_counts_from_the_day_after_the_copy(
        self, begun: DefenseState, procedure: Procedure, notified: date, due: date
    ) -> None:
        state = evolve_defense(begun, step(V.NOTIFY, notified, procedure=procedure))
        rule = clock_rule(answer_rule_id(state), on=notified)
        reading = read_answer(state, rule, calendar_shipped(), today=notified)
        assert reading is not None and reading.due_on == due

    def test_a_court_may_set_another_number_in_the_summary_procedure_only(self) -> None:
        told = step(V.NOTIFY, date(2026, 3, 2), procedure=Procedure.SIMPLE, days=7)
        state = evolve_defense(SUIT, told)
        reading = read_answer(state, clock_rule(answer_rule_id(state), on=told.on), calendar_shipped(), today=told.on)
        assert reading is not None and reading.due_on == date(2026, 3, 9)
        state = evolve_defense(SUIT, step(V.NOTIFY, date(2026, 3, 2), days=7))
        reading = read_answer(state, clock_rule(answer_rule_id(state), on=told.on), calendar_shipped(), today=told.on)
        assert reading is not None and reading.due_on == date(2026, 3, 17)

    def test_a_late_answer_is_seen_to_be_late(self) -> None:
        state = replay_defense(REVIEW, [step(V.NOTIFY), step(V.ANSWER, date(2026, 10, 20))])
        rule = clock_rule(answer_rule_id(state), on=date(2026, 9, 24))
        reading = read_answer(state, rule, calendar_shipped(), today=TODAY)
        assert reading is not None and (reading.state, reading.overdue_days) == (State.STOPPED, 3)

    def test_does_not_run_before_the_copy_is_there(self) -> None:
        rule = clock_rule("remedies.defense", on=FILED)
        assert read_answer(REVIEW, rule, calendar_shipped(), today=TODAY) is None

    @pytest.mark.parametrize("rule_id", sorted({*ANSWER_RULES.values(), REDO_RULE}))
    def test_every_number_has_its_provision(self, rule_id: str) -> None:
        rule = clock_rule(rule_id, on=FILED)
        assert rule.basis and (rule.limit or rule.suggested)


class TestReadRedo:
    @pytest.mark.parametrize(
        ("more", "due"),
        [
            ({"days": 10}, date(2026, 3, 16)),
            ({"days": 10, "working_days": False}, date(2026, 3, 12)),
            ({"days": 12, "working_days": False}, date(2026, 3, 16)),
            ({}, date(2026, 3, 30)),
        ],
        ids=["working days", "days", "days that end on a Saturday", "none told"],
    )
    def test_counts_from_the_day_the_decision_came_in(self, more: dict[str, Any], due: date) -> None:
        state = evolve_defense(REVIEW, step(V.RECEIVE_DECISION, date(2026, 3, 2), **more))
        reading = read_redo(state, clock_rule(REDO_RULE, on=FILED), calendar_shipped(), today=date(2026, 3, 3))
        assert reading is not None and reading.due_on == due

    def test_nothing_ordered_nothing_due(self) -> None:
        state = evolve_defense(REVIEW, step(V.RECEIVE_DECISION, redo=False, text=""))
        assert read_redo(state, clock_rule(REDO_RULE, on=FILED), calendar_shipped(), today=TODAY) is None


class TestDefenseData:
    @pytest.mark.parametrize("verb", list(DefenseVerb))
    def test_a_step_comes_back_as_it_was(self, verb: DefenseVerb) -> None:
        command = step(verb, by="李某", papers=(3, 4), place="一号法庭", working_days=False)
        assert defense_from_data(defense_to_data(command)) == command

    def test_the_next_hearing_is_the_one_that_comes(self) -> None:
        first, second = date(2026, 11, 2), date(2026, 12, 1)
        state = replay_defense(REVIEW, [step(V.SET_HEARING, hearing_on=second), step(V.SET_HEARING, hearing_on=first)])
        hearings = [state.next_hearing(day) for day in (date(2026, 10, 1), date(2026, 11, 3), date(2027, 1, 1))]
        assert [one.on if one else None for one in hearings] == [first, second, second]
        assert REVIEW.next_hearing(TODAY) is None
