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


RARE = 3000
"""Up to so many items of the columns and units that are wanted are fetched and sorted; of more, the newest are found on the way
down from the newest of all. Whichever way, the lines are the same."""


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
    found = Publication.objects.filter(number=1, published_at__lte=at)
    few = _few(current) if wanted.columns or wanted.units is not None else None
    found = (
        found.filter(Exists(current.filter(item_id=OuterRef("item_id"))))
        if few is None
        else found.filter(item_id__in=few)
    )
    ids = list(found.order_by("-published_at", "-pk").values_list("item_id", flat=True)[:size])
    return rows_in_order(item_ids=ids, at=at)


def _few(current: QuerySet[Publication]) -> list[int] | None:
    """Return the items of these publications, None where they are many: then a line is soon found among the newest of all."""
    ids = list(current.values_list("item_id", flat=True)[: RARE + 1])
    return ids if len(ids) <= RARE else None


def rows_in_order(*, item_ids: Collection[int], at: datetime) -> tuple[PublicRow, ...]:
    """Return the lines of those of the items that are public at the moment, in the order given."""
    rows = public_rows(item_ids=item_ids, at=at) if item_ids else {}
    return tuple(rows[one] for one in item_ids if one in rows)
