"""What anybody may read: by publications and the moment alone, whatever stands in the item, a state or a cache.

Content is read from the published revision and its digest is computed anew: a row that was forged in the database is
not shown, and is logged.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import CharField, F, Func, Q, QuerySet, Value

from gongkai.domain.identifiers import SPELLED, UNIFIED, unified
from gongkai.domain.items import ItemContent
from gongkai.domain.publishing import last_of
from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.models import DirectoryColumn, Item, Publication, PublicationEnd
from gongkai.features.disclosure.selectors.publications import ending_of, is_public, public_publications
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules

logger = logging.getLogger(__name__)

LATE_ENTRY = timedelta(minutes=10)
"""From how far apart on the day of publication and the database's own time are pointed out to the reader."""
MANY = 10_000
"""Up to how many rows are counted for the pages of a list; what comes after is reached by narrowing it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """That the item was published anew: number of the publication, moment, and what was said about the change."""

    number: int
    published_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class PublicItem:
    """What the public reads of an item. ``entered_late``: it was entered into the record later than it says (补录)."""

    uid: UUID
    item_id: int
    number: int
    kind: str
    kind_label: str
    title: str
    index_no: str
    content: ItemContent
    unit_id: int
    unit_name: str
    published_at: datetime
    first_published_at: datetime
    corrections: tuple[Correction, ...]
    digest: str
    entered_at: datetime
    entered_late: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What the public reads in the place of something taken down. For what was published by mistake the title is empty."""

    uid: UUID
    item_id: int
    title: str
    unit_name: str
    kind: str
    kind_label: str
    reason: str
    published_at: datetime
    ended_at: datetime
    redirect_uid: UUID | None
    redirect_title: str


@dataclass(frozen=True, slots=True)
class PublicFilters:
    """What a public list may be narrowed by: codes of columns (those below included), units, a kind, days, words.

    Every word of ``text`` is looked for in title, document number and index number; brackets and digits of any form
    are the same.
    """

    columns: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()
    kind: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of a public list."""

    uid: UUID
    item_id: int
    title: str
    index_no: str
    doc_no: str
    unit_id: int
    unit_name: str
    kind: str
    columns: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of a public list; ``total`` is counted up to ten thousand, ``many`` tells that there are more."""

    rows: tuple[PublicRow, ...]
    page: int
    pages: int
    total: int
    many: bool


