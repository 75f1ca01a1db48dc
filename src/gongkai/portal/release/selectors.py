"""Reading the places of items in the lists, and the changes that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from gongkai.domain.release import ListKey, Place
from gongkai.portal.models import ReleaseChange, ReleaseList, Slot

LATE = 1000
"""Changes that other transactions write while one that has written its own goes on."""


@dataclass(frozen=True, slots=True)
class Change:
    """That something changed: ``item`` with its id, or a subject that many pages may show."""

    id: int
    subject: str
    key: str


@dataclass(frozen=True, slots=True)
class ListState:
    """A list: how many numbers it has given out, and how many of its items it shows."""

    count: int = 0
    shown: int = 0


def changes_due(*, at: datetime, limit: int) -> list[Change]:
    """Return the changes that hold by the moment, the oldest first."""
    rows = ReleaseChange.objects.filter(due_at__lte=at).order_by("due_at", "id")[:limit]
    return [Change(*row) for row in rows.values_list("id", "subject", "key")]


def changes_since(*, known: Collection[int], began: datetime, at: datetime, limit: int) -> list[Change]:
    """Return the changes that came or fell due since ``began``, when ``known`` were due.

    However many are known, only those that were written shortly before the last of them are read again: a transaction
    that wrote its change earlier may have been committed later.
    """
    after = max(known, default=0) - LATE
    rows = ReleaseChange.objects.filter(Q(id__gt=after) | Q(due_at__gt=began), due_at__lte=at).order_by("due_at", "id")
    found = rows.values_list("id", "subject", "key")[: LATE + limit]
    return [Change(*row) for row in found if row[0] not in known][:limit]


def list_state(*, key: ListKey) -> ListState:
    """Return a list's numbers; of one that no item ever entered, zero."""
    row = ReleaseList.objects.filter(key=key).values_list("count", "shown").first()
    return ListState(*row) if row else ListState()


def list_states(*, keys: Collection[ListKey]) -> dict[ListKey, ListState]:
    """Return the numbers of many lists; those that no item ever entered are left out."""
    rows = ReleaseList.objects.filter(key__in=list(keys)).values_list("key", "count", "shown")
    return {key: ListState(count, shown) for key, count, shown in rows}


def items_between(*, wanted: Collection[tuple[ListKey, range]]) -> dict[ListKey, dict[int, int]]:
    """Return what lists show at these places, as list → number → item (one query, however many lists)."""
    found: dict[ListKey, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT l.key, s.number, s.item_id"
            " FROM unnest(%s::text[], %s::int[], %s::int[]) AS asked (key, first, stop)"
            " JOIN portal_releaselist l ON l.key = asked.key"
            " JOIN portal_slot s ON s.list_id = l.id AND s.number >= asked.first AND s.number < asked.stop AND s.shown",
            [
                [key for key, _ in wanted],
                [numbers.start for _, numbers in wanted],
                [numbers.stop for _, numbers in wanted],
            ],
        )
        for key, number, item_id in cursor.fetchall():
            found[key][number] = item_id
    return found


def list_keys() -> dict[ListKey, int]:
    """Return every list that an item ever entered, with how many numbers it has given out."""
    return dict(ReleaseList.objects.order_by("key").values_list("key", "count"))


def items_at(*, key: ListKey, numbers: range) -> list[int]:
    """Return the items that a list shows at these places, the newest first."""
    found = Slot.objects.filter(list__key=key, number__gte=numbers.start, number__lt=numbers.stop, shown=True).order_by(
        "-number"
    )
    return list(found.values_list("item_id", flat=True))


def places_of(*, item_ids: Collection[int]) -> dict[int, list[Place]]:
    """Return every place that the items have or had, by item."""
    found: dict[int, list[Place]] = defaultdict(list)
    rows = Slot.objects.filter(item_id__in=list(item_ids)).values_list("item_id", "list__key", "number")
    for item_id, key, number in rows:
        found[item_id].append(Place(key, number))
    return found


def shown_by_item(*, item_ids: Iterable[int]) -> dict[int, set[ListKey]]:
    """Return the lists that show each of the items at present."""
    found: dict[int, set[ListKey]] = defaultdict(set)
    rows = Slot.objects.filter(item_id__in=list(item_ids), shown=True).values_list("item_id", "list__key")
    for item_id, key in rows:
        found[item_id].add(key)
    return found
