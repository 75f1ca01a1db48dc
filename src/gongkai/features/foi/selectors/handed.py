"""What a connected system may read: the applications that it handed over itself, in the applicant's words.

Nobody of the house is named, no third party, and no result before the answer is out. The applicant's own data do not come
back either: the sender has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi.dispositions import Disposition
from gongkai.domain.foi.evolving import evolve
from gongkai.domain.foi.model import CaseState, Stage
from gongkai.domain.foi.timeline import INNER, Audience, Timeline, timeline
from gongkai.features.foi.models import HandOver
from gongkai.features.foi.selectors.course import Course, case_course, courses_of
from gongkai.features.foi.selectors.figures import YearFigures, year_figures
from gongkai.features.foi.selectors.follow import STAGE_WORDS
from gongkai.features.foi.selectors.report import YearReport, year_report
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.orgs.models import Unit

CASE = "foi.application"
ACTIONS = f"{CASE}."
SUBMITTED = f"{CASE}.submit"
"""How the audit trail calls a case and its steps (``services.actions``)."""


@dataclass(frozen=True)
class HandedCase:
    """A case as its sender reads it. ``waits`` are (what, by when); ``result`` stands only once the answer is out."""

    hand_over: HandOver
    stage: Stage
    status: str
    sheet: Timeline
    reading: Reading | None
    waits: tuple[tuple[str, date | None], ...]
    result: Disposition | None
    replied_on: date | None


def handed_list(*, system_id: int, after: int | None, limit: int, sender_no: str = "") -> list[HandOver]:
    """Return hand-overs of a system, the newest first, before the one numbered ``after``; one query."""
    rows = HandOver.objects.filter(system_id=system_id).select_related("application__unit").order_by("-pk")
    if sender_no:
        rows = rows.filter(sender_no=sender_no)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows[:limit])


def handed_find(*, system_id: int, uid: UUID) -> HandOver | None:
    """Return one hand-over, None where the system never made it."""
    rows = HandOver.objects.filter(system_id=system_id).select_related("application__unit")
    return rows.filter(uid=uid).first()


def handed_case(*, hand_over: HandOver, today: date) -> HandedCase:
    """Return how a case stands on a day, told to its sender."""
    course = case_course(application=hand_over.application)
    state, clock = course.state, course.clock(today=today)
    answer = state.answer
    out = answer is not None and answer.sent_on is not None
    return HandedCase(
        hand_over=hand_over,
        stage=state.stage,
        status=STAGE_WORDS[state.stage],
        sheet=timeline(course.events, course.law, today=today, audience=Audience.APPLICANT),
        reading=clock.reply,
        waits=tuple((wait.what.partition("（")[0], wait.due_on) for wait in clock.waits),
        result=_result(course, out),
        replied_on=answer.replied_on if answer is not None and out else None,
    )


def _result(course: Course, out: bool) -> Disposition | None:
    state = course.state
    if not (out or state.ended):
        return None
    code = state.disposition or (state.answer.disposition if state.answer is not None and out else "")
    return course.law.dispositions.dispositions.get(code)


@dataclass(frozen=True, slots=True)
class HandedEvent:
    """Something that happened in a case that the system handed over; ``sequence`` is its place in the order."""

    sequence: int
    hand_over: HandOver
    on: date
    at: datetime
    words: str
    status: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class HandedEvents:
    """A stretch of the order; ``until`` is how far it has been read, ``more`` whether there is more now."""

    events: tuple[HandedEvent, ...]
    until: int
    more: bool
    head: int


def handed_events(*, system_id: int, since: int, limit: int, today: date) -> HandedEvents:
    """Return what happened after a place in the order of the audit chain; a handful of queries.

    The chain grows under a lock held until commit: nothing ever comes in before a number that was given out. Steps inside
    the house are not told, the cursor passes over them.
    """
    head = Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    own = HandOver.objects.filter(system_id=system_id)
    targets = own.annotate(target=Cast("application_id", CharField())).values("target")
    rows = Entry.objects.filter(sequence__gt=since, sequence__lte=head, target_type=CASE, target_id__in=targets)
    rows = rows.filter(action__startswith=ACTIONS).order_by("sequence")
    entries = list(rows.values_list("sequence", "action", "target_id", "details")[: limit + 1])
    more, entries = len(entries) > limit, entries[:limit]
    touched = {int(target) for _, _, target, _ in entries}
    told = _told(own.filter(application_id__in=touched).select_related("application"), today)
    found = [
        replace(told[int(target), number], sequence=sequence)
        for sequence, action, target, details in entries
        for number in _numbers(action, details)
        if (int(target), number) in told
    ]
    return HandedEvents(tuple(found), entries[-1][0] if more else head, more, head)


def _numbers(action: str, details: dict[str, object]) -> range:
    """Which events of its case an entry tells about."""
    if action == SUBMITTED:
        return range(1, 2)
    first, names = details.get("first"), details.get("events")
    if not isinstance(first, int) or not isinstance(names, list):
        return range(0)
    return range(first, first + len(names))


def _told(handed: Iterable[HandOver], today: date) -> dict[tuple[int, int], HandedEvent]:
    """The events of some cases that concern the applicant, by case and number."""
    by_case: dict[int, HandOver] = {one.application_id: one for one in handed}
    found: dict[tuple[int, int], HandedEvent] = {}
    for course in courses_of([one.application for one in by_case.values()]):
        lines = iter(timeline(course.events, course.law, today=today, audience=Audience.APPLICANT).lines)
        hand_over, state = by_case[course.application.pk], CaseState()
        for row, event in zip(course.rows, course.events, strict=True):
            state = evolve(state, event)
            if isinstance(event, INNER):
                continue
            line = next(lines)
            found[course.application.pk, row.number] = HandedEvent(
                0, hand_over, line.on, row.at, line.words, STAGE_WORDS[state.stage], line.due_on
            )
    return found


@dataclass(frozen=True)
class FiguresOf:
    """The figures of a year, of one unit or (None) of all together; ``report`` are its tables once the year is over."""

    unit: Unit | None
    figures: YearFigures
    report: YearReport | None


def figures_of(*, year: int, unit_id: int | None, today: date) -> FiguresOf | None:
    """Return the figures of a year, of one unit or of all; None for a unit that never was."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None and unit_id is not None:
        return None
    ids = None if unit is None else [unit.pk]
    figures = year_figures(year=year, unit_ids=ids)
    if year >= today.year:
        return FiguresOf(unit, figures, None)
    report = year_report(year=year, unit_ids=ids or list(Unit.objects.values_list("pk", flat=True)))
    return FiguresOf(unit, figures, report)
