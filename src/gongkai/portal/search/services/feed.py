"""Bringing the index up to the publications.

``SearchEntry`` says what is in the index and holds no truth: what is public and not in it is put in, what is in it and
not public is taken out. First the index is committed, then the rows are written; after a crash in between the same is
done again and comes to the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import tantivy
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.features.disclosure.selectors.search_feed import (
    PublishedFacts,
    directory_digest,
    newest_reviews,
    published_facts,
)
from gongkai.portal.models import SearchEntry, SearchGeneration
from gongkai.portal.search import store
from gongkai.portal.search.cutters import WORTH, cut_all
from gongkai.portal.search.documents import document_of
from gongkai.portal.search.schema import SearchDocument, as_document, build_schema, document_from
from gongkai.portal.search.services.attachments import attachment_texts, texts_forget

CHUNK, LARGE_CHUNK = 500, 1_000
"""Publications read at a time: beside the daily work, where they are committed together, and for a whole index."""
COMMITTED, TOLD = 20_000, 200
"""After how many documents a whole index is committed, and whoever waits is told."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many documents were put into the index (again), and how many were taken out. None where there is no index."""

    put: int
    taken: int


def index_follow(*, at: datetime) -> Followed | None:
    """Bring the current generation up to what is public at the moment; what has another validity or place is put anew.

    Returns None where there is no index: ``index_rebuild`` makes one.
    """
    with store.writing():
        name = store.current_name()
        generation = SearchGeneration.objects.filter(name=name).first() if name else None
        if generation is None:
            return None
        directory = directory_digest()
        ids = _to_put(generation, at=at, moved=directory != generation.directory)
        gone = list(_to_take(name, at=at))
        put = taken = 0
        if ids or gone:
            writer = store.open_for_writing(name).writer(store.HEAP_BYTES, 1)
            try:
                taken = _take(writer, name, gone, at=at)
                for chunk in _chunks(ids):
                    put += put_chunk(writer, name, chunk, at=at)
            finally:
                writer.wait_merging_threads()
        SearchGeneration.objects.filter(pk=generation.pk).update(swept_at=at, directory=directory)
    return Followed(put, taken)


def put_chunk(writer: tantivy.IndexWriter, name: str, publication_ids: Collection[int], *, at: datetime) -> int:
    """Lay publications down in a generation in the place of what it has of their items; returns how many."""
    facts, texts = _read(publication_ids, at)
    _drop(writer, [one.item_id for one in facts])
    for one in facts:
        writer.add_document(as_document(document_of(one, texts)))
    writer.commit()
    with transaction.atomic():
        SearchEntry.objects.filter(generation=name, item_id__in=[one.item_id for one in facts]).delete()
        SearchEntry.objects.bulk_create(_entry(one, name, at) for one in facts)
    return len(facts)


def _read(publication_ids: Collection[int], at: datetime) -> tuple[list[PublishedFacts], dict[str, str]]:
    """Publications as the search needs them, and the texts of their attachments."""
    facts = published_facts(publication_ids=publication_ids, on=at.astimezone(BEIJING).date())
    return facts, attachment_texts(files=[file for one in facts for file in one.content.attachments], now=at)


def _entry(facts: PublishedFacts, name: str, at: datetime) -> SearchEntry:
    return SearchEntry(
        generation=name,
        item_id=facts.item_id,
        publication_id=facts.publication_id,
        review_id=facts.review_id,
        again_on=facts.again_on,
        files=[file.sha256 for file in facts.content.attachments],
        indexed_at=at,
    )


def _to_put(generation: SearchGeneration, *, at: datetime, moved: bool) -> list[int]:
    """The publications that are not in the index as they are now."""
    found = public_publications(at=at)
    entries = SearchEntry.objects.filter(generation=generation.name)
    if moved:
        return list(found.order_by("pk").values_list("pk", flat=True))
    new = found.filter(~Exists(entries.filter(publication_id=OuterRef("pk"))))
    wanted = dict.fromkeys(new.order_by("pk").values_list("pk", flat=True))
    stale = set(entries.filter(again_on__lte=at.astimezone(BEIJING).date()).values_list("publication_id", flat=True))
    reviews = newest_reviews()
    known = entries.filter(item_id__in=list(reviews)) if len(reviews) < CHUNK else entries
    for item_id, publication_id, review_id in known.values_list("item_id", "publication_id", "review_id"):
        if reviews.get(item_id, 0) != review_id:
            stale.add(publication_id)
    wanted.update(dict.fromkeys(_still_public(found, stale)))
    return list(wanted)


