"""A text as the set of its short runs of characters. Chinese needs no words for that: four characters say enough."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 4
"""Characters of a shingle."""

_NOISE = re.compile(r"[\W_]+")


def normalized(text: str) -> str:
    """Return letters, digits and characters alone, in one width and case: layout and punctuation tell nothing."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def shingles(text: str) -> frozenset[str]:
    """Return the runs of ``WIDTH`` characters of the normalized text; a shorter text is its own only run."""
    plain = normalized(text)
    if len(plain) <= WIDTH:
        return frozenset([plain]) if plain else frozenset()
    return frozenset(plain[at : at + WIDTH] for at in range(len(plain) - WIDTH + 1))


def overlap(left: str, right: str) -> float:
    """Return the exact share (0 to 1) of shingles that two texts have in common; two empty texts are the same."""
    return shared(shingles(left), shingles(right))


def shared(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the same of shingles, for whoever compares one text with many."""
    return len(left & right) / len(left | right) if left or right else 1.0
