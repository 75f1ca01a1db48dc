"""Doing something with a case: every step that ``domain.foi`` knows, by one road."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import STAGE_NAMES, CaseState
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue, Severity
from gongkai.features.foi import permissions
from gongkai.features.foi.events import CaseMoved
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.services.actions import CASE_ACTIONS
from gongkai.features.foi.services.delivery_rows import TELLING, deliveries_write
from gongkai.features.foi.services.papers import paper_add
from gongkai.features.foi.services.writing import case_entry, case_lock, day_of, events_add
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish

# Whoever drafted a reply does not judge it: neither its legality nor by signing it.
_SECOND_PERSON = frozenset({Verb.REVIEW_LEGALITY, Verb.SIGN})
# Their own services make what belongs to them (other cases and links, the decision about the fee, its proof, the note on the
# delivery of a letter) with the event.
OWN_ROAD = frozenset({Verb.SPLIT, Verb.MOVE, Verb.MERGE, Verb.NOTIFY_FEE, Verb.PAY_FEE, Verb.CORRECT_SERVICE})


def case_do(
    *, actor: Actor, application_id: int, command: Command, seen: int | None = None, now: datetime
) -> Application:
    """Do one thing with a case, or tell every reason why not; nothing is written then. What has a road of its own is refused.

    ``command.on`` is the day it happened; it may lie before today but not before what orders it. ``seen`` is the number of
    the last event that the actor had before the eyes: if somebody else was faster, that is told instead. Raises NotFound,
    NotPermitted, Refused.
    """
    with transaction.atomic():
        course = case_open(actor=actor, application_id=application_id, verb=command.verb, seen=seen)
        if command.verb in OWN_ROAD:
            raise Refused(Issue("foi.case.own_road", values={"what": VERB_NAMES[command.verb]}))
        _refuse(own_draft(actor, course, command.verb))
        application = step_write(course=course, actor=actor, command=command, now=now)
        if command.verb in TELLING:
            deliveries_write(actor=actor, steps=[(case_course(application=application), command)], now=now)
        return application


def case_steps(
    *,
    actor: Actor,
    application_id: int,
    commands: Sequence[Command],
    seen: int | None = None,
    upload: Any = None,
    paper_kind: str = "",
    now: datetime,
) -> tuple[Issue, ...]:
    """Do several things with a case one after the other, all or none, with the paper that came with them.

    Returns what wants a look although nothing was refused, each once. Raises NotFound, NotPermitted, Refused.
    """
    told: dict[str, Issue] = {}
    with transaction.atomic(), gathered():
        for number, command in enumerate(commands):
            course = case_lock(actor=actor, application_id=application_id)
            for issue in decide(course.state, command, law=course.law, today=day_of(now)).issues:
                if issue.severity is not Severity.ERROR:
                    told.setdefault(issue.code, issue)
            case_do(
                actor=actor,
                application_id=application_id,
                command=command,
                seen=seen if number == 0 else None,
                now=now,
            )
        if upload is not None:
            paper_add(actor=actor, application_id=application_id, kind=paper_kind, upload=upload, now=now)
    return tuple(told.values())


def case_open(*, actor: Actor, application_id: int, verb: Verb, seen: int | None = None) -> Course:
    """Lock a case for a step; raises NotFound, NotPermitted, Refused where somebody was faster. Inside a transaction only."""
    course = case_lock(actor=actor, application_id=application_id)
    if not permissions.can_do(actor, verb, course.application.unit_id):
        raise NotPermitted(ability=f"{VERB_NAMES[verb]}（公开申请 {course.application.register_no}）")
    _refuse(changed_meanwhile(course, seen))
    return course


def step_write(*, course: Course, actor: Actor, command: Command, now: datetime) -> Application:
    """Decide a command on a locked case and write what follows; raises Refused. Inside a transaction only."""
    decision = decide(course.state, command, law=course.law, today=day_of(now))
    if not decision.allowed:
        raise Refused(decision.issues)
    state = events_add(course=course, actor=actor, events=decision.events, now=now)
    record(actor=actor, now=now, **step_entry(course, command, decision.events, state))
    step_tell(course=course, actor=actor, verb=command.verb, state=state, now=now)
    return course.application


def step_entry(course: Course, command: Command, events: Sequence[Event], state: CaseState) -> dict[str, Any]:
    """Return the audit entry of a step that is written: ``course`` is the case before it, ``state`` after it."""
    before = course.state.stage
    words = "" if state.stage is before else f"，{STAGE_NAMES[before]} → {STAGE_NAMES[state.stage]}"
    return case_entry(
        course.application,
        CASE_ACTIONS[command.verb],
        f"{VERB_NAMES[command.verb]}（{command.on.isoformat()}）{words}",
        events=[type(event).__name__ for event in events],
        first=course.application.event_count - len(events) + 1,
    )


def step_tell(*, course: Course, actor: Actor, verb: Verb, state: CaseState, now: datetime) -> None:
    """Tell whoever listens that a case moved."""
    publish(
        CaseMoved(
            application_id=course.application.pk,
            verb=verb.value,
            before=course.state.stage.value,
            after=state.stage.value,
            actor_id=actor.user_id,
            at=now,
        )
    )


def case_after(*, course: Course, command: Command, now: datetime) -> tuple[CaseState | None, tuple[Issue, ...]]:
    """Say what a command would lead to, without doing it: the state after (None when refused) and everything to be told."""
    decision = decide(course.state, command, law=course.law, today=day_of(now))
    return (replay(decision.events, course.state) if decision.allowed else None), decision.issues


def changed_meanwhile(course: Course, seen: int | None) -> tuple[Issue, ...]:
    """Tell that somebody else was faster: the last event is not the one that the actor had before the eyes."""
    if seen is None or seen == course.application.event_count:
        return ()
    newest = course.rows[-1]
    values = {"by": newest.by_name, "at": f"{newest.at:%Y-%m-%d %H:%M}"}
    return (Issue("foi.case.changed_meanwhile", values=values),)


def own_draft(actor: Actor, course: Course, verb: Verb) -> tuple[Issue, ...]:
    """Tell that the actor drafted what is to be judged by somebody else."""
    if verb not in _SECOND_PERSON or actor.is_system:
        return ()
    drafts = [row for row in course.rows if row.kind == "Drafted"]
    if drafts and drafts[-1].by_id == actor.user_id:
        return (Issue("foi.case.own_draft", values={"what": VERB_NAMES[verb]}),)
    return ()


def _refuse(issues: tuple[Issue, ...]) -> None:
    if issues:
        raise Refused(issues)
