"""Giving items their places in the lists, and taking them off the lists that they have left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from gongkai.domain.release import ListKey, lists_of
from gongkai.features.disclosure.selectors.standing import Standing, column_parents, standings
from gongkai.portal.models import ReleaseChange, ReleaseList, Slot

LOCK = 0x676B736C
"""One builder at a time gives numbers ("gksl"), on whatever host."""
BEIJING = ZoneInfo("Asia/Shanghai")


def slots_settle(*, item_ids: Collection[int], at: datetime, on: date) -> dict[int, Standing]:
    """Give the items their places as they are public at the moment; returns where each stands.

    New places are given in the order of first publication. ``on`` is the day of the moment; a later day on which an
    item reads otherwise (it begins or ceases to hold) is noted as a change of that day.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        found = standings(item_ids=item_ids, at=at, on=on)
        parents = column_parents()
        wanted: dict[int, frozenset[ListKey]] = {
            one.item_id: lists_of(columns=one.columns, unit_id=one.unit_id, parents=parents)
            if one.public
            else frozenset()
            for one in sorted(found.values(), key=lambda one: (one.first_published_at, one.item_id))
        }
        _settle(wanted)
        _note_days([one for one in found.values() if one.public and one.changes_on is not None])
    return found


def _settle(wanted: dict[int, frozenset[ListKey]]) -> None:
    lists = _lists(set().union(*wanted.values()) if wanted else set())
    keys = {row.pk: row.key for row in lists.values()}
    have: dict[tuple[int, int], Slot] = {
        (slot.item_id, slot.list_id): slot for slot in Slot.objects.filter(item_id__in=list(wanted))
    }
    shown_more: dict[int, int] = {}
    new, on, off = [], [], []
    for item_id, names in wanted.items():
        for name in sorted(names):
            row = lists[name]
            slot = have.get((item_id, row.pk))
            if slot is None:
                row.count += 1
                new.append(Slot(list=row, number=row.count, item_id=item_id))
            elif not slot.shown:
                on.append(slot.pk)
            else:
                continue
            shown_more[row.pk] = shown_more.get(row.pk, 0) + 1
    for (item_id, list_id), slot in have.items():
        if slot.shown and keys.get(list_id) not in wanted[item_id]:
            off.append(slot.pk)
            shown_more[list_id] = shown_more.get(list_id, 0) - 1
    _count({row.pk: row.count for row in lists.values() if row.pk in shown_more}, shown_more)
    Slot.objects.bulk_create(new, batch_size=2000)
    if on:
        Slot.objects.filter(pk__in=on).update(shown=True)
    if off:
        Slot.objects.filter(pk__in=off).update(shown=False)


def _count(counts: dict[int, int], shown_more: dict[int, int]) -> None:
    """Write how many numbers the lists have given out now, and how many items more they show (one statement)."""
    if not shown_more:
        return
    ids = sorted(shown_more)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_releaselist l SET count = greatest(l.count, n.count), shown = l.shown + n.more"
            " FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS n (id, count, more) WHERE l.id = n.id",
            [ids, [counts.get(one, 0) for one in ids], [shown_more[one] for one in ids]],
        )


def _lists(names: Collection[ListKey]) -> dict[ListKey, ReleaseList]:
    found = {row.key: row for row in ReleaseList.objects.filter(key__in=list(names))}
    if len(found) == len(names):
        return found
    ReleaseList.objects.bulk_create([ReleaseList(key=name) for name in sorted(names)], ignore_conflicts=True)
    return {row.key: row for row in ReleaseList.objects.filter(key__in=list(names))}


def _note_days(changing: Collection[Standing]) -> None:
    if not changing:
        return
    due = {(str(one.item_id), datetime.combine(one.changes_on, time(), BEIJING)) for one in changing if one.changes_on}
    known = set(
        ReleaseChange.objects.filter(subject="item", key__in=[key for key, _ in due]).values_list("key", "due_at")
    )
    ReleaseChange.objects.bulk_create(
        [ReleaseChange(subject="item", key=key, due_at=moment) for key, moment in sorted(due - known)]
    )


def slots_recount() -> int:
    """Count anew what every list shows; returns how many counts were wrong."""
    wrong = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for row in ReleaseList.objects.all():
            count, shown = row.slots.count(), row.slots.filter(shown=True).count()
            if (row.count, row.shown) != (count, shown):
                wrong += 1
                ReleaseList.objects.filter(pk=row.pk).update(count=count, shown=shown)
    return wrong


def changes_settled(*, ids: Collection[int]) -> None:
    """Take away the changes whose pages are written."""
    ReleaseChange.objects.filter(pk__in=list(ids)).delete()
