"""Checks: what was required, what has been counted, which ones fall short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, QuerySet

from gongkai.domain.ledger import Dates, Light, State, Tally, read_light
from gongkai.features.workplans.models import Check, Duty, Evidence, WorkItem, WorkPlan
from gongkai.features.workplans.selectors.access import scope_of, visible_items
from gongkai.features.workplans.selectors.thresholds import thresholds
from gongkai.features.workplans.selectors.values import CheckRow, DutyRow
from gongkai.kernel.accounts.actor import Actor


def check_tallies(checks: Iterable[Check]) -> dict[int, Tally]:
    """Count the evidence of each check; two queries, however many there are.

    Evidence counts for the check it was added to. Evidence that names no check counts by its day for the check of that
    period, provided that the item has one recurring duty only; with several nobody could tell which one it is for.
    A recorded check keeps the number that was counted then.
    """
    rows = list(checks)
    items = {check.item_id for check in rows}
    live = Evidence.objects.filter(item_id__in=items, removed_at__isnull=True, counted=True)
    linked: dict[int, int] = defaultdict(int)
    loose: dict[int, list[date]] = defaultdict(list)
    for item_id, check_id, day in live.values_list("item_id", "check_row_id", "occurred_on"):
        if check_id is not None:
            linked[check_id] += 1
        else:
            loose[item_id].append(day)
    duties = dict(
        Duty.objects.filter(item_id__in=items)
        .order_by()
        .values("item_id")
        .annotate(n=Count("pk"))
        .values_list("item_id", "n")
    )
    result = {}
    for check in rows:
        counted = linked[check.pk]
        if check.duty_id is not None and duties.get(check.item_id) == 1 and check.from_on is not None:
            counted += sum(check.from_on <= day <= check.due_on for day in loose[check.item_id])
        if check.state != Check.State.OPEN and check.counted is not None:
            counted = check.counted
        result[check.pk] = Tally(check.required, counted)
    return result


def checks_short(*, item_id: int) -> list[Check]:
    """Return the checks of an item that were not kept, or are open with less counted than required."""
    states = [Check.State.OPEN, Check.State.MISSED]
    checks = list(Check.objects.filter(item_id=item_id, state__in=states).order_by("due_on", "pk"))
    tallies = check_tallies(checks)
    return [c for c in checks if c.state == Check.State.MISSED or not tallies[c.pk].kept]


def check_rows(checks: Sequence[Check], *, today: date) -> tuple[CheckRow, ...]:
    """Turn loaded checks (with ``item`` and ``recorded_by``) into rows."""
    tallies = check_tallies(checks)
    near_until = thresholds(on=today).near_until(today)
    rows = []
    for check in checks:
        state = State.IN_PROGRESS if check.state == Check.State.OPEN else State.CLOSED
        if check.state == Check.State.VOID:
            state = State.CANCELED
        light = read_light(Dates(state, check.due_on), today=today, near_until=near_until)
        rows.append(
            CheckRow(
                id=check.pk,
                item_id=check.item_id,
                item_title=str(check.item),
                kind=check.kind,
                label=check.label,
                from_on=check.from_on,
                due_on=check.due_on,
                required=check.required,
                counted=tallies[check.pk].counted,
                state=check.state,
                state_name=check.get_state_display(),
                note=check.note,
                recorded_by_name=check.recorded_by.get_full_name() if check.recorded_by else "",
                recorded_at=check.recorded_at,
                light=Light.OVERDUE if check.state == Check.State.MISSED else light,
            )
        )
    return tuple(rows)


def checks_with_names(checks: QuerySet[Check]) -> list[Check]:
    """Load checks with what their rows show."""
    return list(checks.select_related("item", "recorded_by").order_by("due_on", "pk"))


def item_checks(*, actor: Actor, today: date, only_open: bool = True, limit: int = 500) -> list[CheckRow]:
    """Return the checks of active plans that the actor sees, by due date."""
    items = visible_items(scope_of(actor=actor, today=today)).filter(plan__state=WorkPlan.State.ACTIVE)
    checks = Check.objects.filter(item_id__in=items.values("pk"))
    if only_open:
        checks = checks.filter(state=Check.State.OPEN)
    return list(check_rows(checks_with_names(checks)[:limit], today=today))


def duty_rows(*, item: WorkItem) -> tuple[DutyRow, ...]:
    """Return the recurring duties of an item."""
    return tuple(
        DutyRow(
            id=duty.pk,
            kind=duty.kind,
            period=duty.period,
            period_name=duty.get_period_display(),
            times=duty.times,
            phrase=duty.phrase,
            starts_on=duty.starts_on,
            ends_on=duty.ends_on,
            harvester=duty.harvester,
        )
        for duty in Duty.objects.filter(item=item).order_by("pk")
    )
