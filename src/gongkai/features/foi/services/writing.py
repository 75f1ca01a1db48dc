"""What every step of a case has in common: locking, adding events, the columns that repeat them, the audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.domain.deadlines import State
from gongkai.domain.foi.event_data import event_to_data
from gongkai.domain.foi.events import Accepted, Drafted, Event
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.model import CaseState, Stage
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.services import remedy_rows
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.rounds import rounds_write, tells
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record

# Their own end counts for nothing here: they go on under other numbers.
_NO_RESULT = frozenset({Stage.SPLIT, Stage.MOVED, Stage.MERGED})
COLUMNS = (
    "stage",
    "event_count",
    "received_on",
    "due_on",
    "target_on",
    "provisional",
    "clock_state",
    "wait_due_on",
    "replied_on",
    "disposition",
    "closed_on",
    "changed_at",
    "handler_id",
)


def day_of(now: datetime) -> date:
    """Return the day of ``now`` where the office is."""
    return timezone.localdate(now)


def case_lock(*, actor: Actor, application_id: int) -> Course:
    """Load a case for writing; raises NotFound, also where the actor may not know of it. Inside a transaction only."""
    rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=application_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound()
    return case_course(application=found)


def events_add(*, course: Course, actor: Actor, events: Sequence[Event], now: datetime) -> CaseState:
    """Append events to a locked case and write the columns that repeat what they add up to; returns the state after."""
    rows, state = events_apply(course=course, actor=actor, events=events, now=now)
    CaseEvent.objects.bulk_create(rows)
    course.application.save(update_fields=COLUMNS)
    if tells(events):
        rounds_write([(course.application, state, course.law)])
    if remedy_rows.tells(events, state):
        remedy_rows.remedies_write(application=course.application, state=state, now=now)
    return state


def events_apply(
    *, course: Course, actor: Actor, events: Sequence[Event], now: datetime
) -> tuple[list[CaseEvent], CaseState]:
    """Return the rows of events and the state after, with the columns of the application set; the caller saves both.

    Who first works on a case handles it. After saving, the caller hands the cases to ``rounds.rounds_write``.
    """
    application = course.application
    if application.handler_id is None and any(isinstance(event, Accepted | Drafted) for event in events):
        application.handler_id = actor.user_id
    first = application.event_count + 1
    rows = [
        CaseEvent(
            application=application,
            number=number,
            kind=type(event).__name__,
            on=event.on,
            data=event_to_data(event),
            by_id=actor.user_id,
            by_name=actor.name[:150],
            at=now,
        )
        for number, event in enumerate(events, start=first)
    ]
    state = replay(events, course.state)
    application.event_count += len(events)
    columns_set(application=application, course=course, state=state, now=now)
    return rows, state


def columns_set(*, application: Application, course: Course, state: CaseState, now: datetime) -> None:
    """Repeat in the columns what a state amounts to on the day of ``now``; the caller saves."""
    after = Course(application, course.rows, course.events, state, course.law)
    clock = after.clock(today=day_of(now))
    reading, answer = clock.reply, state.answer
    waits = [wait.due_on for wait in clock.waits if wait.due_on is not None]
    if clock.receipt is not None and clock.receipt.confirm_due_on is not None:
        waits.append(clock.receipt.confirm_due_on)
    application.stage = state.stage.value
    application.received_on = state.received_on
    application.due_on = reading.due_on if reading else None
    application.target_on = reading.target_on if reading else None
    application.provisional = bool(reading and reading.provisional)
    application.clock_state = reading.state.value if reading else State.NOT_STARTED.value
    application.wait_due_on = min(waits, default=None)
    application.replied_on = answer.replied_on if answer else None
    application.disposition = "" if state.stage in _NO_RESULT else state.disposition
    application.closed_on = state.closed_on
    application.changed_at = now


def audit_case(
    *, application: Application, actor: Actor, action: str, summary: str, now: datetime, **details: Any
) -> None:
    """Add an audit entry about a case, without anything about the applicant or what was asked; call it last."""
    record(actor=actor, now=now, **case_entry(application, action, summary, **details))


def case_entry(application: Application, action: str, summary: str, **details: Any) -> dict[str, Any]:
    """Return an audit entry about a case, as ``record`` and ``record_many`` take it."""
    return {
        "action": action,
        "target_type": CASE,
        "target_id": application.pk,
        "summary": f"{application.register_no} {summary}",
        "unit_id": application.unit_id,
        "details": details,
    }
