"""What may be done with a work item, and what it becomes: one table of commands by state.

A work item goes from assigned over in progress and submitted to accepted and is then closed (销号). It may be
returned with a reason, canceled and reopened. Who submits may not accept or close; closing needs an acceptance by the
lead unit or the disclosure office, and evidence or a reason. ``decide`` answers with events or with every reason why
not; ``evolve`` applies an event. Nothing here knows a database or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.domain.issues import Issue


class State(StrEnum):
    """Where a work item stands, named by what has happened to it."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CLOSED = "closed"
    CANCELED = "canceled"
    REOPENED = "reopened"


STATE_NAMES: Mapping[State, str] = {
    State.ASSIGNED: "已交办",
    State.IN_PROGRESS: "办理中",
    State.SUBMITTED: "已报结",
    State.ACCEPTED: "已验收",
    State.RETURNED: "已退回",
    State.CLOSED: "已销号",
    State.CANCELED: "已取消",
    State.REOPENED: "已重启",
}


class Verb(StrEnum):
    """What somebody wants to do with a work item."""

    ASSIGN = "assign"
    SPLIT = "split"
    START = "start"
    REPORT = "report"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"
    CHANGE_DUE = "change_due"


VERB_NAMES: Mapping[Verb, str] = {
    Verb.ASSIGN: "确定责任单位",
    Verb.SPLIT: "分解",
    Verb.START: "开始办理",
    Verb.REPORT: "报告进展",
    Verb.SUBMIT: "报结",
    Verb.ACCEPT: "验收",
    Verb.RETURN: "退回",
    Verb.CLOSE: "销号",
    Verb.REOPEN: "重启",
    Verb.CANCEL: "取消",
    Verb.CHANGE_DUE: "调整时限",
}

_AT_WORK: Mapping[State, State] = {
    State.ASSIGNED: State.IN_PROGRESS,
    State.IN_PROGRESS: State.IN_PROGRESS,
    State.RETURNED: State.IN_PROGRESS,
    State.REOPENED: State.IN_PROGRESS,
}
_UNCHANGED_AT_WORK: Mapping[State, State] = {state: state for state in _AT_WORK}

# The table: for each verb the states it is possible in, and the state that follows. A cell that is missing is refused.
TABLE: Mapping[Verb, Mapping[State, State]] = {
    Verb.ASSIGN: _UNCHANGED_AT_WORK,
    Verb.SPLIT: _UNCHANGED_AT_WORK,
    Verb.START: dict.fromkeys((State.ASSIGNED, State.RETURNED, State.REOPENED), State.IN_PROGRESS),
    # A standing duty goes on after its first date has been accepted, so its progress is still reported then.
    Verb.REPORT: {**_AT_WORK, State.ACCEPTED: State.ACCEPTED},
    Verb.SUBMIT: dict.fromkeys(_AT_WORK, State.SUBMITTED),
    Verb.ACCEPT: {State.SUBMITTED: State.ACCEPTED},
    Verb.RETURN: dict.fromkeys((State.SUBMITTED, State.ACCEPTED), State.RETURNED),
    Verb.CLOSE: {State.ACCEPTED: State.CLOSED},
    Verb.REOPEN: dict.fromkeys((State.CLOSED, State.CANCELED), State.REOPENED),
    Verb.CANCEL: dict.fromkeys((*_AT_WORK, State.SUBMITTED, State.ACCEPTED), State.CANCELED),
    Verb.CHANGE_DUE: {s: s for s in (*_AT_WORK, State.SUBMITTED)},
}

NEEDS_REASON = frozenset({Verb.RETURN, Verb.REOPEN, Verb.CANCEL, Verb.CHANGE_DUE})
FINISHED = frozenset({State.ACCEPTED, State.CLOSED})
OPEN_STATES = frozenset(State) - {State.CLOSED, State.CANCELED}


