"""What the static release has to know of many items at once: where each stands, and what else shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from gongkai.features.disclosure.models import (
    BundleMember,
    DirectoryColumn,
    Item,
    Publication,
    Revision,
    ValidityReview,
)
from gongkai.features.disclosure.selectors.public_items import PublicRow
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.kernel.audit.models import Entry

TARGET = "disclosure.item"
MAKE = "disclosure.publication.make"
MOST_STEPS = 20
"""Redirects are followed back no further; it also ends a circle, should the data ever hold one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether and where the public reads an item; ``changes_on`` is the next day on which its validity reads otherwise.

    ``columns`` and ``unit_id`` are those of the newest publication, also when that has ended.
    """

    item_id: int
    uid: UUID
    public: bool
    columns: tuple[str, ...]
    unit_id: int
    first_published_at: datetime
    changes_on: date | None


def standings(*, item_ids: Collection[int], at: datetime, on: date) -> dict[int, Standing]:
    """Return where the items stand that were ever published by the moment, by id; ``on`` is its day (three queries)."""
    rows = (
        Publication.objects.filter(item_id__in=list(item_ids), published_at__lte=at)
        .order_by("item_id", "number")
        .values_list("pk", "item_id", "item__uid", "columns", "unit_id", "published_at", "revision_id", named=True)
    )
    newest, first = {}, {}
    for row in rows:
        first.setdefault(row.item_id, row.published_at)
        newest[row.item_id] = row
    public = set(public_publications(at=at).filter(item_id__in=newest).values_list("pk", flat=True))
    days = _days([row.revision_id for row in newest.values()])
    return {
        row.item_id: Standing(
            item_id=row.item_id,
            uid=row.item__uid,
            public=row.pk in public,
            columns=tuple(row.columns),
            unit_id=row.unit_id,
            first_published_at=first[row.item_id],
            changes_on=min((day for day in days.get(row.revision_id, ()) if day > on), default=None),
        )
        for row in newest.values()
    }


def _days(revision_ids: Collection[int]) -> dict[int, tuple[date, ...]]:
    """The days on which what a revision lays down begins to hold, or holds no more."""
    rows = Revision.objects.filter(pk__in=revision_ids).values_list(
        "pk", "content__effective_on", "content__expires_on"
    )
    found = {}
    for pk, effective, expires in rows:
        days = [date.fromisoformat(effective)] if effective else []
        days += [date.fromisoformat(expires) + timedelta(days=1)] if expires else []
        found[pk] = tuple(days)
    return found


def items_published(*, at: datetime, chunk: int) -> Iterator[list[int]]:
    """Yield the ids of all items ever published by the moment, in the order of their first publication, in chunks."""
    found = Publication.objects.filter(number=1, published_at__lte=at).order_by("published_at", "pk")
    ids: list[int] = []
    for item_id in found.values_list("item_id", flat=True).iterator(chunk_size=2000):
        ids.append(item_id)
        if len(ids) == chunk:
            yield ids
            ids = []
    if ids:
        yield ids


def items_count(*, at: datetime) -> int:
    """Return how many items were ever published by the moment."""
    return Publication.objects.filter(number=1, published_at__lte=at).count()


def column_parents() -> dict[str, str | None]:
    """Return the columns that are not closed: code → code of the column above."""
    return dict(DirectoryColumn.objects.filter(closed_on__isnull=True).values_list("code", "parent__code"))


def column_parents_all() -> dict[str, str | None]:
    """Return every column, closed ones included: code → code of the column above."""
    return dict(DirectoryColumn.objects.values_list("code", "parent__code"))


def public_rows(*, item_ids: Collection[int], at: datetime) -> dict[int, PublicRow]:
    """Return the lines of lists for those of the items that the public reads at the moment, by id (two queries).

    The moment told is that of the first publication: lists stand in that order, and a correction moves nothing.
    """
    found = public_publications(at=at).filter(item_id__in=list(item_ids)).select_related("item").defer("item__draft")
    first = dict(
        Publication.objects.filter(item_id__in=list(item_ids), number=1).values_list("item_id", "published_at")
    )
    return {
        row.item_id: PublicRow(
            uid=row.item.uid,
            item_id=row.item_id,
            title=row.title,
            index_no=row.item.index_no or "",
            doc_no=row.doc_no,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            kind=row.item_kind,
            columns=tuple(row.columns),
            published_at=first[row.item_id],
        )
        for row in found
    }


def public_moments(*, item_ids: Collection[int], at: datetime) -> dict[int, tuple[UUID, datetime]]:
    """Return public identifier and moment of the newest publication of the items that are public, by id (one query)."""
    found = public_publications(at=at).filter(item_id__in=list(item_ids))
    return {
        item_id: (uid, moment) for item_id, uid, moment in found.values_list("item_id", "item__uid", "published_at")
    }


def items_showing(*, item_ids: Iterable[int]) -> set[int]:
    """Return the items whose pages show one of these: bundled with it, replaced by it, or leading their readers to it."""
    ids = set(item_ids)
    bundles = BundleMember.objects.filter(item_id__in=ids, open=False).values("bundle_id")
    found = set(BundleMember.objects.filter(bundle_id__in=bundles, open=False).values_list("item_id", flat=True))
    found |= set(ValidityReview.objects.filter(instead_id__in=ids).values_list("item_id", flat=True))
    leading = ids
    for _ in range(MOST_STEPS):
        more = Publication.objects.filter(end__redirect_to_id__in=leading).values_list("item_id", flat=True)
        leading = set(more) - found - ids
        if not leading:
            break
        found |= leading
    return found - ids


def items_entered(*, after: int, until: int) -> set[int]:
    """Return the items whose publication the audit trail names between two of its entries (the first one excluded)."""
    found = Entry.objects.filter(target_type=TARGET, action=MAKE, sequence__gt=after, sequence__lte=until)
    return {int(target) for target in found.values_list("target_id", flat=True)}


def uids_of(*, item_ids: Collection[int]) -> dict[int, UUID]:
    """Return the public identifiers of items, by id."""
    return dict(Item.objects.filter(pk__in=list(item_ids)).values_list("pk", "uid"))
