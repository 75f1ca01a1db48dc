"""Typing mistakes: the word of the index that somebody probably meant (您是不是要找).

A mistake is one character too many, too few, another one or two exchanged (edit distance 1), or characters that sound
the same: 赣洲 for 赣州 comes from an input method, not from the keys. Pinyin with a mistake is read by ``sounds``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.domain.search.cutting import cut_plain, fold
from gongkai.domain.search.pinyin import is_han, is_latin, pinyin_of
from gongkai.domain.search.sounds import Sounds, one_apart

SHORTEST, LONGEST = 2, 8
LONGEST_TEXT = 60
MOST_CANDIDATES = 400


class Vocabulary:
    """The words of the titles with how often they come, ready for finding those near to a wrong one."""

    def __init__(self, terms: Mapping[str, int]) -> None:
        """Take the terms and in how many titles each is; only words of two to eight characters are corrected to."""
        self._times = {term: times for term, times in terms.items() if times > 0}
        self._shorter: dict[str, list[str]] = {}
        self._sounds: dict[str, list[str]] = {}
        for term in self._times:
            if not SHORTEST <= len(term) <= LONGEST or not (is_han(term) or is_latin(term)):
                continue
            for key in _one_less(term):
                self._shorter.setdefault(key, []).append(term)
            if is_han(term):
                self._sounds.setdefault(pinyin_of(term)[0], []).append(term)
        self._latin = Sounds(self._times, [term for terms in self._sounds.values() for term in terms])

    def __contains__(self, term: str) -> bool:
        """Tell whether some title has the term."""
        return term in self._times

    def __len__(self) -> int:
        """Count the terms."""
        return len(self._times)

    def nearest(self, word: str) -> list[str]:
        """Return the words that may be meant, the likeliest first: those that sound the same, then the more frequent.

        Of two characters only words that sound the same, or have them exchanged, are near: with half of a word changed
        anything could be meant.
        """
        word = fold(word)
        if not SHORTEST <= len(word) <= LONGEST + 1 or word in self._times:
            return []
        sound = pinyin_of(word)[0] if is_han(word) else ""
        same = [term for term in self._sounds.get(sound, ()) if len(term) == len(word)] if sound else []
        others: dict[str, None] = {}
        if len(word) > 2:
            for key in (word, *_one_less(word)):
                if key in self._times and len(key) >= SHORTEST:
                    others[key] = None
                for term in self._shorter.get(key, ())[:MOST_CANDIDATES]:
                    if one_apart(word, term):
                        others[term] = None
        elif word[::-1] in self._times:
            others[word[::-1]] = None
        ranked = sorted(others, key=lambda term: (len(term) != len(word), -self._times[term], term))
        return list(dict.fromkeys([*sorted(same, key=lambda term: (-self._times[term], term)), *ranked]))

    def correct(self, text: str) -> str | None:
        """Return a query with its likeliest mistake mended; None when nothing better is known.

        Only where a word is unknown, or where single characters stand alone, something may be wrong.
        """
        plain = fold(text)[:LONGEST_TEXT]
        for word in plain.split():
            meant = self._latin.meant(word) if word not in self._times else None
            if meant is not None:
                return plain.replace(word, meant, 1)
        best: tuple[tuple[int, int, int], str] | None = None
        for start, end, odd in _windows(plain, self._times):
            found = self.nearest(plain[start:end])
            if not found:
                continue
            meant = found[0]
            same = is_han(meant) and pinyin_of(meant)[0] == pinyin_of(plain[start:end])[0]
            told = (end - start if len(meant) == end - start else 0, int(same) + odd, self._times[meant])
            if best is None or told > best[0]:
                best = told, plain[:start] + meant + plain[end:]
        return best[1] if best is not None and best[1] != plain else None


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _windows(text: str, known: Mapping[str, int]) -> Iterator[tuple[int, int, int]]:
    """Yield the pieces of a text that may hold a mistake: those touching a word that no title has, or a lone character.

    The third value is 1 where the piece is made of whole words.
    """
    spans: list[tuple[int, int, bool]] = []
    at = 0
    for word in cut_plain(text):
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        spans.append((start, at, word not in known or len(word) == 1))
    for number, (_, _, odd) in enumerate(spans):
        if not odd:
            continue
        for first in range(max(0, number - 2), number + 1):
            for last in range(number, min(len(spans), number + 3)):
                start, end = spans[first][0], spans[last][1]
                if SHORTEST <= end - start <= LONGEST + 1 and not any(sign.isspace() for sign in text[start:end]):
                    yield start, end, 1
