"""Searching: what is found for a query, by facets, and what is suggested while somebody types.

Nothing is shown that is not public at the moment: publications that have ended since the index was last compared are
taken out of the query itself, so that no count tells of them, and every result is compared with the publications again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import tantivy

from gongkai.domain.items.validity import Validity
from gongkai.domain.publishing.moments import BEIJING
from gongkai.domain.search import Piece, Query, SynonymBook, clean, highlight, is_latin, parse_query, snippet
from gongkai.features.disclosure.selectors.public_items import PublicRow
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.features.disclosure.selectors.search_feed import publications_ended
from gongkai.portal.models import PinnedResult, SearchGeneration
from gongkai.portal.search import store
from gongkai.portal.search.asking import (
    Filters,
    Match,
    loose_number_terms,
    narrowed,
    shown_terms,
    suggest_query,
    title_query,
    words_query,
)
from gongkai.portal.search.facets import Facet, Tally, tally_of
from gongkai.portal.search.schema import FACETS, Shown
from gongkai.portal.search.words import synonym_book, vocabulary

logger = logging.getLogger(__name__)

SIZE = 10
LAST_PAGE = 100
"""Pages that can be turned to; who needs more narrows the results."""
MARGIN = timedelta(minutes=10)
"""How long before the last comparison an end may lie and not have been seen by it: its transaction was still open."""
SUGGESTED = 8
LATIN_TERMS = 50
PINNED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what was typed, by what it is narrowed, in which order, and which page."""

    text: str = ""
    filters: Filters = Filters()
    by_date: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. ``title`` and ``text`` come in pieces, ``file`` names the attachment in which ``text`` stands."""

    uid: str
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    file: str
    unit_name: str
    doc_no: tuple[Piece, ...]
    index_no: str
    kind: str
    published_at: datetime
    validity: Validity | None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. ``loose``: no document has all of the words, those shown have most of them.

    ``corrected`` is what was probably meant; ``ready`` is False where there is no index (yet).
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    loose: bool = False
    corrected: str = ""
    facets: tuple[Facet, ...] = ()
    ready: bool = True


@dataclass(slots=True)
class _Session:
    """One question to one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    hidden: Collection[int]
    at: datetime
    book: SynonymBook = field(default_factory=lambda: SynonymBook([]))

    def tally(self, query: tantivy.Query, filters: Filters) -> Tally:
        """Count what a query finds, with its facets."""
        return tally_of(self.searcher, self.schema, query, filters, self.hidden)

    def finds(self, query: tantivy.Query) -> bool:
        """Tell whether a query finds anything that has not ended."""
        wanted = narrowed(self.schema, query, Filters(), self.hidden)
        return bool(self.searcher.search(wanted, limit=1, count=False).hits)

    def public(self, shown: list[Shown]) -> list[Shown]:
        """Return those that the public reads at this moment, as they are read."""
        ids = [one.publication_id for one in shown]
        known = set(public_publications(at=self.at).filter(pk__in=ids).values_list("pk", flat=True))
        return [one for one in shown if one.publication_id in known]


def _session(at: datetime) -> tuple[_Session, store.OpenIndex] | None:
    opened = store.opened()
    if opened is None:
        return None
    generation = SearchGeneration.objects.filter(name=opened.name, swept_at__isnull=False).first()
    if generation is None:
        return None
    hidden = publications_ended(since=generation.swept_at - MARGIN, at=at)
    session = _Session(opened.index.searcher(), opened.index.schema, hidden, at, synonym_book())
    return session, opened


def index_ready() -> bool:
    """Tell whether there is an index that can be opened and that this database knows."""
    opened = store.opened()
    return opened is not None and SearchGeneration.objects.filter(name=opened.name, swept_at__isnull=False).exists()


