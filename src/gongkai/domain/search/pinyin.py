"""Chinese words as they are typed in Latin letters: in full (ganzhou) and by their initials (gz)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

MOST_WORDS = 3
"""How many words in a row are written together as one term."""
LONGEST = 40
_FIRST, _LAST = "\u4e00", "\u9fff"


def is_latin(word: str) -> bool:
    """Tell whether a word may be pinyin: small Latin letters only, two at least."""
    return len(word) >= 2 and word.isascii() and word.isalpha()


def is_han(word: str) -> bool:
    """Tell whether a word is written in Chinese characters only."""
    return bool(word) and all(_FIRST <= sign <= _LAST for sign in word)


@lru_cache(maxsize=100_000)
def syllables_of(word: str) -> tuple[str, ...]:
    """Return a Chinese word in pinyin without tones, syllable by syllable."""
    return tuple(lazy_pinyin(word, style=Style.NORMAL, errors="ignore"))


@lru_cache(maxsize=100_000)
def pinyin_of(word: str) -> tuple[str, str]:
    """Return a Chinese word in full pinyin without tones, and by its initials."""
    syllables = syllables_of(word)
    return "".join(syllables), "".join(one[:1] for one in syllables)


def pinyin_terms(words: Sequence[str]) -> list[str]:
    """Return the pinyin of every word and of up to three words in a row, in full and by initials, each once.

    One character alone is left out: its sound stands for too many.
    """
    keys = [pinyin_of(word) if is_han(word) else ("", "") for word in words]
    found: dict[str, None] = {}
    for start in range(len(words)):
        full = initials = ""
        signs = 0
        for at in range(start, min(start + MOST_WORDS, len(words))):
            if not keys[at][0]:
                break
            full, initials, signs = full + keys[at][0], initials + keys[at][1], signs + len(words[at])
            if signs >= 2:
                found[full[:LONGEST]] = None
                found[initials[:LONGEST]] = None
    return list(found)