def public_item_get(*, uid: UUID | str, at: datetime) -> PublicItem | Tombstone | None:
    """Return what the public reads under this identifier at the moment; None when nothing ever was there."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(str(uid))
    except ValueError:
        return None
    return public_items_get(uids=[wanted], at=at).get(wanted)


def public_items_get(*, uids: Collection[UUID], at: datetime) -> dict[UUID, PublicItem | Tombstone]:
    """Return the same for many identifiers at once, by identifier; those that are nothing to the public are left out."""
    rows = Publication.objects.filter(item__uid__in=list(uids), published_at__lte=at)
    rows = rows.select_related("item", "revision", "end", "end__redirect_to").defer(
        "item__draft", "end__redirect_to__draft"
    )
    found: dict[UUID, PublicItem | Tombstone] = {}
    for uid, history in groupby(rows.order_by("item_id", "-number"), key=lambda row: row.item.uid):
        shown = _shown(uid, list(history), at)
        if shown is not None:
            found[uid] = shown
    return found


def _shown(wanted: UUID, history: list[Publication], at: datetime) -> PublicItem | Tombstone | None:
    """What is shown of an item, from its publications, the newest first."""
    newest = history[0]
    end = ending_of(newest)
    if end is not None and end.ended_at <= at:
        return _tombstone(newest, end, at)
    content = ItemContent.from_data(newest.revision.content)
    if content.digest() != newest.digest:
        logger.error("publication %s does not agree with its digest and is not shown", newest.pk)
        return None
    return PublicItem(
        uid=wanted,
        item_id=newest.item_id,
        number=newest.number,
        kind=newest.kind,
        kind_label=newest.get_kind_display(),
        title=newest.title,
        index_no=newest.item.index_no or "",
        content=content,
        unit_id=newest.unit_id,
        unit_name=newest.unit_name,
        published_at=newest.published_at,
        first_published_at=history[-1].published_at,
        corrections=tuple(
            Correction(row.number, row.published_at, row.revision.note) for row in reversed(history[:-1])
        ),
        digest=newest.digest,
        entered_at=newest.entered_at,
        entered_late=newest.entered_at - newest.published_at > LATE_ENTRY,
    )


def _tombstone(publication: Publication, end: PublicationEnd, at: datetime) -> Tombstone:
    target = _led_on_to(end, at)
    by_mistake = end.kind == PublicationEnd.Kind.ERROR
    return Tombstone(
        uid=publication.item.uid,
        item_id=publication.item_id,
        title="" if by_mistake else publication.title,
        unit_name=publication.unit_name,
        kind=end.kind,
        kind_label=end.get_kind_display(),
        reason=end.reason,
        published_at=publication.published_at,
        ended_at=end.ended_at,
        redirect_uid=target.item.uid if target else None,
        redirect_title=target.title if target else "",
    )


def _led_on_to(end: PublicationEnd, at: datetime) -> Publication | None:
    """Follow the redirects to the last item; None when it is not public at the moment, or they run in a circle."""
    if end.redirect_to_id is None:
        return None

    def next_of(item_id: int) -> int | None:
        if is_public(item_ids=[item_id], at=at):
            return None
        ends = PublicationEnd.objects.filter(publication__item_id=item_id, ended_at__lte=at)
        return ends.order_by("-publication__number").values_list("redirect_to_id", flat=True).first()

    last = last_of(end.redirect_to_id, next_of)
    if last is None:
        return None
    return public_publications(at=at).filter(item_id=last).select_related("item").first()


def public_item_list(
    *, filters: PublicFilters = PublicFilters(), page: int = 1, size: int = 20, at: datetime
) -> PublicPage:
    """Return a page of what the public reads at the moment, the newest first."""
    found = narrowed(public_publications(at=at), filters)
    total = found.order_by().values("pk")[: MANY + 1].count()
    pages = Paginator(range(min(total, MANY)), size).num_pages
    page = max(1, min(page, pages))
    rows = found.select_related("item").order_by("-published_at", "-pk")[(page - 1) * size : page * size]
    return PublicPage(
        rows=tuple(_row(row) for row in rows), page=page, pages=pages, total=min(total, MANY), many=total > MANY
    )


def narrowed(
    found: QuerySet[Publication], filters: PublicFilters, *, parents: Mapping[str, str | None] | None = None
) -> QuerySet[Publication]:
    """Return those of the publications that the filters leave; ``parents`` as for ``columns_below``."""
    if filters.columns:
        found = found.filter(columns__has_any_keys=sorted(columns_below(filters.columns, parents=parents)))
    if filters.unit_ids:
        found = found.filter(unit_id__in=filters.unit_ids)
    if filters.kind:
        found = found.filter(item_kind=filters.kind)
    words = unified(filters.text).split()
    if words:
        found = found.alias(said_title=_unified("title"), said_number=_unified("doc_no"))
    for word in words:
        found = found.filter(
            Q(said_title__icontains=word) | Q(said_number__icontains=word) | Q(item__index_no__icontains=word)
        )
    if filters.since:
        found = found.filter(published_at__gte=_start_of(filters.since))
    if filters.until:
        found = found.filter(published_at__lt=_start_of(filters.until + timedelta(days=1)))
    return found


def _unified(column: str) -> Func:
    """Return a column with its brackets and digits in one form, as ``identifiers.unified`` has them."""
    return Func(F(column), Value(SPELLED), Value(UNIFIED), function="translate", output_field=CharField())


def public_units(*, at: datetime) -> list[tuple[int, str]]:
    """Return the units of which something is public at the moment, as (id, name), in their order."""
    found = public_publications(at=at).order_by().values("unit_id").distinct()
    return [(unit.pk, unit.display_name) for unit in Unit.objects.filter(pk__in=found).order_by("sort_key", "pk")]


def public_kinds(*, at: datetime) -> list[tuple[str, str]]:
    """Return the kinds of which something is public at the moment, as (code, name), in the rulebook's order."""
    found = set(public_publications(at=at).order_by().values_list("item_kind", flat=True).distinct())
    return [(code, kind.name) for code, kind in disclosure_rules().kinds.items() if code in found]


def columns_below(codes: Iterable[str], *, parents: Mapping[str, str | None] | None = None) -> frozenset[str]:
    """Return the columns and everything below them in the directory.

    ``parents`` is the directory as code → code of the column above, where it was read before.
    """
    children: dict[str | None, list[str]] = {}
    known = DirectoryColumn.objects.values_list("code", "parent__code") if parents is None else parents.items()
    for code, parent in known:
        children.setdefault(parent, []).append(code)
    found: set[str] = set()
    todo = list(codes)
    while todo:
        code = todo.pop()
        if code not in found:
            found.add(code)
            todo.extend(children.get(code, ()))
    return frozenset(found)


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def _row(publication: Publication) -> PublicRow:
    item: Item = publication.item
    return PublicRow(
        uid=item.uid,
        item_id=item.pk,
        title=publication.title,
        index_no=item.index_no or "",
        doc_no=publication.doc_no,
        unit_id=publication.unit_id,
        unit_name=publication.unit_name,
        kind=publication.item_kind,
        columns=tuple(publication.columns),
        published_at=publication.published_at,
    )
