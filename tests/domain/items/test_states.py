"""Every cell of the table of commands by state, and every reason that comes from the facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.domain.items import NEEDS_REASON, STATE_NAMES, TABLE, VERB_NAMES, Facts, State, Verb, decide, possible
from gongkai.domain.items.drawing import draw_states, draw_table
from gongkai.domain.items.states import saving_verb

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "domain" / "items.md"
# One row a verb, one letter a state, in the order of both: d drafting, i in review, r returned, a approved, s scheduled,
# p published, w withdrawn, o on file, x archived, c discarded; a dot where it is refused.
CELLS = {
    Verb.SAVE: "ddrd......",
    Verb.REVISE: ".....ddd..",
    Verb.DECIDE_ATTRIBUTE: "ddrd.ddd..",
    Verb.CIRCULATE: "i.i.......",
    Verb.RETURN: ".r.r......",
    Verb.APPROVE: ".a........",
    Verb.PUT_ON_FILE: ".o........",
    Verb.VOID: ".d.dd.....",
    Verb.RECALL: ".d.d......",
    Verb.SCHEDULE: "...s......",
    Verb.UNSCHEDULE: "....a.....",
    Verb.PUBLISH: "...pp.....",
    Verb.WITHDRAW: "dirasw....",
    Verb.ABANDON: "p.p.......",
    Verb.ARCHIVE: ".....xxx..",
    Verb.DISCARD: "c.c.......",
    Verb.REOPEN: "........dd",
}
LETTERS = dict(zip("diraspwoxc", State, strict=True))
READY = {
    "attribute": "proactive",
    "grounds": ("art19",),
    "public": True,
    "ever_public": False,
}


def facts_for(verb: Verb) -> Facts:
    """Facts under which nothing but the state can stand against the verb."""
    given = dict(READY)
    if verb is Verb.PUT_ON_FILE:
        given["attribute"] = "withheld"
    if verb is Verb.ARCHIVE:
        given["public"] = False
    return Facts(**given)  # type: ignore[arg-type]


class TestEveryCell:
    @pytest.mark.parametrize("verb", list(Verb))
    @pytest.mark.parametrize("number, state", list(enumerate(State)), ids=lambda v: getattr(v, "value", ""))
    def test_leads_where_the_table_says(self, verb: Verb, number: int, state: State) -> None:
        letter = CELLS[verb][number]
        decision = decide(state, verb, facts_for(verb), reason="因故")
        if letter == ".":
            assert decision.after is None
            assert [issue.code for issue in decision.issues] == ["disclosure.state.not_possible"]
            assert verb not in possible(state)
        else:
            assert (decision.after, decision.issues) == (LETTERS[letter], ())
            assert verb in possible(state)

    def test_there_are_no_others(self) -> None:
        assert set(TABLE) == set(CELLS) == set(Verb)

    @pytest.mark.parametrize("state", list(State))
    def test_no_state_but_the_end_is_a_dead_end(self, state: State) -> None:
        assert possible(state)

    def test_everything_has_a_name(self) -> None:
        assert set(STATE_NAMES) == set(State)
        assert set(VERB_NAMES) == set(Verb)


class TestFacts:
    @pytest.mark.parametrize("verb", sorted(NEEDS_REASON))
    def test_without_a_reason_it_is_refused(self, verb: Verb) -> None:
        state = next(iter(TABLE[verb]))
        codes = [issue.code for issue in decide(state, verb, facts_for(verb), reason="  ").issues]
        assert codes == ["disclosure.reason.missing"]

    @pytest.mark.parametrize(
        "state, verb, facts, code",
        [
            (State.DRAFTING, Verb.CIRCULATE, Facts(), "disclosure.circulate.attribute_first"),
            (State.DRAFTING, Verb.CIRCULATE, Facts("proactive"), "disclosure.circulate.attribute_first"),
            (
                State.DRAFTING,
                Verb.CIRCULATE,
                Facts("proactive", ("a",), saved=False),
                "disclosure.circulate.nothing_saved",
            ),
            (State.IN_REVIEW, Verb.APPROVE, Facts("withheld", ("a",)), "disclosure.publish.not_proactive"),
            (State.APPROVED, Verb.PUBLISH, Facts("on_application", ("a",)), "disclosure.publish.not_proactive"),
            (State.APPROVED, Verb.SCHEDULE, Facts("withheld", ("a",)), "disclosure.publish.not_proactive"),
            (State.IN_REVIEW, Verb.PUT_ON_FILE, Facts("proactive", ("a",)), "disclosure.on_file.proactive"),
            (State.PUBLISHED, Verb.WITHDRAW, Facts("proactive", ("a",)), "disclosure.state.nothing_public"),
            (State.DRAFTING, Verb.ABANDON, Facts("proactive", ("a",)), "disclosure.state.nothing_public"),
            (State.PUBLISHED, Verb.ARCHIVE, Facts("proactive", ("a",), public=True), "disclosure.archive.still_public"),
            (State.DRAFTING, Verb.DISCARD, Facts(ever_public=True), "disclosure.discard.was_public"),
        ],
    )
    def test_stand_against_it(self, state: State, verb: Verb, facts: Facts, code: str) -> None:
        decision = decide(state, verb, facts, reason="因故")
        assert [issue.code for issue in decision.issues] == [code]
        assert not decision.allowed

    def test_all_reasons_are_told_at_once(self) -> None:
        decision = decide(State.ARCHIVED, Verb.DISCARD, Facts(ever_public=True))
        assert [issue.code for issue in decision.issues] == [
            "disclosure.state.not_possible",
            "disclosure.reason.missing",
            "disclosure.discard.was_public",
        ]

    @pytest.mark.parametrize("state", list(State))
    def test_saving_is_a_new_round_after_the_end(self, state: State) -> None:
        ended = state in (State.PUBLISHED, State.WITHDRAWN, State.ON_FILE)
        assert saving_verb(state) is (Verb.REVISE if ended else Verb.SAVE)


class TestDocument:
    def test_shows_the_table_as_it_is(self) -> None:
        assert draw_table() in DOCUMENT.read_text()

    def test_shows_the_steps_as_they_are(self) -> None:
        assert draw_states() in DOCUMENT.read_text()