@dataclass(frozen=True, slots=True)
class Command:
    """One wish: the verb, who wishes it (a person's id, None for the system), and the words that go with it.

    ``text`` is the progress or result reported; ``reason`` says why (return, reopen, cancel, change of date, closing
    without evidence).
    """

    verb: Verb
    by: int | None = None
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about a work item before a command can be decided.

    ``owned`` tells whether any lead or responsible unit is named; ``submitted_by`` and ``accepted_by`` are persons'
    ids; ``evidence`` counts the pieces of evidence that count; ``open_children`` names the split-off items that are
    not finished; ``short_checks`` names the recurring checks that are open or were not kept; ``standing`` is true
    for a duty without an end; ``parent_ended`` when the item it was split off from is closed or canceled.
    """

    owned: bool = True
    submitted_by: int | None = None
    accepted_by: int | None = None
    evidence: int = 0
    open_children: tuple[str, ...] = ()
    short_checks: tuple[str, ...] = ()
    standing: bool = False
    parent_ended: bool = False
    plan_active: bool = True


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: what was done and the state that followed."""

    verb: Verb
    before: State
    after: State
    by: int | None = None
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a command: events, or every reason why not; never both."""

    events: tuple[Happened, ...] = ()
    issues: tuple[Issue, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        """Tell whether the command was accepted."""
        return not self.issues


def possible(state: State) -> tuple[Verb, ...]:
    """Return the verbs that the table allows in ``state``, in the order of ``Verb``."""
    return tuple(verb for verb in Verb if state in TABLE[verb])


def decide(state: State, command: Command, facts: Facts) -> Decision:
    """Decide a command in a state: the event that follows, or all reasons against it."""
    issues: list[Issue] = []
    after = TABLE[command.verb].get(state)
    if after is None:
        issues.append(
            Issue("ledger.state.not_possible", values={"state": STATE_NAMES[state], "verb": VERB_NAMES[command.verb]})
        )
    if not facts.plan_active:
        issues.append(Issue("ledger.plan.not_active"))
    if command.verb in NEEDS_REASON and not command.reason.strip():
        issues.append(Issue("ledger.reason.missing", field="reason", values={"verb": VERB_NAMES[command.verb]}))
    issues.extend(_against(command, facts))
    if issues:
        return Decision(issues=tuple(issues))
    assert after is not None
    event = Happened(command.verb, state, after, command.by, command.text.strip(), command.reason.strip())
    return Decision(events=(event,))


def _against(command: Command, facts: Facts) -> list[Issue]:
    """Collect the reasons that come from the facts, whatever the state."""
    issues: list[Issue] = []
    verb = command.verb
    if verb in (Verb.START, Verb.SUBMIT) and not facts.owned:
        issues.append(Issue("ledger.owner.missing", field="units"))
    if verb in (Verb.REPORT, Verb.SUBMIT) and not command.text.strip():
        issues.append(Issue("ledger.text.missing", field="text", values={"verb": VERB_NAMES[verb]}))
    if verb in (Verb.ACCEPT, Verb.CLOSE) and command.by is not None and command.by == facts.submitted_by:
        issues.append(Issue("ledger.separation.submitter", values={"verb": VERB_NAMES[verb]}))
    if verb is Verb.REOPEN and facts.parent_ended:
        issues.append(Issue("ledger.parent.ended"))
    if verb in (Verb.SUBMIT, Verb.ACCEPT, Verb.CLOSE, Verb.CANCEL) and facts.open_children:
        issues.extend(Issue("ledger.children.open", values={"child": child}) for child in facts.open_children)
    if verb is Verb.CLOSE:
        issues.extend(_against_closing(command, facts))
    return issues


def _against_closing(command: Command, facts: Facts) -> list[Issue]:
    issues: list[Issue] = []
    if facts.accepted_by is None:
        issues.append(Issue("ledger.close.not_accepted"))
    if command.reason.strip():
        return issues  # a reason that is on record answers for what follows
    if not facts.evidence:
        issues.append(Issue("ledger.close.no_evidence", field="reason"))
    if facts.standing:
        issues.append(Issue("ledger.close.standing", field="reason"))
    issues.extend(Issue("ledger.close.check_short", field="reason", values={"check": c}) for c in facts.short_checks)
    return issues


def evolve(state: State, event: Happened) -> State:
    """Return the state after ``event``; raises ValueError when the event does not belong to ``state``."""
    if event.before is not state:
        raise ValueError(f"event {event.verb} was decided in {event.before}, not in {state}")
    return event.after