def _still_public(found: QuerySet, publication_ids: Collection[int]) -> list[int]:
    if not publication_ids:
        return []
    return list(found.filter(pk__in=publication_ids).order_by("pk").values_list("pk", flat=True))


def _to_take(name: str, *, at: datetime) -> QuerySet[SearchEntry]:
    """The entries whose items are not public any more; where another version is public, that one replaces it."""
    entries = SearchEntry.objects.filter(generation=name)
    return entries.filter(~Exists(public_publications(at=at).filter(item_id=OuterRef("item_id"))))


def _take(writer: tantivy.IndexWriter, name: str, gone: list[SearchEntry], *, at: datetime) -> int:
    if not gone:
        return 0
    _drop(writer, [entry.item_id for entry in gone])
    writer.commit()
    with transaction.atomic():
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
        texts_forget(digests={digest for entry in gone for digest in entry.files}, at=at)
    return len(gone)


def _drop(writer: tantivy.IndexWriter, item_ids: Collection[int]) -> None:
    """Delete documents by a query: by a term tantivy looks for a signed number and deletes nothing, without a word."""
    if item_ids:
        writer.delete_documents_by_query(tantivy.Query.term_set_query(build_schema(), "item_id", sorted(item_ids)))


def _chunks(ids: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    pending = iter(ids)
    while chunk := list(itertools.islice(pending, size)):
        yield chunk


Tell = Callable[[int, int], None]
"""Told after every chunk: how many are done, and how many there are."""


def index_rebuild(*, at: datetime, tell: Tell | None = None, processes: int = 1) -> int | None:
    """Make a new generation beside the current one and let it take its place; returns how many documents it has.

    Searches go on in the old one meanwhile, and so does the feed: what has changed since ``at`` is taken in by the next
    comparison. Returns None where another process is at it already. After a crash the old one is still in use, and the
    next rebuild clears away what was left behind. ``processes``: in how many others texts are cut, where there are many.
    """
    with store.rebuilding() as mine:
        if not mine:
            return None
        _clear(keep={store.current_name()})
        name = store.new_name(now=at)
        done = 0
        generation = SearchGeneration.objects.create(name=name, made_at=at, directory=directory_digest())
        ids = list(public_publications(at=at).order_by("pk").values_list("pk", flat=True))
        writer = store.create(name).writer(store.HEAP_BYTES, 1)
        several = processes if len(ids) >= WORTH else 1
        for fields in cut_all(_documents(ids, name, at), processes=several):
            writer.add_document(document_from(fields))
            done += 1
            if done % COMMITTED == 0:
                writer.commit()
            if tell is not None and done % TOLD == 0:
                tell(done, len(ids))
        writer.commit()
        if tell is not None:
            tell(done, len(ids))
        writer.wait_merging_threads()
        with store.writing():
            before = store.current_name()
            generation.swept_at = at
            generation.save(update_fields=["swept_at"])
            store.make_current(name)
            _clear(keep={name, before}, rows={name})
        return done


def _documents(ids: Iterable[int], name: str, at: datetime) -> Iterator[SearchDocument]:
    """The documents of a new generation. Nobody reads it yet, so its rows may be there before it is committed."""
    for chunk in _chunks(ids, LARGE_CHUNK):
        facts, texts = _read(chunk, at)
        yield from (document_of(one, texts) for one in facts)
        SearchEntry.objects.bulk_create(_entry(one, name, at) for one in facts)


def _clear(*, keep: set[str], rows: set[str] | None = None) -> None:
    """Delete the folders that are not to be kept, and the rows of all generations but ``rows``."""
    kept = keep if rows is None else rows
    for name in store.folders():
        if name not in keep:
            store.remove(name)
    SearchEntry.objects.exclude(generation__in=kept).delete()
    SearchGeneration.objects.exclude(name__in=kept).delete()
