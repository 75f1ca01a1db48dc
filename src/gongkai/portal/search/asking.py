"""From what somebody means to a query of the index."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import tantivy
from tantivy import Occur

from gongkai.domain.search import Query, SynonymBook, cut, is_latin, is_weak, number_terms
from gongkai.portal.search.schema import FACETS

EXACT_TITLE, EXACT_NUMBER = 100_000.0, 10_000.0
"""Scores beyond what words can reach: the title itself, then a number typed in full, stand on top."""
TITLE, NUMBERS, PINYIN, BODY, FILES = 6.0, 4.0, 3.0, 1.0, 0.4
TITLE_PHRASE = 8.0
ENOUGH = 0.6
"""The part of the words that a document must have where none has all of them."""
LONG = 9
"""From how many terms on a document need not have all of them from the start: somebody pasted a sentence."""
MOST_TERMS = 60


class Match(StrEnum):
    """How much of the words a document must have."""

    ALL = "all"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Filters:
    """What results are narrowed by: facet → code; "" is everything."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def without(self, facet: str) -> Filters:
        """Return the filters without one facet."""
        return Filters({name: code for name, code in self.chosen.items() if name != facet})

    @property
    def active(self) -> tuple[str, ...]:
        """Return the facets by which results are narrowed, in their order."""
        return tuple(name for name in FACETS if self.chosen.get(name))


def words_query(
    schema: tantivy.Schema, query: Query, book: SynonymBook, match: Match, *, titled: bool = False
) -> tantivy.Query:
    """Return the query for what was typed; for an empty one everything is found.

    ``titled``: it is the title of a document, so that there is no need to guess and all words are asked for, however
    many they are; that is many times faster than to look for most of them.
    """
    if query.empty:
        return tantivy.Query.all_query()
    strong, weak = _parts(schema, query, book)
    phrases = [_phrase(schema, phrase) for phrase in query.phrases]
    bonus = [(Occur.Should, one) for one in (*_exact(schema, query), *_together(schema, query))]
    if not strong:
        strong, weak = weak, []
    if match is Match.MOST or (len(strong) >= LONG and not titled):
        least = max(1, math.ceil(len(strong) * ENOUGH))
        words = tantivy.Query.boolean_query([(Occur.Should, one) for one in strong], least) if strong else None
    else:
        words = tantivy.Query.boolean_query([(Occur.Must, one) for one in strong]) if strong else None
    if match is Match.MOST:
        phrases = [_loose(schema, phrase) for phrase in query.phrases]
    needed = [(Occur.Must, one) for one in ([words] if words is not None else []) + phrases]
    found = tantivy.Query.boolean_query([*needed, *((Occur.Should, one) for one in weak), *bonus])
    if query.number_only or query.index_no or titled:  # the words around may be cut otherwise than in the title
        return tantivy.Query.boolean_query([(Occur.Should, one) for one in (*_exact(schema, query), found)], 1)
    return found


def title_query(schema: tantivy.Schema, query: Query) -> tantivy.Query:
    """Return the query for documents whose title is what was typed."""
    return tantivy.Query.term_query(schema, "title_key", query.title_key, "basic")


def narrowed(
    schema: tantivy.Schema, found: tantivy.Query, filters: Filters, hidden: Collection[int] = ()
) -> tantivy.Query:
    """Return a query narrowed by facets, without the publications that are ``hidden``; scores stay as they are."""
    parts = [(Occur.Must, found)]
    for name in filters.active:
        term = tantivy.Query.term_query(schema, name, filters.chosen[name], "basic")
        parts.append((Occur.Must, tantivy.Query.const_score_query(term, 0.0)))
    if hidden:
        gone = tantivy.Query.term_set_query(schema, "publication_id", sorted(hidden))
        parts.append((Occur.MustNot, gone))
    return tantivy.Query.boolean_query(parts) if len(parts) > 1 else found


def shown_terms(query: Query, book: SynonymBook) -> list[str]:
    """Return the words to be marked in results: what was typed, its synonyms, and the terms inside."""
    terms: dict[str, None] = {}
    for word in (*query.phrases, *query.words):
        for segment in book.segments(word):
            for text in segment.texts:
                terms[text] = None
                terms.update(dict.fromkeys(term for term in cut(text) if len(term) > 1 or term == text))
    return [term for term in terms if not is_weak(term)][:MOST_TERMS]


def query_terms(query: Query) -> list[str]:
    """Return the terms of what was typed, without synonyms."""
    return [term for word in (*query.phrases, *query.words) for term in cut(word)][:MOST_TERMS]


