"""What an organ must do in a reconsideration or suit against its reply (复议答复、应诉举证), pure.

Filing and outcome are events of the case itself (``commands.FileRemedy``, ``DecideRemedy``). Between the two lie the dated
steps here: the copy is received, the answer goes out with its evidence, hearings are set, the decision comes in with what
it orders, and that is done. ``decide_defense`` answers a step with all reasons against it, ``evolve_defense`` adds it up;
due days are read from the facts, never kept without them. Implements 行政复议法 arts. 48, 53, 54 and 行政诉讼法 art. 67; the
numbers come from the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockRule, Fact, Reading, Unit, read_clock
from gongkai.domain.foi.model import REMEDY_NAMES, RemedyKind
from gongkai.domain.issues import Issue


class Procedure(StrEnum):
    """By which procedure it is heard; cases of disclosure may be heard in the summary one."""

    ORDINARY = "ordinary"
    SIMPLE = "simple"


PROCEDURE_NAMES: Mapping[Procedure, str] = {Procedure.ORDINARY: "普通程序", Procedure.SIMPLE: "简易程序"}
# The clock of the organ's answer and evidence.
ANSWER_RULES: Mapping[tuple[bool, Procedure], str] = {
    (True, Procedure.ORDINARY): "remedies.defense",
    (True, Procedure.SIMPLE): "remedies.defense_simple",
    (False, Procedure.ORDINARY): "remedies.court_defense",
    (False, Procedure.SIMPLE): "remedies.court_defense_simple",
}
REDO_RULE = "remedies.redo"


class DefenseVerb(StrEnum):
    """What can be recorded of a reconsideration or suit."""

    NOTIFY = "notify"
    CHANGE_PROCEDURE = "change_procedure"
    ANSWER = "answer"
    SET_HEARING = "set_hearing"
    RECEIVE_DECISION = "receive_decision"
    REDO = "redo"


DEFENSE_VERB_NAMES: Mapping[DefenseVerb, str] = {
    DefenseVerb.NOTIFY: "收到答复（应诉）通知和副本",
    DefenseVerb.CHANGE_PROCEDURE: "变更审理程序",
    DefenseVerb.ANSWER: "提交答复（答辩）和证据",
    DefenseVerb.SET_HEARING: "登记听证、开庭日期",
    DefenseVerb.RECEIVE_DECISION: "收到决定书、判决书",
    DefenseVerb.REDO: "已按决定、判决履行",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefenseCommand:
    """One step with the day it happened.

    ``organ`` is the body of review or court, ``days`` a period that it sets itself (for the answer, or for what its
    decision orders, in working days or calendar days), ``hearing_on`` and ``place`` tell where to appear, ``redo`` whether
    something must be done after the decision, ``text`` what. ``papers`` are the numbers of the papers handed in.
    """

    verb: DefenseVerb
    on: date
    by: str = ""
    organ: str = ""
    procedure: Procedure | None = None
    days: int | None = None
    working_days: bool = True
    hearing_on: date | None = None
    place: str = ""
    redo: bool = False
    text: str = ""
    papers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """A day to appear."""

    on: date
    place: str
    told_on: date


@dataclass(frozen=True, slots=True)
class DefenseState:
    """What the steps of one reconsideration or suit add up to. ``answer_days`` and ``redo_days`` are set case by case."""

    kind: RemedyKind
    filed_on: date
    organ: str = ""
    procedure: Procedure = Procedure.ORDINARY
    notified_on: date | None = None
    answer_days: int | None = None
    answered_on: date | None = None
    papers: tuple[int, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    decision_received_on: date | None = None
    redo: bool = False
    redo_days: int | None = None
    redo_working_days: bool = True
    order: str = ""
    redone_on: date | None = None
    latest: tuple[str, date] | None = None

    @property
    def reviewed(self) -> bool:
        """Tell whether it is a reconsideration (otherwise a suit)."""
        return self.kind is RemedyKind.RECONSIDERATION

    def next_hearing(self, today: date) -> Hearing | None:
        """Return the next day to appear, else the last one that was, else None."""
        coming = [one for one in self.hearings if one.on >= today]
        return min(coming, key=lambda one: one.on) if coming else max(self.hearings, key=lambda o: o.on, default=None)


@dataclass(frozen=True, slots=True)
class DefenseDecision:
    """The answer to a step: every reason against it, or none."""

    issues: tuple[Issue, ...] = ()

    @property
    def allowed(self) -> bool:
        """Tell whether the step was accepted."""
        return not self.issues


MOST_DAYS = 366


def possible_steps(state: DefenseState) -> tuple[DefenseVerb, ...]:
    """Return what can be recorded as things stand."""
    return tuple(verb for verb in DefenseVerb if _not_possible(state, verb) is None)


def decide_defense(state: DefenseState, command: DefenseCommand, *, today: date) -> DefenseDecision:
    """Decide a step as seen from ``today``: all reasons against it at once."""
    what = DEFENSE_VERB_NAMES[command.verb]
    issues = [*_days_of(state, command, today), *_against(state, command)]
    missing = _not_possible(state, command.verb)
    if missing is not None:
        issues.insert(0, Issue(missing, values={"what": what, "kind": REMEDY_NAMES[state.kind]}))
    return DefenseDecision(tuple(issues))


def _not_possible(state: DefenseState, verb: DefenseVerb) -> str | None:
    """The code of what keeps a step from being recorded at all."""
    match verb:
        case DefenseVerb.NOTIFY if state.notified_on is not None:
            return "foi.defense.notified"
        case DefenseVerb.CHANGE_PROCEDURE | DefenseVerb.ANSWER if state.notified_on is None:
            return "foi.defense.not_notified"
        case DefenseVerb.CHANGE_PROCEDURE | DefenseVerb.ANSWER if state.answered_on is not None:
            return "foi.defense.answered"
        case DefenseVerb.RECEIVE_DECISION if state.decision_received_on is not None:
            return "foi.defense.decided"
        case DefenseVerb.REDO if not state.redo:
            return "foi.defense.nothing_ordered"
        case DefenseVerb.REDO if state.redone_on is not None:
            return "foi.defense.redone"
    return None


def _days_of(state: DefenseState, command: DefenseCommand, today: date) -> Iterator[Issue]:
    """Nothing lies in the future or before what it follows."""
    what = DEFENSE_VERB_NAMES[command.verb]
    if command.on > today:
        yield Issue("foi.day.future", "on", {"what": what, "on": command.on, "today": today})
    label, day = state.latest or (f"提起{REMEDY_NAMES[state.kind]}", state.filed_on)
    if command.on < day:
        yield Issue("foi.day.before", "on", {"what": what, "on": command.on, "before": label, "before_on": day})


def _against(state: DefenseState, command: DefenseCommand) -> Iterator[Issue]:
    what = DEFENSE_VERB_NAMES[command.verb]
    if command.verb is DefenseVerb.NOTIFY and not command.organ.strip():
        yield Issue("foi.defense.organ", "organ")
    if command.verb is DefenseVerb.CHANGE_PROCEDURE and command.procedure in (None, state.procedure):
        yield Issue("foi.defense.same_procedure", "procedure", {"procedure": PROCEDURE_NAMES[state.procedure]})
    if command.verb is DefenseVerb.SET_HEARING:
        if command.hearing_on is None:
            yield Issue("foi.defense.hearing", "hearing_on")
        elif command.hearing_on < command.on:
            values = {"what": what, "on": command.hearing_on, "before": "收到通知", "before_on": command.on}
            yield Issue("foi.day.before", "hearing_on", values)
    if command.verb is DefenseVerb.RECEIVE_DECISION and command.redo and not command.text.strip():
        yield Issue("foi.defense.order", "text")
    if command.verb is DefenseVerb.REDO and not command.text.strip():
        yield Issue("foi.defense.done_how", "text")
    if command.days is not None and not 0 < command.days <= MOST_DAYS:
        yield Issue("foi.days.wrong", "days", {"what": what, "days": command.days, "most": MOST_DAYS})


def evolve_defense(state: DefenseState, command: DefenseCommand) -> DefenseState:
    """Return the state after an accepted step."""
    after = replace(state, latest=(DEFENSE_VERB_NAMES[command.verb], command.on))
    match command.verb:
        case DefenseVerb.NOTIFY:
            return replace(
                after,
                organ=command.organ.strip(),
                procedure=command.procedure or Procedure.ORDINARY,
                notified_on=command.on,
                answer_days=command.days,
            )
        case DefenseVerb.CHANGE_PROCEDURE:
            return replace(after, procedure=command.procedure or after.procedure, answer_days=command.days)
        case DefenseVerb.ANSWER:
            return replace(after, answered_on=command.on, papers=command.papers)
        case DefenseVerb.SET_HEARING:
            assert command.hearing_on is not None
            hearing = Hearing(command.hearing_on, command.place.strip(), command.on)
            return replace(after, hearings=(*after.hearings, hearing))
        case DefenseVerb.RECEIVE_DECISION:
            return replace(
                after,
                decision_received_on=command.on,
                redo=command.redo,
                redo_days=command.days if command.redo else None,
                redo_working_days=command.working_days,
                order=command.text.strip(),
            )
        case DefenseVerb.REDO:
            return replace(after, redone_on=command.on)


def replay_defense(state: DefenseState, commands: Iterable[DefenseCommand]) -> DefenseState:
    """Return what the steps add up to from a filed remedy."""
    for command in commands:
        state = evolve_defense(state, command)
    return state


def answer_rule_id(state: DefenseState) -> str:
    """Name the clock rule of the organ's answer and evidence."""
    return ANSWER_RULES[state.reviewed, state.procedure]


