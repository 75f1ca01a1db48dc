"""Reading what somebody typed into a search box. Whatever it is, it is a query; nothing in it is an order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gongkai.domain.identifiers import find_doc_nos
from gongkai.domain.search.cutting import fold, title_key
from gongkai.domain.search.numbers import doc_no_key, index_no_key

LONGEST = 120
"""Characters of a query that are looked at; titles of official documents stay below."""
MOST_WORDS = 12
MOST_PHRASES = 4
_PHRASE = re.compile('["“”„‟＂「『]([^"“”„‟＂」』]{1,120})["“”„‟＂」』]')
_SPLIT = re.compile(r"[\s,，。；;、：:!！?？《》〈〉<>+|&*~^\\/{}=@#$%\"'“”‘’`()（）\[\]【】〔〕]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for.

    ``text`` is what was typed, cleaned, for showing it again; ``words`` are looked for one by one, ``phrases`` as they
    stand. ``doc_nos`` and ``index_no`` are keys (``numbers``); ``number_only`` tells that nothing but a document number
    was typed. ``title_key`` compares the whole with titles. ``shortened``: it was longer than is looked at.
    """

    text: str
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    doc_nos: tuple[str, ...] = ()
    index_no: str = ""
    title_key: str = ""
    number_only: bool = False
    shortened: bool = False

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not (self.words or self.phrases or self.doc_nos)


def clean(text: str, *, longest: int = LONGEST) -> str:
    """Return a text in one line and one width, without control characters and surrogates, at most ``longest`` long."""
    text = text[: longest * 20]
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    plain = unicodedata.normalize("NFKC", plain)
    return " ".join(plain.split())[:longest].strip()


def parse_query(text: str) -> Query:
    """Read a query; never raises, whatever was typed."""
    whole = clean(text, longest=LONGEST * 10)
    said = whole[:LONGEST].strip()
    phrases = tuple(dict.fromkeys(one.strip() for one in _PHRASE.findall(said) if title_key(one)))[:MOST_PHRASES]
    rest = _PHRASE.sub(" ", said)
    numbers = find_doc_nos(rest)
    without = _without(rest, [(one.start, one.end) for one in numbers])
    words = [word for word in _SPLIT.split(fold(rest)) if title_key(word)]
    return Query(
        text=said,
        words=tuple(dict.fromkeys(words))[:MOST_WORDS],
        phrases=phrases,
        doc_nos=tuple(dict.fromkeys(doc_no_key(str(one.doc_no)) for one in numbers)),
        index_no=index_no_key(said) if " " not in said else "",
        title_key=title_key(said),
        number_only=bool(numbers) and not phrases and not title_key(without),
        shortened=len(whole) > LONGEST or len(text) > LONGEST * 20,
    )


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text
