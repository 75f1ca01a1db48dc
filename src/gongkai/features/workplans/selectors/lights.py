"""The lights of ``domain.ledger`` as database conditions, so that lists of any size can be filtered and counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from gongkai.domain.ledger import Dates, Light, State, read_light
from gongkai.features.workplans.models import WorkItem
from gongkai.features.workplans.selectors.thresholds import thresholds
from gongkai.features.workplans.selectors.values import LightCounts

_AT_WORK = [s.value for s in State if s not in (State.ACCEPTED, State.CLOSED, State.CANCELED)]


def light_conditions(*, today: date) -> dict[Light, Q]:
    """Return for each light the condition that shows it on ``today``; exactly one holds for every item."""
    near_until = thresholds(on=today).near_until(today)
    endless = Q(standing=True) | Q(periodic=True)
    finite = Q(standing=False, periodic=False)
    accepted = Q(state=State.ACCEPTED.value)
    live = Q(state__in=_AT_WORK) | (accepted & endless)
    handed_in = Q(state=State.SUBMITTED.value, submitted_on__lte=F("attention_on"))
    not_handed_in = (
        ~Q(state=State.SUBMITTED.value) | Q(submitted_on__isnull=True) | Q(submitted_on__gt=F("attention_on"))
    )
    return {
        Light.OVERDUE: live & not_handed_in & Q(attention_on__lt=today),
        Light.NEAR: live & not_handed_in & Q(attention_on__gte=today, attention_on__lte=near_until),
        Light.ON_TRACK: live
        & Q(attention_on__isnull=False)
        & (handed_in | (Q(attention_on__gt=near_until) & not_handed_in & Q(state__in=_AT_WORK))),
        Light.STANDING: live & ((endless & Q(attention_on__isnull=True)) | (accepted & Q(attention_on__gt=near_until))),
        Light.NO_DATE: live & finite & Q(attention_on__isnull=True),
        Light.DONE: Q(state=State.CLOSED.value) | (accepted & finite),
        Light.CANCELED: Q(state=State.CANCELED.value),
    }


def light_aggregates(*, today: date) -> dict[str, Count]:
    """Return one count for each light, named ``n_<light>`` (plain names would shadow fields of the item)."""
    return {f"n_{light.value}": Count("pk", filter=q) for light, q in light_conditions(today=today).items()}


def counts_from(row: Mapping[str, int]) -> LightCounts:
    """Read the counts of ``light_aggregates`` from a row."""
    return LightCounts(**{light.value: row[f"n_{light.value}"] for light in Light})


def count_lights(items: QuerySet[WorkItem], *, today: date) -> LightCounts:
    """Count the items of each light in one query."""
    return counts_from(items.order_by().aggregate(**light_aggregates(today=today)))


def dates_of(item: WorkItem) -> Dates:
    """Return what the light of an item looks at."""
    return Dates(State(item.state), item.attention_on, item.standing or item.periodic, item.submitted_on)


def light_of(item: WorkItem, *, today: date) -> Light:
    """Return the light of one item."""
    return read_light(dates_of(item), today=today, near_until=thresholds(on=today).near_until(today))
