"""The newest of what the public reads, of some columns and units: what pages of sites list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.features.disclosure.models import Publication
from gongkai.features.disclosure.selectors.public_items import PublicRow, columns_below
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.features.disclosure.selectors.standing import public_rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed: columns with those below (none named: any); units (None: any but ``without_units``), and items.

    ``and_items`` are listed whatever their unit; the columns hold for them too.
    """

    columns: tuple[str, ...] = ()
    units: frozenset[int] | None = None
    without_units: frozenset[int] = frozenset()
    and_items: frozenset[int] = frozenset()


LATEST = 500
"""Items published last that are looked at first: what a page lists is nearly always among them."""


def newest_rows(*, wanted: Wanted, size: int, at: datetime) -> tuple[PublicRow, ...]:
    """Return the lines of what is wanted and public at the moment, by first publication, the newest first.

    A correction moves nothing, as in the lists of the static release.
    """
    current = public_publications(at=at)
    if wanted.columns:
        current = current.filter(columns__has_any_keys=sorted(columns_below(wanted.columns)))
    units = Q(unit_id__in=wanted.units) if wanted.units is not None else ~Q(unit_id__in=wanted.without_units)
    if wanted.units is not None or wanted.without_units:
        current = current.filter(units | Q(item_id__in=wanted.and_items))
    first = Publication.objects.filter(number=1, published_at__lte=at).order_by("-published_at", "-pk")
    latest = list(first.values_list("item_id", flat=True)[:LATEST])
    there = set(current.filter(item_id__in=latest).values_list("item_id", flat=True))
    ids = [one for one in latest if one in there][:size]
    if len(ids) < size and len(latest) == LATEST:
        ids = _further(wanted, current, first, size)
    return rows_in_order(item_ids=ids, at=at)


def _further(wanted: Wanted, current: QuerySet[Publication], first: QuerySet[Publication], size: int) -> list[int]:
    """Return items in order where those published last are not enough.

    Those of columns and units are found by their index and sorted: a walk down from the newest of all would pass nearly
    everything before it met the old items of a column that rests.
    """
    if wanted.columns or wanted.units is not None:
        few = list(current.values_list("item_id", flat=True))
        found = first.filter(item_id__in=few)
    else:
        found = first.filter(Exists(current.filter(item_id=OuterRef("item_id"))))
    return list(found.values_list("item_id", flat=True)[:size])


def rows_in_order(*, item_ids: Collection[int], at: datetime) -> tuple[PublicRow, ...]:
    """Return the lines of those of the items that are public at the moment, in the order given."""
    rows = public_rows(item_ids=item_ids, at=at) if item_ids else {}
    return tuple(rows[one] for one in item_ids if one in rows)
