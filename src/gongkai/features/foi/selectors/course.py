"""What a case amounts to: its state by its events, the law that holds for it, and its clocks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from gongkai.domain.calendars import Calendar
from gongkai.domain.foi.clocks import CaseClock, read_case
from gongkai.domain.foi.event_data import event_from_data
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import replay
from gongkai.domain.foi.model import CaseState, Law
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.rulebook.foi_law import case_law


@dataclass(frozen=True)
class Course:
    """A case as it stands: the rows of its events, the events, their sum, and the law it is judged by."""

    application: Application
    rows: tuple[CaseEvent | EventRow, ...]
    events: tuple[Event, ...]
    state: CaseState
    law: Law

    def clock(self, *, today: date) -> CaseClock:
        """Read every clock of the case as seen from a day."""
        return read_case(self.state, self.law, today=today)


def law_of(started_on: date, *, calendar: Calendar | None = None) -> Law:
    """Return the law of cases that began on a day, with this installation's layer and calendar.

    ``calendar`` is the current one where the caller, with many days to ask for, has read it already.
    """
    law = case_law(on=started_on, layer=settings.LAYER, calendar=calendar or calendar_current())
    wanted = frozenset(settings.FOI_LEGALITY_REVIEW)
    reviewed = {code for code, one in law.dispositions.dispositions.items() if one.category.value in wanted}
    return replace(law, legality_for=frozenset(reviewed))


def case_course(*, application: Application) -> Course:
    """Load the events of a case and add them up (one query)."""
    rows = tuple(CaseEvent.objects.filter(application_id=application.pk).order_by("number"))
    return course_of(application, rows)


class EventRow(NamedTuple):
    """What is read of the row of an event besides the event itself, where those of very many cases are read."""

    number: int
    kind: str
    on: date
    by_id: int | None
    by_name: str
    at: datetime


def courses_of(applications: Sequence[Application]) -> list[Course]:
    """Load the events of many cases and add them up: one query for all, the calendar and the law of each first day once.

    An event that says the same in many cases is made once; of the rows only ``EventRow`` is there.
    """
    rows: dict[int, list[EventRow]] = defaultdict(list)
    events: dict[int, list[Event]] = defaultdict(list)
    known: dict[str, Event] = {}
    found = CaseEvent.objects.filter(application_id__in=[one.pk for one in applications])
    text = Cast("data", TextField())
    for application_id, data, *row in found.order_by("application_id", "number").values_list(
        "application_id", text, *EventRow._fields
    ):
        if data not in known:
            known[data] = event_from_data(json.loads(data))
        rows[application_id].append(EventRow(*row))
        events[application_id].append(known[data])
    calendar = calendar_current()
    laws = {day: law_of(day, calendar=calendar) for day in {one.started_on for one in applications}}
    return [
        Course(one, tuple(rows[one.pk]), tuple(events[one.pk]), replay(events[one.pk]), laws[one.started_on])
        for one in applications
    ]


def course_of(application: Application, rows: Sequence[CaseEvent], *, law: Law | None = None) -> Course:
    """Return the course of a case from its rows in order; ``law`` is that of its first day, where it is known already."""
    events = tuple(event_from_data(row.data) for row in rows)
    return Course(application, tuple(rows), events, replay(events), law or law_of(application.started_on))
