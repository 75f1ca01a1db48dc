"""Every cell of the table of commands by stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.machine import RULES, decide
from gongkai.domain.foi.model import ENDED, STAGE_NAMES, CaseState, Delivery, Stage
from gongkai.domain.foi.replay.vocabulary import EVENTS, EXPECTED, HEAD, OPTIONS
from gongkai.domain.foi.table import TABLE, draw_stages, draw_table, possible
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from tests.domain.foi.stories import CORRECTED, STORIES, THIRD, at, day, law, run, wish

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "domain" / "foi-cases.md"
COMMANDS: dict[Verb, type[c.Command]] = {kind.verb: kind for kind in c.Command.__subclasses__()}


def prepared(verb: Verb, stage: Stage) -> tuple[CaseState, date]:
    """A case at the stage in which the verb's other conditions hold, and a day for the command."""
    commands, on = list(STORIES[stage]), max([date(2026, 3, 2), *(one.on for one in STORIES[stage])])
    if verb is Verb.UNDO_EXTENSION:
        commands.insert(3, c.Extend(on=day(3, 3), approved_by="负责人"))
    if verb is Verb.RETURN_ASSIGNMENT:
        commands.insert(3, c.Assign(on=day(3, 3), ref="档案科", due_on=day(3, 9)))
    if verb in (Verb.DELAY, Verb.GIVE_REASONS, Verb.LAPSE_REASONS, Verb.DELIVER_REASON_NOTICE) and stage not in (
        Stage.REASON_WAIT,
    ):
        commands.insert(3, c.AskReasons(on=day(3, 3), days=1))
        if verb is Verb.DELAY:
            commands.insert(4, c.GiveReasons(on=day(3, 3), reasonable=True))
    if verb in (Verb.ANSWER_CONSULTATION, Verb.TELL_THIRD_PARTY) and stage not in (
        Stage.THIRD_PARTY_WAIT,
        Stage.ORGAN_WAIT,
    ):
        commands[3:3] = [
            c.Consult(on=day(3, 3), kind=THIRD, ref="甲公司"),
            c.DeliverConsultation(on=day(3, 3), kind=THIRD, ref="甲公司"),
            c.LapseConsultation(on=day(3, 25), kind=THIRD, ref="甲公司"),
        ]
        commands = [*commands[:6], *(replace(one, on=_later(one.on)) for one in commands[6:])]
        on = _later(on)
    if verb is Verb.LAPSE_SUPPLEMENT:
        commands.append(c.DeliverSupplementNotice(on=day(3, 6)))
        on = day(4, 20)
    if verb is Verb.LAPSE_FEE:
        commands.append(c.DeliverFeeNotice(on=day(3, 11)))
        on = day(4, 30)
    if verb is Verb.LAPSE_CONSULTATION:
        asked = wish(c.DeliverConsultation, day(3, 9), stage)
        commands.append(asked)
        on = day(4, 30)
    if verb is Verb.LAPSE_REASONS:
        commands.append(c.DeliverReasonNotice(on=on))
        on = day(4, 30)
    if verb is Verb.CLOSE and stage is Stage.SENT:
        on = day(3, 23)
    if verb is Verb.SERVE and stage in ENDED:
        commands.append(wish(c.Send, on, stage))
    if verb is Verb.CORRECT_SERVICE and stage in ENDED and stage not in (Stage.CLOSED, Stage.ARCHIVED):
        commands += [wish(c.Send, on, stage), c.Serve(on=on + timedelta(days=2))]
        on += timedelta(days=2)
    if verb is Verb.DECIDE_REMEDY:
        commands.append(CORRECTED[0])
        on = day(6, 15)
    if verb is Verb.REOPEN:
        commands += CORRECTED
        on = day(6, 16)
    if verb is Verb.CARRY_OVER:
        on = day(12, 31)
        if stage is Stage.SENT:  # sent out for direct service and not signed for yet
            commands[-1] = c.Send(on=commands[-1].on, delivery=Delivery.IN_PERSON)
    return run(*commands), on


def _later(on: date) -> date:
    """The day after a third party's period, seen from the first days of a case."""
    return on + timedelta(days=22)


class TestEveryCell:
    @pytest.mark.parametrize("verb", list(Verb))
    @pytest.mark.parametrize("stage", list(Stage))
    def test_leads_where_the_table_says_or_is_refused(self, stage: Stage, verb: Verb) -> None:
        afters = TABLE.get((stage, verb))
        if afters is None:
            state = at(stage)
            decision = decide(state, wish(COMMANDS[verb], date(2026, 12, 31), stage), law=law(), today=date(2027, 1, 1))
            again = (stage, verb) == (Stage.SUPPLEMENT_WAIT, Verb.NOTIFY_SUPPLEMENT)
            again = again or (stage, verb) == (Stage.CLOSED_NO_SUPPLEMENT, Verb.NOTIFY_SUPPLEMENT)
            codes = ["foi.state.not_possible", *(["foi.supplement.once"] if again else [])]
            assert [issue.code for issue in decision.issues] == codes
            assert decision.events == ()
            return
        state, on = prepared(verb, stage)
        assert state.stage is stage
        decision = decide(state, wish(COMMANDS[verb], on, stage), law=law(), today=date(2027, 1, 1))
        assert decision.allowed, decision.issues
        assert replay(decision.events, state).stage in afters

    def test_every_verb_has_a_rule_a_name_and_a_command(self) -> None:
        assert set(RULES) == set(VERB_NAMES) == set(COMMANDS) == set(Verb)
        assert set(STAGE_NAMES) == set(Stage)

    @pytest.mark.parametrize("stage", list(Stage))
    def test_every_stage_can_be_reached_and_left(self, stage: Stage) -> None:
        assert at(stage).stage is stage
        assert possible(stage)


class TestDocument:
    def test_draws_the_table_as_it_is(self) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")
        assert draw_table() in text
        assert draw_stages() in text

    def test_names_every_stage_and_word_of_a_case_file(self) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")
        words = [*Stage, *EVENTS, *HEAD, *OPTIONS, *EXPECTED]
        assert [word for word in words if f"`{word}`" not in text] == []
