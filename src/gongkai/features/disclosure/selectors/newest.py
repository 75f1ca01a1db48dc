"""The newest of what the public reads, of some columns and units: what pages of sites list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

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


def newest_rows(*, wanted: Wanted, size: int, at: datetime) -> tuple[PublicRow, ...]:
    """Return the lines of what is wanted and public at the moment, by first publication, the newest first.

    A correction moves nothing, as in the lists of the static release.
    """
    current = public_publications(at=at).filter(item_id=OuterRef("item_id"))
    if wanted.columns:
        current = current.filter(columns__has_any_keys=sorted(columns_below(wanted.columns)))
    units = Q(unit_id__in=wanted.units) if wanted.units is not None else ~Q(unit_id__in=wanted.without_units)
    if wanted.units is not None or wanted.without_units:
        current = current.filter(units | Q(item_id__in=wanted.and_items))
    found = Publication.objects.filter(Exists(current), number=1, published_at__lte=at)
    ids = list(found.order_by("-published_at", "-pk").values_list("item_id", flat=True)[:size])
    return rows_in_order(item_ids=ids, at=at)


def rows_in_order(*, item_ids: Collection[int], at: datetime) -> tuple[PublicRow, ...]:
    """Return the lines of those of the items that are public at the moment, in the order given."""
    rows = public_rows(item_ids=item_ids, at=at) if item_ids else {}
    return tuple(rows[one] for one in item_ids if one in rows)
