"""Which of some publications a saved search finds: what has all of its words, as its feed shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import tantivy

from gongkai.domain.search import parse_query
from gongkai.portal.models import SearchGeneration
from gongkai.portal.search import store
from gongkai.portal.search.asking import Filters, Match, narrowed, words_query
from gongkai.portal.search.schema import Shown
from gongkai.portal.search.words import synonym_book

MOST = 2_000
"""Publications told of one search at a time; who saves a search for everything gets the newest of them."""


def compared_until() -> datetime | None:
    """Return the moment up to which the index was compared with the publications; None where there is no index."""
    opened = store.opened()
    if opened is None:
        return None
    generation = SearchGeneration.objects.filter(name=opened.name, swept_at__isnull=False).first()
    return generation.swept_at if generation is not None else None


def matching(*, text: str, filters: Filters, publication_ids: Collection[int]) -> list[int]:
    """Return those of the publications that are found, the newest first; none where there is no index.

    The index may know more than is public: the caller gives publications that are.
    """
    opened = store.opened()
    if opened is None or not publication_ids:
        return []
    schema, searcher = opened.index.schema, opened.index.searcher()
    found = words_query(schema, parse_query(text), synonym_book(), Match.ALL, titled=True)
    among = tantivy.Query.term_set_query(schema, "publication_id", sorted(publication_ids))
    asked = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, narrowed(schema, found, filters)), (tantivy.Occur.Must, among)]
    )
    hits = searcher.search(asked, limit=MOST, count=False, order_by_field="published_at").hits
    return [int(Shown.read(bytes(searcher.doc(address).get_first("shown"))).publication_id) for _, address in hits]
