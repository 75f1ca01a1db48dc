"""What editors have told the search, and the words of the titles for correcting mistakes; kept in memory for a while."""

from __future__ import annotations

import threading
import time

from gongkai.domain.search import SynonymBook, Vocabulary
from gongkai.portal.models import SynonymGroup
from gongkai.portal.search.store import OpenIndex
from gongkai.rulebook.search import shipped_synonyms

BOOK_SECONDS = 30
VOCABULARY_SECONDS = 600
MOST_TERMS = 200_000

_lock = threading.Lock()
_book: tuple[float, SynonymBook] | None = None
_vocabulary: tuple[float, str, int, Vocabulary] | None = None


def synonym_book() -> SynonymBook:
    """Return the shipped groups and those of the office; a change is known in every process within half a minute."""
    global _book
    kept = _book
    if kept is not None and time.monotonic() - kept[0] < BOOK_SECONDS:
        return kept[1]
    own = SynonymGroup.objects.filter(ended_at__isnull=True).values_list("words", flat=True)
    book = SynonymBook([*shipped_synonyms(), *own])
    _book = (time.monotonic(), book)
    return book


def vocabulary(opened: OpenIndex) -> Vocabulary:
    """Return the words of the titles in the index; made anew ten minutes after the index has changed.

    It may know a word that stands only in a title withdrawn since: whoever offers a correction asks first whether it
    finds anything that is public.
    """
    global _vocabulary
    searcher = opened.index.searcher()
    kept = _vocabulary
    if kept is not None and kept[1] == opened.name:
        fresh = time.monotonic() - kept[0] < VOCABULARY_SECONDS
        if fresh or kept[2] == opened.state[0]:
            return kept[3]
    with _lock:
        made = Vocabulary(dict(searcher.terms_with_prefix("title", "", limit=MOST_TERMS)))
        _vocabulary = (time.monotonic(), opened.name, opened.state[0], made)
        return made


def forget_words() -> None:
    """Drop what is kept in memory: after a change by this process, and in tests."""
    global _book, _vocabulary
    _book = _vocabulary = None
