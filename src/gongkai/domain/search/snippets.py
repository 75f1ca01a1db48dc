"""Showing where a text says what was looked for: pieces to be escaped one by one, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from gongkai.domain.identifiers import unified

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BREAK = re.compile(r"[。！？；\n]")
_PAUSE = re.compile(r"[，、：,: ]")
_SPACE = re.compile(r"\s+")
MOST_PLACES = 200
LEAD = 16
"""Characters shown before the first word that was found, where the sentence does not begin closer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; ``hit`` tells that it was looked for."""

    text: str
    hit: bool = False


def highlight(text: str, terms: Iterable[str]) -> tuple[Piece, ...]:
    """Return a whole text in pieces, the terms marked; the pieces together are the text."""
    found = _pattern(tuple(terms))
    return tuple(_pieces(text, found)) if found is not None else (Piece(text),) if text else ()


def snippet(text: str, terms: Iterable[str], *, width: int = 110) -> tuple[Piece, ...]:
    """Return the part of a text that has most of the terms, about ``width`` characters of it, in pieces.

    Where the text goes on before or after, there is an ellipsis. Without any term the beginning is shown.
    """
    text = _SPACE.sub(" ", text).strip()
    found = _pattern(tuple(terms))
    if found is None or not text:
        return _shown(text, 0, width, None)
    folded = _folded(text)
    places = [
        (match.start(), match.group()) for match, _ in zip(found.finditer(folded), range(MOST_PLACES), strict=False)
    ]
    if not places:
        return _shown(text, 0, width, None)
    best, score = places[0][0], (0, 0)
    for first, (start, _) in enumerate(places):
        inside = [term for at, term in places[first:] if start <= at < start + width - LEAD]
        told = (len(set(inside)), len(inside))
        if told > score:
            best, score = start, told
    return _shown(text, _beginning(text, best), width, found)


def _beginning(text: str, hit: int) -> int:
    """Where to begin so that the hit is read in its sentence."""
    if hit <= LEAD:
        return 0
    breaks = [match.end() for match in _BREAK.finditer(text, max(0, hit - LEAD * 2), hit)]
    if breaks:
        return breaks[-1]
    pauses = [match.end() for match in _PAUSE.finditer(text, hit - LEAD, hit)]
    return pauses[0] if pauses else hit - LEAD


def _shown(text: str, start: int, width: int, found: re.Pattern[str] | None) -> tuple[Piece, ...]:
    end = min(len(text), start + width)
    part = text[start:end].strip()
    if not part:
        return ()
    pieces = list(_pieces(part, found)) if found is not None else [Piece(part)]
    if start > 0:
        pieces.insert(0, Piece("…"))
    if end < len(text):
        pieces.append(Piece("…"))
    return tuple(pieces)


def _pieces(text: str, found: re.Pattern[str] | None) -> Iterable[Piece]:
    at = 0
    for match in found.finditer(_folded(text)) if found is not None else ():
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece(text[match.start() : match.end()], hit=True)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])


def _folded(text: str) -> str:
    """Return the text for comparison, character by character: the same length."""
    plain = unified(text).translate(_WIDE)
    small = plain.lower()
    return small if len(small) == len(plain) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


@lru_cache(maxsize=256)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    wanted = sorted({_folded(term) for term in terms if term.strip()}, key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, wanted))) if wanted else None