def search(*, asked: Asked, at: datetime) -> Found:
    """Return a page of what the public finds at the moment."""
    query = parse_query(asked.text)
    begun = _session(at)
    if begun is None:
        return Found(query=query, ready=False)
    session, opened = begun
    loose = False
    base = words_query(session.schema, query, session.book, Match.ALL, titled=_titled(session, query))
    tally = session.tally(base, asked.filters)
    if not tally.total and not query.empty and not (asked.filters.active and session.finds(base)):
        loose = True
        base = words_query(session.schema, query, session.book, Match.MOST)
        tally = session.tally(base, asked.filters)
    found, total = narrowed(session.schema, base, asked.filters, session.hidden), tally.total
    pages = max(1, min(LAST_PAGE, -(-total // SIZE)))
    page = max(1, min(asked.page, pages))
    shown = _page(session, found, asked, page) if total else []
    pinned = _pinned(session, query, at) if page == 1 and not asked.filters.active and not asked.by_date else []
    above = {one.uid for one in pinned}
    terms = [*shown_terms(query, session.book), *loose_number_terms(query)]
    hits = [_hit(one, terms, pinned=True) for one in pinned]
    hits += [_hit(one, terms) for one in shown if one.uid not in above]
    return Found(
        query=query,
        hits=tuple(hits),
        total=total,
        page=page,
        pages=pages,
        loose=loose and total > 0,
        corrected=_corrected(session, opened, query) if not query.empty and (loose or total < 3) else "",
        facets=tally.facets,
    )


def suggest(*, text: str, at: datetime) -> list[str]:
    """Return titles of public documents that somebody may be about to type, the likeliest first."""
    query = parse_query(clean(text))
    begun = _session(at) if not query.empty else None
    if begun is None:
        return []
    session, _ = begun
    typed = query.title_key
    latin = session.searcher.terms_with_prefix("pinyin", typed, limit=LATIN_TERMS) if is_latin(typed) else []
    wanted = suggest_query(session.schema, query, [term for term, _ in latin])
    if wanted is None:
        return []
    found = narrowed(session.schema, wanted, Filters(), session.hidden)
    hits = session.searcher.search(found, limit=SUGGESTED * 2, count=False, weight_by_field="weight").hits
    shown = [_read(session, address) for _, address in hits]
    return list(dict.fromkeys(one.title for one in session.public(shown)))[:SUGGESTED]


def _page(session: _Session, found: tantivy.Query, asked: Asked, page: int) -> list[Shown]:
    newest = asked.by_date or not asked.text.strip()
    options: dict[str, str] = {"order_by_field": "published_at"} if newest else {"weight_by_field": "weight"}
    result = session.searcher.search(found, limit=SIZE, offset=(page - 1) * SIZE, count=False, **options)
    return session.public([_read(session, address) for _, address in result.hits])


def _read(session: _Session, address: tantivy.DocAddress) -> Shown:
    return Shown.read(bytes(session.searcher.doc(address).get_first("shown")))


def _hit(shown: Shown, terms: list[str], *, pinned: bool = False) -> Hit:
    text, file = snippet(shown.body, terms), ""
    if not any(piece.hit for piece in text):
        for name, said in shown.files:
            inside = snippet(said, terms)
            if any(piece.hit for piece in inside):
                text, file = inside, name
                break
            if not file and any(piece.hit for piece in highlight(name, terms)):
                file = name
    return Hit(
        uid=shown.uid,
        title=highlight(shown.title, terms),
        text=text,
        file=file,
        unit_name=shown.unit_name,
        doc_no=highlight(shown.doc_no, terms),
        index_no=shown.index_no,
        kind=shown.kind,
        published_at=datetime.fromisoformat(shown.published_at),
        validity=Validity(shown.validity) if shown.validity else None,
        pinned=pinned,
    )


def _corrected(session: _Session, opened: store.OpenIndex, query: Query) -> str:
    """What was probably meant, where it finds something that is public."""
    meant = vocabulary(opened).correct(query.text)
    if meant is None:
        return ""
    again = words_query(session.schema, parse_query(meant), session.book, Match.ALL)
    return meant if session.finds(again) else ""


def _titled(session: _Session, query: Query) -> bool:
    """Tell whether what was typed is the title of a document, letter for letter."""
    return bool(query.title_key) and session.finds(title_query(session.schema, query))


def _pinned(session: _Session, query: Query, at: datetime) -> list[Shown]:
    if not query.title_key:
        return []
    day = _day(at)
    rows = PinnedResult.objects.filter(ended_at__isnull=True, keys__contains=query.title_key).order_by("created_at")
    uids = [row.item_uid for row in rows if _holds(row, day)][:PINNED]
    if not uids:
        return []
    ids = dict(public_publications(at=at).filter(item__uid__in=uids).values_list("item__uid", "pk"))
    found = []
    for uid in uids:
        term = tantivy.Query.term_query(session.schema, "publication_id", ids[uid]) if uid in ids else None
        hits = session.searcher.search(term, limit=1, count=False).hits if term is not None else []
        found += [_read(session, address) for _, address in hits]
    return session.public(found)


def _holds(row: PinnedResult, day: date) -> bool:
    return (row.from_on is None or row.from_on <= day) and (row.until_on is None or day <= row.until_on)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def hit_of(row: PublicRow) -> Hit:
    """Return a line of the plain list as a result, for the time in which there is no index."""
    return Hit(
        uid=str(row.uid),
        title=(Piece(row.title),),
        text=(),
        file="",
        unit_name=row.unit_name,
        doc_no=(Piece(row.doc_no),) if row.doc_no else (),
        index_no=row.index_no,
        kind=row.kind,
        published_at=row.published_at,
        validity=None,
    )


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return the filters that a request names; what cannot be a code is left out."""
    chosen = {}
    for name in FACETS:
        code = clean(given.get(name, ""), longest=41)
        if code and len(code) <= 40:
            chosen[name] = code
    return Filters(chosen)


__all__ = ["Asked", "Filters", "Found", "Hit", "filters_of", "hit_of", "index_ready", "search", "suggest"]
