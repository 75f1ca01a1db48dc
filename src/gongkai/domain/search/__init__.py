"""Searching the public site, as pure code: what a visitor means, in which words, and how a result shows it.

``parse_query`` reads what was typed, whatever that is; ``cut`` and ``pinyin_terms`` make the terms of an index;
``SynonymBook`` knows words that mean the same, ``Vocabulary`` corrects typing mistakes, ``snippet`` shows where a text
says it. Nothing here knows an index, a database or the clock.
"""

from gongkai.domain.search.cutting import cut, cut_plain, fold, is_weak, title_key
from gongkai.domain.search.mistakes import Vocabulary
from gongkai.domain.search.numbers import doc_no_key, index_no_key, number_terms
from gongkai.domain.search.pinyin import is_latin, pinyin_of, pinyin_terms
from gongkai.domain.search.queries import LONGEST, Query, clean, parse_query
from gongkai.domain.search.snippets import Piece, highlight, snippet
from gongkai.domain.search.synonyms import Segment, SynonymBook, read_groups

__all__ = [
    "LONGEST",
    "Piece",
    "Query",
    "Segment",
    "SynonymBook",
    "Vocabulary",
    "clean",
    "cut",
    "cut_plain",
    "doc_no_key",
    "fold",
    "highlight",
    "index_no_key",
    "is_latin",
    "is_weak",
    "number_terms",
    "parse_query",
    "pinyin_of",
    "pinyin_terms",
    "read_groups",
    "snippet",
    "title_key",
]
