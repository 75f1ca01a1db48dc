"""What each round of a case came to, kept beside its events for the figures; nothing here decides anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gongkai.domain.foi import events as e
from gongkai.domain.foi.model import ELSEWHERE, CaseState, Law
from gongkai.domain.foi.rounds import RoundResult, round_result, round_results
from gongkai.features.foi.models import Application, CaseEvent, CaseRound
from gongkai.features.foi.selectors.course import course_of, law_of
from gongkai.kernel.clocks.selectors import calendar_current

BATCH = 500
# Only these change what a round has come to.
TELLING = (
    e.Replied,
    e.Closed,
    e.SupplementLapsed,
    e.FeeLapsed,
    e.Withdrawn,
    e.ReceiptCorrected,
    e.ServiceCorrected,
    e.SplitUp,
    e.Moved,
    e.Merged,
)
_TOLD = (
    "received_on",
    "replied_on",
    "ended_on",
    "disposition",
    "due_on",
    "target_on",
    "used_days",
    "late_days",
    "extended",
)
_COLUMNS = ("unit", "handler", "channel", "counted", *_TOLD)


def tells(events: Iterable[e.Event]) -> bool:
    """Tell whether a step changes what the running round has come to."""
    return any(isinstance(event, TELLING) for event in events)


def rounds_write(written: Iterable[tuple[Application, CaseState, Law]]) -> int:
    """Keep what the running rounds of some locked cases have come to, in one or two statements; returns how many.

    For whoever has just written events, with the state after them; inside the same transaction. Cases without reply or end
    are passed over. A case that was reopened and goes on elsewhere is no longer a result here.
    """
    cases = list(written)
    gone = [application.pk for application, state, _ in cases if state.stage in ELSEWHERE and state.rounds]
    if gone:
        CaseRound.objects.filter(application_id__in=gone).update(counted=False)
    found = [(application, round_result(state, law)) for application, state, law in cases]
    rows = [_row(application, result) for application, result in found if result is not None]
    again = [row.application_id for row in rows if row.number > 1 and row.ended_on is not None]
    known = set()
    if again:
        earlier = CaseRound.objects.filter(application_id__in=again, counted=True)
        known = set(earlier.values_list("application_id", "number"))
    for row in rows:
        row.counted = row.ended_on is not None and not any(
            (row.application_id, number) in known for number in range(1, row.number)
        )
    return _save(rows)


def rounds_fill() -> int:
    """Write the rounds of cases that have none or other ones than their columns say; returns how many cases there were.

    For cases that came from elsewhere than ``events_add``. Safe late and twice.
    """
    own = CaseRound.objects.filter(application_id=OuterRef("pk"))
    no_reply = Q(replied_on__isnull=False) & ~Exists(own.filter(replied_on=OuterRef("replied_on")))
    no_end = Q(closed_on__isnull=False) & ~Exists(own.filter(ended_on=OuterRef("closed_on")))
    again = CaseEvent.objects.filter(kind="Reopened").values("application_id")
    none_of_many = Q(pk__in=again) & ~Exists(own)
    wanting = (
        Application.objects.filter(no_reply | no_end | none_of_many, received_on__isnull=False)
        .exclude(stage__in=[stage.value for stage in ELSEWHERE])
        .order_by("pk")
    )
    done, last = 0, 0
    while batch := list(wanting.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        done += _fill(batch)
        last = batch[-1]
    return done


def _fill(ids: Sequence[int]) -> int:
    calendar = calendar_current()
    with transaction.atomic():
        cases = list(Application.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True))
        events: dict[int, list[CaseEvent]] = defaultdict(list)
        for event in CaseEvent.objects.filter(application_id__in=ids).order_by("application_id", "number"):
            events[event.application_id].append(event)
        rows = []
        for application in cases:
            law = law_of(application.started_on, calendar=calendar)
            course = course_of(application, events[application.pk], law=law)
            counted = False
            for result in round_results(course.events, law):
                row = _row(application, result)
                row.counted = result.ended_on is not None and not counted
                counted = counted or row.counted
                rows.append(row)
        _save(rows)
    return len(cases)


def _row(application: Application, result: RoundResult) -> CaseRound:
    told = {name: getattr(result, name) for name in _TOLD}
    return CaseRound(
        application=application,
        number=result.number,
        unit_id=application.unit_id,
        handler_id=application.handler_id,
        channel=application.channel,
        **told,
    )


def _save(rows: Sequence[CaseRound]) -> int:
    CaseRound.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["application", "number"],
        update_fields=list(_COLUMNS),
    )
    return len(rows)
