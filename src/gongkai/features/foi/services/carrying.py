"""Carrying over (结转下年度): what was open at the end of a year is noted in each case, once a year and whenever it was missed.

The figures of the annual report count by days and do not need the note; it tells the reader of a case, and a review, in which
years it was counted as open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import Law, Stage
from gongkai.domain.foi.table import possible
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.course import course_of, law_of
from gongkai.features.foi.services.commands import step_entry
from gongkai.features.foi.services.writing import day_of, events_apply
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.clocks.selectors import calendar_current

BATCH = 500
SYSTEM = Actor.system("年度结转")
OPEN_STAGES = tuple(stage.value for stage in Stage if Verb.CARRY_OVER in possible(stage))


def cases_carry_over(*, now: datetime) -> int:
    """Note in every case that was received by the end of a past year and is still open that it was carried over.

    A year that was missed is made up for; a second run finds nothing. Cases that have ended since are not touched.
    Returns how many notes were written. A handful of statements for each five hundred cases.
    """
    this_year = day_of(now).year
    open_ones = Application.objects.filter(closed_on__isnull=True, stage__in=OPEN_STAGES, received_on__isnull=False)
    first = open_ones.aggregate(first=Min("received_on"))["first"]
    if first is None:
        return 0
    return sum(_year(year, now) for year in range(first.year, this_year))


def _year(year: int, now: datetime) -> int:
    noted = CaseEvent.objects.filter(application_id=OuterRef("pk"), kind="CarriedOver", data__year=year)
    wanting = Application.objects.filter(
        ~Exists(noted),
        Q(replied_on__isnull=True) | Q(replied_on__gt=date(year, 12, 31)),
        closed_on__isnull=True,
        stage__in=OPEN_STAGES,
        received_on__lte=date(year, 12, 31),
    ).order_by("pk")
    done, last = 0, 0
    while True:
        with transaction.atomic():
            rows = wanting.filter(pk__gt=last).select_related("unit").select_for_update(of=("self",), no_key=True)
            batch = list(rows[:BATCH])
            done += _batch(batch, year, now)
        if not batch:
            return done
        last = batch[-1].pk


def _batch(batch: Sequence[Application], year: int, now: datetime) -> int:
    """Write the notes of some locked cases; those that the machine refuses (reopened ones) stay as they are."""
    events: dict[int, list[CaseEvent]] = defaultdict(list)
    for row in CaseEvent.objects.filter(application__in=[one.pk for one in batch]).order_by("application_id", "number"):
        events[row.application_id].append(row)
    command = c.CarryOver(on=date(year + 1, 1, 1), by=SYSTEM.name, year=year)
    calendar, laws = calendar_current(), dict[date, Law]()
    changed, written, told = [], [], []
    for application in batch:
        law = laws.get(application.started_on)
        if law is None:
            law = laws[application.started_on] = law_of(application.started_on, calendar=calendar)
        course = course_of(application, events[application.pk], law=law)
        decision = decide(course.state, command, law=law, today=day_of(now))
        if not decision.allowed:
            continue
        rows, state = events_apply(course=course, actor=SYSTEM, events=decision.events, now=now)
        written += rows
        changed.append(application)
        told.append(step_entry(course, command, decision.events, state))
    CaseEvent.objects.bulk_create(written)
    Application.objects.bulk_update(changed, ["event_count", "changed_at"])
    record_many(actor=SYSTEM, entries=told, now=now)
    return len(changed)