def suggest_query(schema: tantivy.Schema, text: Query, latin: Iterable[str]) -> tantivy.Query | None:
    """Return the query for suggestions while somebody types; ``latin`` are terms of pinyin that begin as typed.

    Titles that begin with the text come first, then those that have all of its words; the last may be unfinished.
    """
    parts: list[tuple[Occur, tantivy.Query]] = []
    if text.title_key:
        begun = tantivy.Query.regex_query(schema, "title_key", f"{_escaped(text.title_key)}.*")
        parts.append((Occur.Should, tantivy.Query.const_score_query(begun, EXACT_NUMBER)))
    terms = [term for term in query_terms(text) if not is_weak(term)]
    if terms:
        every = [(Occur.Must, tantivy.Query.term_query(schema, "title", term)) for term in terms]
        parts.append((Occur.Should, tantivy.Query.boolean_query(every)))
    sounds = list(latin)
    if sounds:
        parts.append((Occur.Should, tantivy.Query.term_set_query(schema, "pinyin", sounds)))
    if text.doc_nos or text.index_no:
        parts += [(Occur.Should, one) for one in _exact(schema, text)]
    return tantivy.Query.boolean_query(parts, 1) if parts else None


def _parts(schema: tantivy.Schema, query: Query, book: SynonymBook) -> tuple[list[tantivy.Query], list[tantivy.Query]]:
    """The words as queries: those a document must have, and those that say little."""
    strong: list[tantivy.Query] = []
    weak: list[tantivy.Query] = []
    seen: set[str] = set()
    for word in query.words:
        for segment in book.segments(word):
            if not segment.plain:
                strong.append(
                    tantivy.Query.boolean_query([(Occur.Should, _every(schema, t)) for t in segment.texts], 1)
                )
                continue
            for term in cut(segment.texts[0]):
                if term not in seen and len(seen) < MOST_TERMS:
                    seen.add(term)
                    (weak if is_weak(term) else strong).append(_anywhere(schema, term))
    return strong, weak


def _every(schema: tantivy.Schema, text: str) -> tantivy.Query:
    terms = cut(text)
    return tantivy.Query.boolean_query([(Occur.Must, _anywhere(schema, term)) for term in terms])


def _anywhere(schema: tantivy.Schema, term: str) -> tantivy.Query:
    """A term wherever it stands; the best place counts."""
    places = [("title", TITLE), ("numbers", NUMBERS), ("body", BODY), ("files", FILES)]
    if is_latin(term):
        places.append(("pinyin", PINYIN))
    found = []
    for name, boost in places:
        option = "basic" if name in ("numbers", "pinyin") else "freq"
        one = tantivy.Query.term_query(schema, name, term, option)
        found.append(tantivy.Query.boost_query(one, boost) if boost != 1.0 else one)
    return tantivy.Query.disjunction_max_query(found, 0.1)


def _phrase(schema: tantivy.Schema, phrase: str) -> tantivy.Query:
    """A quoted phrase: its words in a row."""
    terms = cut(phrase)
    if len(terms) < 2:
        return _every(schema, phrase)
    places = [("title", TITLE), ("body", BODY), ("files", FILES)]
    found = [
        tantivy.Query.boost_query(tantivy.Query.phrase_query(schema, f, list(terms)), boost) for f, boost in places
    ]
    return tantivy.Query.disjunction_max_query(found, 0.1)


def _loose(schema: tantivy.Schema, phrase: str) -> tantivy.Query:
    return _every(schema, phrase)


def _exact(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    wanted = [("doc_no", key, EXACT_NUMBER) for key in query.doc_nos]
    if query.index_no:
        wanted.append(("index_no", query.index_no, EXACT_NUMBER))
    if query.title_key:
        wanted.append(("title_key", query.title_key, EXACT_TITLE))
    return [
        tantivy.Query.const_score_query(tantivy.Query.term_query(schema, name, key, "basic"), score)
        for name, key, score in wanted
    ]


def _together(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    """A little more for a title that has the words in a row."""
    terms: Sequence[str] = query_terms(query)
    if not 2 <= len(terms) <= LONG * 2:
        return []
    return [tantivy.Query.boost_query(tantivy.Query.phrase_query(schema, "title", list(terms), 1), TITLE_PHRASE)]


def _escaped(text: str) -> str:
    """Letters and digits need no escape; a title key has nothing else, so anything else is left out."""
    return "".join(sign for sign in text if sign.isalnum())


def loose_number_terms(query: Query) -> list[str]:
    """Return the parts of the numbers of a query, as ``number_terms`` has them, for marking them in results."""
    return [term for key in query.doc_nos for term in number_terms(doc_no=key, index_no="")]
