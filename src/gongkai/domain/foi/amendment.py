"""Amendment of one's own record (更正本人信息), 政府信息公开条例 art. 41: a small machine of its own.

It is no application for disclosure: it stands in no row of the annual report's table three, and the law sets no period for
it. The applicant shows with evidence that a record about them is wrong; the organ amends it, hands the request to the organ
that may, or tells the applicant to go there, or refuses with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from gongkai.domain.deadlines import ClockRule, Fact, Reading, read_clock
from gongkai.domain.foi.intake import Person, Request, check_application
from gongkai.domain.foi.model import Delivery, Law
from gongkai.domain.foi.wishes import Form
from gongkai.domain.issues import Issue

RULE = "foi.amendment"


class AmendmentStage(StrEnum):
    """Where a request for amendment stands."""

    NEW = "new"
    RECEIVED = "received"
    EVIDENCE_WAIT = "evidence_wait"
    CHECKING = "checking"
    DECIDED = "decided"
    TOLD = "told"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


AMENDMENT_STAGE_NAMES: Mapping[AmendmentStage, str] = {
    AmendmentStage.NEW: "未提出",
    AmendmentStage.RECEIVED: "已收到",
    AmendmentStage.EVIDENCE_WAIT: "等待补充证据",
    AmendmentStage.CHECKING: "核实中",
    AmendmentStage.DECIDED: "已决定",
    AmendmentStage.TOLD: "已告知",
    AmendmentStage.ARCHIVED: "已归档",
    AmendmentStage.WITHDRAWN: "已撤回",
}


class AmendmentVerb(StrEnum):
    """What can be done with it."""

    RECEIVE = "receive"
    ASK_EVIDENCE = "ask_evidence"
    RECEIVE_EVIDENCE = "receive_evidence"
    CHECK = "check"
    DECIDE = "decide"
    TELL = "tell"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"


AMENDMENT_VERB_NAMES: Mapping[AmendmentVerb, str] = {
    AmendmentVerb.RECEIVE: "收到更正申请",
    AmendmentVerb.ASK_EVIDENCE: "要求补充证据",
    AmendmentVerb.RECEIVE_EVIDENCE: "收到证据",
    AmendmentVerb.CHECK: "核实",
    AmendmentVerb.DECIDE: "作出处理",
    AmendmentVerb.TELL: "告知申请人",
    AmendmentVerb.WITHDRAW: "申请人撤回",
    AmendmentVerb.ARCHIVE: "归档",
}


class AmendmentOutcome(StrEnum):
    """How it was dealt with (art. 41): amended, handed over, told where to go, or refused."""

    AMENDED = "amended"
    TRANSFERRED = "transferred"
    DIRECTED = "directed"
    REFUSED = "refused"


AMENDMENT_OUTCOME_NAMES: Mapping[AmendmentOutcome, str] = {
    AmendmentOutcome.AMENDED: "予以更正",
    AmendmentOutcome.TRANSFERRED: "转送有权更正的行政机关",
    AmendmentOutcome.DIRECTED: "告知向有权更正的行政机关提出",
    AmendmentOutcome.REFUSED: "不予更正",
}

_S, _V = AmendmentStage, AmendmentVerb
AMENDMENT_TABLE: Mapping[tuple[AmendmentStage, AmendmentVerb], AmendmentStage] = {
    (_S.NEW, _V.RECEIVE): _S.RECEIVED,
    (_S.RECEIVED, _V.ASK_EVIDENCE): _S.EVIDENCE_WAIT,
    (_S.CHECKING, _V.ASK_EVIDENCE): _S.EVIDENCE_WAIT,
    (_S.EVIDENCE_WAIT, _V.RECEIVE_EVIDENCE): _S.CHECKING,
    (_S.RECEIVED, _V.CHECK): _S.CHECKING,
    (_S.EVIDENCE_WAIT, _V.CHECK): _S.CHECKING,
    (_S.CHECKING, _V.DECIDE): _S.DECIDED,
    (_S.DECIDED, _V.TELL): _S.TOLD,
    (_S.RECEIVED, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.EVIDENCE_WAIT, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.CHECKING, _V.WITHDRAW): _S.WITHDRAWN,
    (_S.TOLD, _V.ARCHIVE): _S.ARCHIVED,
    (_S.WITHDRAWN, _V.ARCHIVE): _S.ARCHIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentCommand:
    """One wish, with the day it happened.

    ``text`` is what the record says wrongly (receive), what is asked for or was handed in (evidence), or the reason
    (decide, withdraw). ``evidence`` tells whether a file of the proof came with it. ``organ`` is the one that may amend.
    """

    verb: AmendmentVerb
    on: date
    by: str = ""
    text: str = ""
    evidence: bool = False
    outcome: AmendmentOutcome | None = None
    organ: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentHappened:
    """An event: the command that was accepted, and the stages before and after it."""

    command: AmendmentCommand
    before: AmendmentStage
    after: AmendmentStage


@dataclass(frozen=True, slots=True)
class AmendmentState:
    """What the events of one request add up to."""

    stage: AmendmentStage = AmendmentStage.NEW
    received_on: date | None = None
    evidence: bool = False
    outcome: AmendmentOutcome | None = None
    organ: str = ""
    decided_on: date | None = None
    told_on: date | None = None
    latest: tuple[str, date] | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentDecision:
    """The answer to a command: the event that follows, or every reason why not."""

    event: AmendmentHappened | None = None
    issues: tuple[Issue, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        """Tell whether the command was accepted."""
        return not self.issues


def decide_amendment(state: AmendmentState, command: AmendmentCommand, *, today: date) -> AmendmentDecision:
    """Decide a command as seen from ``today``: the event, or all reasons against it."""
    what, verb = AMENDMENT_VERB_NAMES[command.verb], command.verb
    issues: list[Issue] = []
    after = AMENDMENT_TABLE.get((state.stage, verb))
    if after is None:
        choices = [AMENDMENT_VERB_NAMES[one] for one in AmendmentVerb if (state.stage, one) in AMENDMENT_TABLE]
        values = {"what": what, "stage": AMENDMENT_STAGE_NAMES[state.stage], "choices": "、".join(choices) or "没有"}
        issues.append(Issue("foi.state.not_possible", values=values))
    if command.on > today:
        issues.append(Issue("foi.day.future", "on", {"what": what, "on": command.on, "today": today}))
    if state.latest is not None and command.on < state.latest[1]:
        label, day = state.latest
        values_before = {"what": what, "on": command.on, "before": label, "before_on": day}
        issues.append(Issue("foi.day.before", "on", values_before))
    if after is not None:
        issues.extend(_against(state, command))
    if issues or after is None:
        return AmendmentDecision(issues=tuple(issues))
    return AmendmentDecision(AmendmentHappened(command=command, before=state.stage, after=after))


def _against(state: AmendmentState, command: AmendmentCommand) -> Iterable[Issue]:
    verb = command.verb
    if verb in (AmendmentVerb.RECEIVE, AmendmentVerb.ASK_EVIDENCE, AmendmentVerb.WITHDRAW) and not command.text.strip():
        yield Issue("foi.amendment.text", "text", {"what": AMENDMENT_VERB_NAMES[verb]})
    if verb is AmendmentVerb.RECEIVE_EVIDENCE and not (command.evidence or command.text.strip()):
        yield Issue("foi.amendment.nothing_received", "text")
    if verb is not AmendmentVerb.DECIDE:
        return
    if command.outcome is None:
        yield Issue("foi.amendment.outcome", "outcome")
        return
    elsewhere = command.outcome in (AmendmentOutcome.TRANSFERRED, AmendmentOutcome.DIRECTED)
    if elsewhere and not command.organ.strip():
        yield Issue("foi.amendment.organ", "organ", {"outcome": AMENDMENT_OUTCOME_NAMES[command.outcome]})
    if command.outcome is AmendmentOutcome.REFUSED and not command.text.strip():
        yield Issue("foi.reason.missing", "text")
    if command.outcome is AmendmentOutcome.AMENDED and not state.evidence:
        yield Issue("foi.amendment.no_evidence", "outcome")


def evolve_amendment(state: AmendmentState, event: AmendmentHappened) -> AmendmentState:
    """Return the state after ``event``; raises ValueError when the event does not belong to ``state``."""
    if event.before is not state.stage:
        raise ValueError(f"event was decided in {event.before}, not in {state.stage}")
    command = event.command
    after = replace(state, stage=event.after, latest=(AMENDMENT_VERB_NAMES[command.verb], command.on))
    match command.verb:
        case AmendmentVerb.RECEIVE:
            begun = (Fact("received", command.on),)
            return replace(after, received_on=command.on, evidence=command.evidence, facts=begun)
        case AmendmentVerb.RECEIVE_EVIDENCE:
            return replace(after, evidence=True)
        case AmendmentVerb.DECIDE:
            facts = (*state.facts, Fact("replied", command.on))
            organ = command.organ.strip()
            return replace(after, outcome=command.outcome, organ=organ, decided_on=command.on, facts=facts)
        case AmendmentVerb.TELL:
            return replace(after, told_on=command.on)
    return after


def replay_amendment(events: Iterable[AmendmentHappened]) -> AmendmentState:
    """Return what the events add up to."""
    state = AmendmentState()
    for event in events:
        state = evolve_amendment(state, event)
    return state


def read_amendment(state: AmendmentState, law: Law, *, today: date) -> Reading | None:
    """Read its configured period (the law has none); None before it is received or without a rule."""
    rule: ClockRule | None = law.rules.get(RULE)
    return read_clock(rule, state.facts, law.calendar, today=today) if rule is not None and state.facts else None


LONGEST_RECORD, LONGEST_TEXT = 200, 2000
"""Characters; a technical bound, the law knows none."""


def check_amendment(person: Person, *, record: str, wrong: str, wanted: str, proven: bool) -> tuple[Issue, ...]:
    """Return everything that is missing from a request, field by field; ``proven`` tells that identity was shown.

    Only the own record can be amended (art. 41), so who asks has to be known as for an application.
    """
    asked = Request(subject=record, description=wrong, wanted_form=Form.PAPER, wanted_delivery=Delivery.IN_PERSON)
    issues = [one for one in check_application(person, asked, proven=proven) if one.field not in _ASKED]
    for name, text, most in (
        ("record", record, LONGEST_RECORD),
        ("wrong", wrong, LONGEST_TEXT),
        ("wanted", wanted, LONGEST_TEXT),
    ):
        if not text.strip():
            issues.append(Issue(f"foi.amendment.{name}", name))
        elif len(text) > most:
            issues.append(Issue("foi.intake.too_long", name, {"most": most, "count": len(text)}))
    return tuple(issues)


_ASKED = frozenset({"subject", "description"})


def amendment_to_data(command: AmendmentCommand) -> dict[str, Any]:
    """Return an accepted step as plain values, for whoever stores it."""
    return {
        "verb": command.verb.value,
        "on": command.on.isoformat(),
        "by": command.by,
        "text": command.text,
        "evidence": command.evidence,
        "outcome": command.outcome.value if command.outcome is not None else "",
        "organ": command.organ,
    }


def amendment_from_data(steps: Iterable[Mapping[str, Any]]) -> AmendmentState:
    """Add up steps kept by ``amendment_to_data``; raises KeyError or ValueError for anything else."""
    state = AmendmentState()
    for data in steps:
        command = AmendmentCommand(
            verb=AmendmentVerb(data["verb"]),
            on=date.fromisoformat(data["on"]),
            by=data["by"],
            text=data["text"],
            evidence=data["evidence"],
            outcome=AmendmentOutcome(data["outcome"]) if data["outcome"] else None,
            organ=data["organ"],
        )
        after = AMENDMENT_TABLE[state.stage, command.verb]
        state = evolve_amendment(state, AmendmentHappened(command=command, before=state.stage, after=after))
    return state