def read_answer(state: DefenseState, rule: ClockRule, calendar: Calendar, *, today: date) -> Reading | None:
    """Read the period for the answer and the evidence; None until the copy is received."""
    if state.notified_on is None:
        return None
    facts = [Fact("copy_received", state.notified_on, state.answer_days if rule.limit is None else None)]
    if state.answered_on is not None:
        facts.append(Fact("submitted", state.answered_on))
    return read_clock(rule, facts, calendar, today=today)


def read_redo(state: DefenseState, rule: ClockRule, calendar: Calendar, *, today: date) -> Reading | None:
    """Read the period for what the decision orders, from the day it came in; None where it orders nothing."""
    if not state.redo or state.decision_received_on is None:
        return None
    if state.redo_days is not None and not state.redo_working_days:
        rule = replace(rule, unit=Unit.CALENDAR_DAY)
    facts = [Fact("decision_received", state.decision_received_on, state.redo_days)]
    if state.redone_on is not None:
        facts.append(Fact("done", state.redone_on))
    return read_clock(rule, facts, calendar, today=today)


def defense_to_data(command: DefenseCommand) -> dict[str, Any]:
    """Return a step as plain values, for whoever stores it; what is not said is left out."""
    data: dict[str, Any] = {"verb": command.verb.value, "on": command.on.isoformat(), "by": command.by}
    for name in ("organ", "days", "place", "redo", "text"):
        if getattr(command, name):
            data[name] = getattr(command, name)
    if command.procedure is not None:
        data["procedure"] = command.procedure.value
    if command.hearing_on is not None:
        data["hearing_on"] = command.hearing_on.isoformat()
    if not command.working_days:
        data["working_days"] = False
    if command.papers:
        data["papers"] = list(command.papers)
    return data


def defense_from_data(data: Mapping[str, Any]) -> DefenseCommand:
    """Rebuild a step from ``defense_to_data``; raises KeyError or ValueError for anything else."""
    return DefenseCommand(
        verb=DefenseVerb(data["verb"]),
        on=date.fromisoformat(data["on"]),
        by=data.get("by", ""),
        organ=data.get("organ", ""),
        procedure=Procedure(data["procedure"]) if data.get("procedure") else None,
        days=data.get("days"),
        working_days=data.get("working_days", True),
        hearing_on=date.fromisoformat(data["hearing_on"]) if data.get("hearing_on") else None,
        place=data.get("place", ""),
        redo=data.get("redo", False),
        text=data.get("text", ""),
        papers=tuple(data.get("papers", ())),
    )
