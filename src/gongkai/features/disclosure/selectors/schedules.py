"""What waits for its moment, what was late or failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from gongkai.features.disclosure.models import BundleMember, Schedule
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.kernel.accounts.actor import Actor

BATCH = 500


def schedules_due(*, now: datetime, ahead: timedelta) -> list[int]:
    """Return the numbers of the waiting schedules that are due by ``now + ahead``, the earliest first, 500 at most."""
    due = Schedule.objects.filter(state=Schedule.State.WAITING, due_at__lte=now + ahead)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])


def schedules_overdue(*, now: datetime, by: timedelta) -> list[int]:
    """Return the numbers of schedules that still wait so long after their moment, and of which nobody was told."""
    found = Schedule.objects.filter(state=Schedule.State.WAITING, due_at__lte=now - by, alarmed_at__isnull=True)
    return list(found.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])


def schedule_next(*, now: datetime) -> datetime | None:
    """Return the earliest moment that anything waits for, or None."""
    waiting = Schedule.objects.filter(state=Schedule.State.WAITING).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def _visible(actor: Actor) -> QuerySet[Schedule]:
    """Schedules of items the actor sees; of a bundle when every member is seen."""
    items = visible_items(actor)
    hidden = BundleMember.objects.exclude(item__in=items).values("bundle_id")
    found = Schedule.objects.filter(Q(item__in=items) | (Q(bundle__isnull=False) & ~Q(bundle_id__in=hidden)))
    return found.select_related("item", "item__unit", "bundle", "bundle__unit", "set_by")


def schedule_list(*, actor: Actor, unit_id: int | None = None) -> list[Schedule]:
    """Return what waits, by moment; ``unit_id`` narrows to one unit."""
    found = _visible(actor).filter(state=Schedule.State.WAITING)
    if unit_id is not None:
        found = found.filter(Q(item__unit_id=unit_id) | Q(bundle__unit_id=unit_id))
    return list(found.order_by("due_at", "pk")[:BATCH])


def missed_schedules(*, actor: Actor, since: datetime | None = None) -> list[Schedule]:
    """Return what was late, failed, or still waits past its moment although people were told; the newest first."""
    found = _visible(actor).filter(alarmed_at__isnull=False)
    if since is not None:
        found = found.filter(due_at__gte=since)
    return list(found.order_by("-due_at", "-pk")[:BATCH])
