"""Early and late: the days of issue and of publication of a unit's items against the law and the local rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import Fact, Reading, read_clock
from gongkai.domain.publishing import Punctuality, Standing, punctuality
from gongkai.features.disclosure.models import Item, Publication
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import visible_unit_ids
from gongkai.kernel.clocks.selectors import calendar_current, rulebook
from gongkai.kernel.orgs.selectors import unit_descendant_ids
from gongkai.rulebook.lookup import NotInForce, UnknownRule

BY_LAW = "proactive.publish"
BY_LOCAL_RULE = "proactive.publish_online"
START = {BY_LAW: "formed", BY_LOCAL_RULE: "issued"}
MANY = 5000
"""How many items one list shows at most; a longer period is asked for in parts."""


@dataclass(frozen=True, slots=True)
class TimelinessRow:
    """One item: its days, the due days by law and by local rule, and how publication stands to them."""

    item: Item
    unit_name: str
    issued_on: date | None
    law_due_on: date | None
    local_due_on: date | None
    published_on: date | None
    punctuality: Punctuality
    readings: tuple[Reading, ...]

    @property
    def light(self) -> str:
        """green, yellow, red, blue or grey."""
        return self.punctuality.light

    @property
    def days(self) -> int | None:
        """Calendar days against the nearest due day: negative early, positive late."""
        return self.punctuality.days

    @property
    def before_issue(self) -> bool:
        """Whether it was published before the day of issue."""
        return self.punctuality.before_issue


@dataclass(frozen=True, slots=True)
class TimelinessCounts:
    """How many items of the list stand how; ``late`` and ``overdue`` are by law, the ``_local`` ones by local rule only."""

    total: int
    in_time: int
    late: int
    late_local: int
    waiting: int
    overdue: int
    overdue_local: int
    no_date: int
    before_issue: int


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The rows of a period and what they count up to; ``cut`` tells that there are more than are shown."""

    rows: tuple[TimelinessRow, ...]
    counts: TimelinessCounts
    cut: bool


def started_on(issued_on: date | None, written_on: date | None) -> date | None:
    """Return the day from which the periods run: the day of issue, or of writing where none of issue is known."""
    return issued_on or written_on


def rules_in_force(*, on: date) -> tuple[str, ...]:
    """Return which of the two rules hold for something issued on the day, in this installation's layer."""
    found = []
    for rule in (BY_LAW, BY_LOCAL_RULE):
        try:
            rulebook().clock_rule(rule, on=on, layer=settings.LAYER)
        except (UnknownRule, NotInForce):
            continue
        found.append(rule)
    return tuple(found)


def clock_facts(rule: str, begin: date, published_on: date | None) -> tuple[Fact, ...]:
    """Return the facts of a clock of publication; a day before the beginning is left out, no clock takes it."""
    facts = [Fact(START[rule], begin)]
    if published_on is not None and published_on >= begin:
        facts.append(Fact("published", published_on))
    return tuple(facts)


def timeliness(*, actor: Actor, unit_id: int | None = None, since: date, until: date, today: date) -> Timeliness:
    """Return the proactive items issued or published from ``since`` through ``until``, by unit and day.

    ``unit_id`` narrows to a unit and those below it; nobody sees more units than those he answers for. An item is
    measured by its first publication.
    """
    first = Publication.objects.filter(item_id=OuterRef("pk")).order_by().values("item_id")
    items = (
        Item.objects.filter(attribute=Item.Attribute.PROACTIVE)
        .exclude(state__in=[Item.State.DISCARDED])
        .annotate(first_at=Subquery(first.annotate(at=Min("published_at")).values("at")))
        .annotate(begins_on=Coalesce(F("issued_on"), F("written_on")))
        .filter(
            Q(begins_on__range=(since, until))
            | Q(first_at__date__range=(since, until))
            | Q(begins_on__isnull=True, first_at__isnull=True, created_at__date__range=(since, until))
        )
    )
    seen = visible_unit_ids(actor=actor)
    if seen is not None:
        items = items.filter(unit_id__in=seen)
    if unit_id is not None:
        items = items.filter(unit_id__in=unit_descendant_ids(unit_id=unit_id))
    items = items.filter(access_limited=False).select_related("unit").order_by("unit__sort_key", "begins_on", "pk")
    found = list(items[: MANY + 1])
    calendar = calendar_current()
    rows = tuple(_row(item, calendar, today) for item in found[:MANY])
    return Timeliness(rows, counts_of(rows), len(found) > MANY)


def _row(item: Item, calendar: Calendar, today: date) -> TimelinessRow:
    published_at = getattr(item, "first_at", None)
    published_on = timezone.localdate(published_at) if published_at else None
    begin = started_on(item.issued_on, item.written_on)
    readings: dict[str, Reading] = {}
    if begin is not None:
        for rule in rules_in_force(on=begin):
            clock = rulebook().clock_rule(rule, on=begin, layer=settings.LAYER)
            readings[rule] = read_clock(clock, clock_facts(rule, begin, published_on), calendar, today=today)
    law, local = readings.get(BY_LAW), readings.get(BY_LOCAL_RULE)
    return TimelinessRow(
        item=item,
        unit_name=item.unit.name,
        issued_on=item.issued_on,
        law_due_on=law.due_on if law else None,
        local_due_on=local.due_on if local else None,
        published_on=published_on,
        punctuality=punctuality(
            issued_on=item.issued_on,
            law_due_on=law.due_on if law else None,
            local_due_on=local.due_on if local else None,
            published_on=published_on,
            today=today,
        ),
        readings=tuple(readings.values()),
    )


def counts_of(rows: Sequence[TimelinessRow]) -> TimelinessCounts:
    """Count rows by how they stand."""

    def number(standing: Standing) -> int:
        return sum(1 for row in rows if row.punctuality.standing is standing)

    return TimelinessCounts(
        total=len(rows),
        in_time=number(Standing.IN_TIME),
        late=number(Standing.LATE),
        late_local=number(Standing.LATE_LOCAL),
        waiting=number(Standing.WAITING),
        overdue=number(Standing.OVERDUE),
        overdue_local=number(Standing.OVERDUE_LOCAL),
        no_date=number(Standing.NO_DATE),
        before_issue=sum(1 for row in rows if row.before_issue),
    )
