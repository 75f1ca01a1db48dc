"""Rows of reconsiderations and suits: written with the events that file and decide them, and with every step between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.domain.foi import events as e
from gongkai.domain.foi.model import CaseState
from gongkai.features.foi.models import Application, CaseEvent, CaseRemedy
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.remedy_course import RemedyCourse, remedy_course
from gongkai.kernel.clocks.selectors import calendar_current

TELLING = (e.RemedyFiled, e.RemedyDecided, e.Replied, e.ServiceCorrected)
BATCH = 200


def tells(events: Iterable[e.Event], state: CaseState) -> bool:
    """Tell whether a step changes what is known of the remedies of a case."""
    return bool(state.remedies) and any(isinstance(event, TELLING) for event in events)


def remedies_write(*, application: Application, state: CaseState, now: datetime) -> None:
    """Keep the remedies of a locked case as its state says; for whoever has just written events, in the same transaction."""
    known = {row.number: row for row in CaseRemedy.objects.filter(application=application).prefetch_related("steps")}
    for number, one in enumerate(state.remedies, start=1):
        row = known.get(number) or CaseRemedy(
            application=application, number=number, kind=one.kind.value, ref=one.ref, filed_on=one.filed_on
        )
        row.decided_on, row.outcome = one.decided_on, one.outcome.value
        answer = state.answer
        reopened = state.reopened_on is not None and one.decided_on is not None and state.reopened_on >= one.decided_on
        if reopened and answer is not None and row.redone_on is None:
            row.redone_on = answer.replied_on
        corrected = state.service_corrections[-1] if state.service_corrections else None
        if reopened and corrected is not None and row.redone_on == corrected.replied_before is not None:
            row.redone_on = corrected.replied_after
        steps = row.steps.all() if row.pk is not None else ()
        columns_set(course=remedy_course(row, steps, today=timezone.localdate(now)), now=now)
        row.save()


def columns_set(*, course: RemedyCourse, now: datetime) -> None:
    """Repeat in the columns what the steps of a remedy add up to; the caller saves."""
    row, state, today = course.row, course.state, timezone.localdate(now)
    hearing = state.next_hearing(today)
    row.organ = state.organ[:120]
    row.procedure = state.procedure.value if state.notified_on is not None else ""
    row.notified_on, row.answered_on = state.notified_on, state.answered_on
    row.answer_due_on = course.answer.due_on if course.answer is not None else None
    row.provisional = bool(course.answer is not None and course.answer.provisional)
    row.hearing_on = hearing.on if hearing is not None else None
    row.redo_due_on = course.redo.due_on if course.redo is not None else None
    row.redone_on = state.redone_on or row.redone_on
    row.changed_at = now


def remedies_refresh(*, now: datetime) -> int:
    """Read the clocks of remedies again that wait for something, and write rows that are missing; returns how many changed.

    A new holiday notice moves days; cases that were taken over from elsewhere may have no rows yet.
    """
    changed = _missing_write(now)
    last, calendar, today = 0, calendar_current(), timezone.localdate(now)
    while True:
        with transaction.atomic():
            rows = CaseRemedy.objects.filter(pk__gt=last).exclude(
                answered_on__isnull=False, redo_due_on__isnull=True, decided_on__isnull=False
            )
            locked = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
            batch = list(locked.prefetch_related("steps")[:BATCH])
            for row in batch:
                before = (row.answer_due_on, row.provisional, row.hearing_on, row.redo_due_on)
                course = remedy_course(row, row.steps.all(), today=today, calendar=calendar)
                if row.redo_due_on is not None and row.redone_on is None and _answered_again(row, now):
                    changed += 1
                    continue
                at = row.changed_at
                columns_set(course=course, now=now)
                if (row.answer_due_on, row.provisional, row.hearing_on, row.redo_due_on) != before:
                    row.save()
                    changed += 1
                else:
                    row.changed_at = at
        if not batch:
            return changed
        last = batch[-1].pk


def _answered_again(row: CaseRemedy, now: datetime) -> bool:
    """Note that the case was answered again by a step of many cases, which writes no rows of remedies."""
    application = Application.objects.get(pk=row.application_id)
    if application.replied_on is None:
        return False
    remedies_write(application=application, state=case_course(application=application).state, now=now)
    row.refresh_from_db()
    return row.redone_on is not None


def _missing_write(now: datetime) -> int:
    filed = CaseEvent.objects.filter(kind="RemedyFiled", application__remedies__isnull=True)
    ids = sorted(set(filed.values_list("application_id", flat=True)))
    for application_id in ids:
        with transaction.atomic():
            found = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application_id)
            remedies_write(application=found, state=case_course(application=found).state, now=now)
    return len(ids)
