"""What may be done with an item, and what it becomes: one table of commands by state.

The state tells about the working revision only. Whether something is before the public is asked of publications: an
item that is edited again after publication is drafted, reviewed and approved once more while the public goes on reading
what was published. ``decide`` answers with the event that follows or with every reason why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.domain.issues import Issue


class State(StrEnum):
    """Where the working revision of an item stands."""

    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ON_FILE = "on_file"
    ARCHIVED = "archived"
    DISCARDED = "discarded"


STATE_NAMES: Mapping[State, str] = {
    State.DRAFTING: "拟稿",
    State.IN_REVIEW: "审核中",
    State.RETURNED: "退回修改",
    State.APPROVED: "审核通过",
    State.SCHEDULED: "定时待发",
    State.PUBLISHED: "已发布",
    State.WITHDRAWN: "已撤下",
    State.ON_FILE: "审定存档",
    State.ARCHIVED: "已归档",
    State.DISCARDED: "已作废",
}


class Verb(StrEnum):
    """What somebody (or the review) wants to do with an item."""

    SAVE = "save"
    REVISE = "revise"
    DECIDE_ATTRIBUTE = "decide_attribute"
    CIRCULATE = "circulate"
    RETURN = "return"
    APPROVE = "approve"
    PUT_ON_FILE = "put_on_file"
    VOID = "void"
    RECALL = "recall"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    ABANDON = "abandon"
    ARCHIVE = "archive"
    DISCARD = "discard"
    REOPEN = "reopen"


VERB_NAMES: Mapping[Verb, str] = {
    Verb.SAVE: "保存修改",
    Verb.REVISE: "修订",
    Verb.DECIDE_ATTRIBUTE: "确定公开属性",
    Verb.CIRCULATE: "送审",
    Verb.RETURN: "退回",
    Verb.APPROVE: "审核通过",
    Verb.PUT_ON_FILE: "审定存档",
    Verb.VOID: "作废签批",
    Verb.RECALL: "撤回送审",
    Verb.SCHEDULE: "定时发布",
    Verb.UNSCHEDULE: "取消定时",
    Verb.PUBLISH: "发布",
    Verb.WITHDRAW: "撤下",
    Verb.ABANDON: "放弃修订",
    Verb.ARCHIVE: "归档",
    Verb.DISCARD: "作废",
    Verb.REOPEN: "重新启用",
}

_AT_WORK = (State.DRAFTING, State.RETURNED)
_REVIEWED = (State.IN_REVIEW, State.APPROVED)
_ENDED = (State.PUBLISHED, State.WITHDRAWN, State.ON_FILE)

# The table: for each verb the states it is possible in, and the state that follows. A cell that is missing is refused.
TABLE: Mapping[Verb, Mapping[State, State]] = {
    # Whatever is saved under review or after it voids what was signed, so the round begins again.
    Verb.SAVE: {**{state: state for state in _AT_WORK}, **dict.fromkeys(_REVIEWED, State.DRAFTING)},
    # A new round on an item that has come to an end; what is before the public stays there meanwhile.
    Verb.REVISE: dict.fromkeys(_ENDED, State.DRAFTING),
    Verb.DECIDE_ATTRIBUTE: {
        **{state: state for state in _AT_WORK},
        **dict.fromkeys((*_REVIEWED, *_ENDED), State.DRAFTING),
    },
    Verb.CIRCULATE: dict.fromkeys(_AT_WORK, State.IN_REVIEW),
    Verb.RETURN: dict.fromkeys(_REVIEWED, State.RETURNED),
    Verb.APPROVE: {State.IN_REVIEW: State.APPROVED},
    Verb.PUT_ON_FILE: {State.IN_REVIEW: State.ON_FILE},
    Verb.VOID: dict.fromkeys((*_REVIEWED, State.SCHEDULED), State.DRAFTING),
    Verb.RECALL: dict.fromkeys(_REVIEWED, State.DRAFTING),
    Verb.SCHEDULE: {State.APPROVED: State.SCHEDULED},
    Verb.UNSCHEDULE: {State.SCHEDULED: State.APPROVED},
    Verb.PUBLISH: dict.fromkeys((State.APPROVED, State.SCHEDULED), State.PUBLISHED),
    # Taking a publication down does not touch a revision that is being worked on.
    Verb.WITHDRAW: {
        State.PUBLISHED: State.WITHDRAWN,
        **{state: state for state in (*_AT_WORK, *_REVIEWED, State.SCHEDULED)},
    },
    # Back to what is before the public; the domain asks whether there is something.
    Verb.ABANDON: dict.fromkeys(_AT_WORK, State.PUBLISHED),
    Verb.ARCHIVE: dict.fromkeys(_ENDED, State.ARCHIVED),
    Verb.DISCARD: dict.fromkeys(_AT_WORK, State.DISCARDED),
    Verb.REOPEN: dict.fromkeys((State.ARCHIVED, State.DISCARDED), State.DRAFTING),
}

NEEDS_REASON = frozenset({Verb.RETURN, Verb.RECALL, Verb.WITHDRAW, Verb.DISCARD, Verb.REOPEN})
OPEN_STATES = frozenset({State.DRAFTING, State.IN_REVIEW, State.RETURNED, State.APPROVED, State.SCHEDULED})
PROACTIVE = "proactive"


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about an item before a command can be decided.

    ``attribute`` and ``grounds`` are what was decided (empty before); ``public`` tells whether a publication is before
    the public now, ``ever_public`` whether one ever was; ``saved`` whether there is a revision at all.
    """

    attribute: str = ""
    grounds: tuple[str, ...] = ()
    public: bool = False
    ever_public: bool = False
    saved: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a command: the state that follows, or every reason why not."""

    before: State
    verb: Verb
    after: State | None = None
    issues: tuple[Issue, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        """Tell whether the command was accepted."""
        return not self.issues


def possible(state: State) -> tuple[Verb, ...]:
    """Return the verbs that the table allows in ``state``, in the order of ``Verb``."""
    return tuple(verb for verb in Verb if state in TABLE[verb])


def saving_verb(state: State) -> Verb:
    """Return which verb a changed content is saved under: a new round after the end, a plain save before it."""
    return Verb.REVISE if state in TABLE[Verb.REVISE] else Verb.SAVE


def decide(state: State, verb: Verb, facts: Facts, *, reason: str = "") -> Decision:
    """Decide a command in a state: the state that follows, or all reasons against it."""
    after = TABLE[verb].get(state)
    issues: list[Issue] = []
    if after is None:
        values = {"state": STATE_NAMES[state], "verb": VERB_NAMES[verb]}
        issues.append(Issue("disclosure.state.not_possible", values=values))
    if verb in NEEDS_REASON and not reason.strip():
        issues.append(Issue("disclosure.reason.missing", field="reason", values={"verb": VERB_NAMES[verb]}))
    issues.extend(_against(verb, facts))
    return Decision(state, verb, None if issues else after, tuple(issues))


def _against(verb: Verb, facts: Facts) -> list[Issue]:
    """Collect the reasons that come from the facts, whatever the state."""
    issues: list[Issue] = []
    if verb is Verb.CIRCULATE and not (facts.attribute and facts.grounds):
        issues.append(Issue("disclosure.circulate.attribute_first", field="attribute"))
    if verb is Verb.CIRCULATE and not facts.saved:
        issues.append(Issue("disclosure.circulate.nothing_saved"))
    if verb in (Verb.APPROVE, Verb.SCHEDULE, Verb.PUBLISH) and facts.attribute != PROACTIVE:
        issues.append(Issue("disclosure.publish.not_proactive", field="attribute"))
    if verb is Verb.PUT_ON_FILE and facts.attribute == PROACTIVE:
        issues.append(Issue("disclosure.on_file.proactive", field="attribute"))
    if verb in (Verb.WITHDRAW, Verb.ABANDON) and not facts.public:
        issues.append(Issue("disclosure.state.nothing_public", values={"verb": VERB_NAMES[verb]}))
    if verb is Verb.ARCHIVE and facts.public:
        issues.append(Issue("disclosure.archive.still_public"))
    if verb is Verb.DISCARD and facts.ever_public:
        issues.append(Issue("disclosure.discard.was_public"))
    return issues
