"""Doing something with a case: every step that ``domain.foi`` knows, by one road."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import STAGE_NAMES, CaseState
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.events import CaseMoved
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.services.actions import CASE_ACTIONS
from gongkai.features.foi.services.writing import audit_case, case_lock, day_of, events_add
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish

# Whoever drafted a reply does not judge it: neither its legality nor by signing it.
_SECOND_PERSON = frozenset({Verb.REVIEW_LEGALITY, Verb.SIGN})


def case_do(
    *, actor: Actor, application_id: int, command: Command, seen: int | None = None, now: datetime
) -> Application:
    """Do one thing with a case, or tell every reason why not; nothing is written then.

    ``command.on`` is the day it happened; it may lie before today but not before what orders it. ``seen`` is the number of
    the last event that the actor had before the eyes: if somebody else was faster, that is told instead. Raises NotFound,
    NotPermitted, Refused.
    """
    with transaction.atomic():
        course = case_lock(actor=actor, application_id=application_id)
        _require(actor, course, command.verb)
        _require_current(course, seen)
        _require_second_person(actor, course, command.verb)
        return step_write(course=course, actor=actor, command=command, now=now)


def step_write(*, course: Course, actor: Actor, command: Command, now: datetime) -> Application:
    """Decide a command on a locked case and write what follows; raises Refused. Inside a transaction only."""
    decision = decide(course.state, command, law=course.law, today=day_of(now))
    if not decision.allowed:
        raise Refused(decision.issues)
    before = course.state.stage
    state = events_add(course=course, actor=actor, events=decision.events, now=now)
    words = "" if state.stage is before else f"，{STAGE_NAMES[before]} → {STAGE_NAMES[state.stage]}"
    audit_case(
        application=course.application,
        actor=actor,
        action=CASE_ACTIONS[command.verb],
        summary=f"{VERB_NAMES[command.verb]}（{command.on.isoformat()}）{words}",
        events=[type(event).__name__ for event in decision.events],
        first=course.application.event_count - len(decision.events) + 1,
        now=now,
    )
    publish(
        CaseMoved(
            application_id=course.application.pk,
            verb=command.verb.value,
            before=before.value,
            after=state.stage.value,
            actor_id=actor.user_id,
            at=now,
        )
    )
    return course.application


def case_after(*, course: Course, command: Command, now: datetime) -> tuple[CaseState | None, tuple[Issue, ...]]:
    """Say what a command would lead to, without doing it: the state after (None when refused) and everything to be told."""
    decision = decide(course.state, command, law=course.law, today=day_of(now))
    return (replay(decision.events, course.state) if decision.allowed else None), decision.issues


def _require(actor: Actor, course: Course, verb: Verb) -> None:
    if not permissions.can_do(actor, verb, course.application.unit_id):
        raise NotPermitted(ability=f"{VERB_NAMES[verb]}（公开申请 {course.application.register_no}）")


def _require_current(course: Course, seen: int | None) -> None:
    if seen is not None and seen != course.application.event_count:
        newest = course.rows[-1]
        values = {"by": newest.by_name, "at": f"{newest.at:%Y-%m-%d %H:%M}"}
        raise Refused(Issue("foi.case.changed_meanwhile", values=values))


def _require_second_person(actor: Actor, course: Course, verb: Verb) -> None:
    if verb not in _SECOND_PERSON or actor.is_system:
        return
    drafts = [row for row in course.rows if row.kind == "Drafted"]
    if drafts and drafts[-1].by_id == actor.user_id:
        raise Refused(Issue("foi.case.own_draft", values={"what": VERB_NAMES[verb]}))
