"""Finding words in text as readers of files give it: with blanks, line ends and full-width signs in between. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

ACROSS_LINES = 4
"""Signs from which on a word is looked for across the end of a line, too, where two lines may not belong together."""
LONG_NUMBER = 7
"""Digits from which on a number is found however it is grouped."""
_SEPARATORS = "-.·—–‐‑−()/"
_WITHOUT = dict.fromkeys(map(ord, _SEPARATORS))
TELLING = 8
"""Plain letters and digits from which on a word is no number of the file's own."""
SHORTEST = 2
"""A single sign stands everywhere."""
_GLUE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@lru_cache(maxsize=1 << 16)
def _counted(written: str) -> str:
    """Return what counts of one sign: narrow, small; nothing of blanks and glue."""
    if written.isspace() or written in _GLUE:
        return ""
    return "".join(unicodedata.normalize("NFKC", written).casefold().split())


def plain_signs(text: str) -> Iterator[tuple[int, str]]:
    """Yield what counts of a text: each sign (full-width as narrow, small letters, no blanks) with its place in it."""
    for at, written in enumerate(text):
        for sign in _counted(written):
            yield at, sign


def plain(text: str) -> str:
    """Return the signs that count of a text."""
    return "".join(map(_counted, text))


@lru_cache(maxsize=4096)
def is_number(term: str) -> bool:
    """Tell whether a word is a long number, of which separators do not count: 138-1234-5678 is 13812345678."""
    bare = plain(term).translate(_WITHOUT)
    return len(bare) >= LONG_NUMBER and sum(sign.isdigit() for sign in bare) >= len(bare) - 1


@lru_cache(maxsize=4096)
def _wanted(term: str) -> str:
    return plain(term).translate(_WITHOUT) if is_number(term) else plain(term)


def occurrences(text: str, term: str) -> list[list[int]]:
    """Return for each place of ``term`` in ``text`` the positions in ``text`` of its signs, none twice, in order."""
    wanted = _wanted(term)
    if not wanted:
        return []
    number = is_number(term)
    signs = [(at, sign) for at, sign in plain_signs(text) if not (number and sign in _SEPARATORS)]
    joined = "".join(sign for _, sign in signs)
    found: list[list[int]] = []
    at = joined.find(wanted)
    while at >= 0:
        found.append(sorted({place for place, _ in signs[at : at + len(wanted)]}))
        at = joined.find(wanted, at + len(wanted))
    return found


def contains(text: str, term: str, *, whole: bool | None = None) -> bool:
    """Tell whether a text holds a word.

    Without ``whole`` a short word has to stand in one line, a longer one may go over the end of a line.
    """
    wanted = _wanted(term)
    if not wanted:
        return False
    across = len(wanted) >= ACROSS_LINES if whole is None else whole
    number = is_number(term)
    for part in (text,) if across else text.splitlines():
        signs = plain(part)
        if wanted in (signs.translate(_WITHOUT) if number else signs):
            return True
    return False


def found_terms(text: str, terms: Iterable[str]) -> list[str]:
    """Return those of the words that a text holds, in their order."""
    return [term for term in terms if contains(text, term)]


@lru_cache(maxsize=4096)
def is_telling(term: str) -> bool:
    """Tell whether a word found in the inside of a file means anything.

    Short ones of plain letters and digits turn up in sizes, offsets and names of any file; they are looked for in its texts only.
    """
    signs = plain(term)
    return not signs.isascii() or len(signs) >= TELLING


def encodings_of(term: str) -> Sequence[bytes]:
    """Return the bytes in which a word may lie in a file that is no text: as written, without blanks, in each encoding."""
    found: dict[bytes, None] = {}
    for form in dict.fromkeys([term, plain(term), "".join(term.split())]):
        for name in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"):
            data = form.encode(name, "ignore")
            if len(data) < 4 or not is_telling(term):
                continue
            found[data] = None
            found[data.hex().encode()] = None
            found[data.hex().upper().encode()] = None
    return list(found)
