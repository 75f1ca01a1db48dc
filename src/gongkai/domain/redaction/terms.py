"""Finding words in text as readers of files give it: with blanks, line ends and full-width signs in between. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

ACROSS_LINES = 4
"""Signs from which on a word is looked for across the end of a line, too, where two lines may not belong together."""
LONG_NUMBER = 7
"""Digits from which on a number is found however it is grouped."""
_SEPARATORS = frozenset("-.·—–‐‑−()/")
TELLING = 8
"""Plain letters and digits from which on a word is no number of the file's own."""
SHORTEST = 2
"""A single sign stands everywhere."""
_GLUE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


def plain_signs(text: str) -> Iterator[tuple[int, str]]:
    """Yield what counts of a text: each sign (full-width as narrow, small letters, no blanks) with its place in it."""
    for at, written in enumerate(text):
        if written.isspace() or written in _GLUE:
            continue
        for sign in unicodedata.normalize("NFKC", written).casefold():
            if not sign.isspace():
                yield at, sign


def plain(text: str) -> str:
    """Return the signs that count of a text."""
    return "".join(sign for _, sign in plain_signs(text))


def is_number(term: str) -> bool:
    """Tell whether a word is a long number, of which separators do not count: 138-1234-5678 is 13812345678."""
    bare = "".join(sign for sign in plain(term) if sign not in _SEPARATORS)
    return len(bare) >= LONG_NUMBER and sum(sign.isdigit() for sign in bare) >= len(bare) - 1


def _bare(text: str, *, number: bool) -> list[tuple[int, str]]:
    return [(at, sign) for at, sign in plain_signs(text) if not (number and sign in _SEPARATORS)]


def _joined(text: str, *, number: bool) -> str:
    return "".join(sign for _, sign in _bare(text, number=number))


def occurrences(text: str, term: str) -> list[list[int]]:
    """Return for each place of ``term`` in ``text`` the positions in ``text`` of its signs, none twice, in order."""
    number = is_number(term)
    wanted = _joined(term, number=number)
    if not wanted:
        return []
    signs = _bare(text, number=number)
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
    number = is_number(term)
    wanted = _joined(term, number=number)
    if not wanted:
        return False
    across = len(wanted) >= ACROSS_LINES if whole is None else whole
    if across:
        return wanted in _joined(text, number=number)
    return any(wanted in _joined(line, number=number) for line in text.splitlines())


def found_terms(text: str, terms: Iterable[str]) -> list[str]:
    """Return those of the words that a text holds, in their order."""
    return [term for term in terms if contains(text, term)]


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
