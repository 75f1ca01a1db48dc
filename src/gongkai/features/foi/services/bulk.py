"""Steps for many cases at once: each case decided by itself, with its own law, events and audit entry, written together.

However many cases there are, the number of statements is the same; see ``steps_write``. The law is that of ``case_do``: the
same judgment (``step_judge``), events, columns, rounds and entries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Model, QuerySet

from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.machine import Decision, decide
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.course import Course, courses_of
from gongkai.features.foi.services import remedy_rows
from gongkai.features.foi.services.commands import changed_meanwhile, own_draft, step_entry, step_tell
from gongkai.features.foi.services.delivery_rows import deliveries_write
from gongkai.features.foi.services.rounds import rounds_write, tells
from gongkai.features.foi.services.writing import COLUMNS, events_apply
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many

# What a step reads of an application besides what it asks for; opening what is sealed would cost more than all the rest.
_LEFT_OUT = ("query_code", "query_digest", "subject", "doc_no", "description")


@dataclass(frozen=True)
class Judged:
    """A case, what is to be done with it, and what the law says to that."""

    course: Course
    command: Command
    decision: Decision


def cases_lock(*, unit_id: int, application_ids: Collection[int], words: bool = False) -> dict[int, Course]:
    """Load cases of a unit for writing, always in the order of their ids; inside a transaction only.

    With ``words`` the applicant and what was asked are loaded, too. A handful of statements, however many cases.
    """
    rows = _rows(unit_id, application_ids, words).select_for_update(of=("self",), no_key=True)
    return {course.application.pk: course for course in courses_of(list(rows))}


def cases_read(*, unit_id: int, application_ids: Collection[int], words: bool = False) -> dict[int, Course]:
    """Load cases of a unit for a look; a handful of statements."""
    rows = _rows(unit_id, application_ids, words)
    return {course.application.pk: course for course in courses_of(list(rows))}


def _rows(unit_id: int, application_ids: Collection[int], words: bool) -> QuerySet[Application]:
    rows = Application.objects.filter(pk__in=application_ids, unit_id=unit_id).order_by("pk")
    return rows.select_related("applicant").defer("query_code") if words else rows.defer(*_LEFT_OUT)


def step_judge(*, actor: Actor, course: Course, command: Command, seen: int | None, today: date) -> Decision:
    """Say what follows from a command, or why not, as ``case_do`` would; permission is the caller's matter."""
    stale = changed_meanwhile(course, seen)
    if stale:
        return Decision(issues=stale)
    own = own_draft(actor, course, command.verb)
    decision = decide(course.state, command, law=course.law, today=today)
    return Decision((), (*own, *decision.issues)) if own else decision


def steps_write(*, actor: Actor, judged: Sequence[Judged], now: datetime) -> list[Course]:
    """Write what follows for locked cases that allow it: events, columns, rounds and an audit entry each.

    Seven statements, however many cases, up to six where letters went out or arrived, and some more for each that is under
    review. Returns the cases as they stand after it, in order. Inside a transaction only.
    """
    rows, entries, after = [], [], []
    for one in judged:
        course, events = one.course, one.decision.events
        added, state = events_apply(course=course, actor=actor, events=events, now=now)
        rows += added
        entries.append(step_entry(course, one.command, events, state))
        every = (*course.events, *events)
        after.append(Course(course.application, (*course.rows, *added), every, state, course.law))
    if not after:
        return []
    CaseEvent.objects.bulk_create(rows)
    rows_update([course.application for course in after], COLUMNS)
    telling = [new for one, new in zip(judged, after, strict=True) if tells(one.decision.events)]
    if telling:
        rounds_write((new.application, new.state, new.law) for new in telling)
    for one, new in zip(judged, after, strict=True):
        if remedy_rows.tells(one.decision.events, new.state):  # few, and each has its own course
            remedy_rows.remedies_write(application=new.application, state=new.state, now=now)
    record_many(actor=actor, entries=entries, now=now)
    steps = [(new, one.command) for one, new in zip(judged, after, strict=True)]
    deliveries_write(actor=actor, steps=steps, now=now)
    for one, new in zip(judged, after, strict=True):
        step_tell(course=one.course, actor=actor, verb=one.command.verb, state=new.state, now=now)
    return after


def rows_update(rows: Sequence[Model], names: Collection[str]) -> None:
    """Write some fields of many rows of one table in one statement: the values of each column as an array.

    A fraction of what an update with a case for each row costs. Not for fields whose values are no plain ones (JSON).
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    values = [[row.pk for row in rows]]
    values += [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    kinds = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *(field.db_type(connection) for field in fields)))
    settings = ", ".join(f"{quote(field.column)} = v.{quote(field.column)}" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} AS t SET {settings} FROM unnest({kinds}) AS v(pk, {columns}) "
            f"WHERE t.{quote(meta.pk.column)} = v.pk",
            values,
        )
