"""Pinyin with a mistake, or mixed with characters: the word that somebody probably meant.

``gongjijn`` is one letter away from ``gongjijin`` (公积金), ``ganzou`` sounds like ``ganzhou`` to many ears, ``gongji金``
and ``gongjj`` are half of one and half of the other, ``zfgj`` lacks a letter of the initials of 住房公积金.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gongkai.domain.search.pinyin import is_han, pinyin_of, syllables_of

SHORTEST, LONGEST = 2, 40
SHORTEST_WRONG = 5
"""Letters from which one may be wrong: with fewer anything could be meant."""
SHORTEST_INITIALS = 4
SHORTEST_PART = 3
"""Letters of the shortest word among several written together."""
_MIXED = re.compile(r"[a-z\u4e00-\u9fff]+")
_RUN = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")
_BLURS = ((re.compile("([zcs])h"), r"\1"), (re.compile("([aei])ng"), r"\1n"), (re.compile("v"), "u"))
"""What is taken for the same by many speakers: zh and z, ang and an; ü is typed as v or u."""


class Sounds:
    """The words of the titles by how they sound."""

    def __init__(self, times: Mapping[str, int], words: Iterable[str]) -> None:
        """Take how often words come, and those of them (in Chinese characters) that may be meant."""
        self._times = times
        self._full: dict[str, str] = {}
        self._initials: dict[str, str] = {}
        self._blurred: dict[str, list[str]] = {}
        self._ends: dict[str, set[str]] = {}
        self._first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for word in words:
            full, initials = pinyin_of(word)
            if not full:
                continue
            self._first.setdefault(full[0], []).append((word, syllables_of(word)))
            self._better(self._initials, initials, word)
            if full not in self._full:
                self._blurred.setdefault(blurred(full), []).append(full)
                for end in (f"^{full[:2]}", f"{full[-2:]}$"):
                    self._ends.setdefault(end, set()).add(full)
            self._better(self._full, full, word)

    def meant(self, word: str) -> str | None:
        """Return the word that is meant by pinyin with a mistake in it; None for pinyin that is right or means nothing."""
        if not SHORTEST <= len(word) <= LONGEST or not _MIXED.fullmatch(word) or is_han(word):
            return None
        sound = "".join(pinyin_of(run)[0] if is_han(run) else run for run in _RUN.findall(word))
        if sound in self._full:
            return self._full[sound] if sound != word else None
        if word in self._initials:
            return None
        return (
            self._heard(sound)
            or self._shortened(word)
            or self._nearest(sound)
            or self._near_initials(word)
            or self._in_a_row(sound)
        )

    def _heard(self, sound: str) -> str | None:
        """The word whose pinyin sounds the same to many."""
        same = self._blurred.get(blurred(sound), ())
        return self._likeliest(same, len(sound)) if same else None

    def _nearest(self, sound: str) -> str | None:
        """The word whose pinyin has one letter more, less, other or exchanged."""
        if len(sound) < SHORTEST_WRONG:
            return None
        near = self._ends.get(f"^{sound[:2]}", set()) | self._ends.get(f"{sound[-2:]}$", set())
        found = [key for key in near if abs(len(key) - len(sound)) < 2 and one_apart(key, sound)]
        return self._likeliest(found, len(sound)) if found else None

    def _likeliest(self, keys: Iterable[str], length: int) -> str:
        best = min(keys, key=lambda key: (-self._times[self._full[key]], abs(len(key) - length), key))
        return self._full[best]

    def _shortened(self, word: str) -> str | None:
        """The word of which some syllables are written in full, as characters, or by their first letter."""
        sound = pinyin_of(word[0])[0] if is_han(word[0]) else word[0]
        found = [known for known, syllables in self._first.get(sound[:1], ()) if _spells(word, known, syllables)]
        return min(found, key=lambda known: (-self._times[known], known)) if found else None

    def _near_initials(self, word: str) -> str | None:
        if len(word) < SHORTEST_INITIALS or not word.isascii():
            return None
        found = [self._initials[key] for key in _near_keys(word) if key in self._initials and len(key) >= 4]
        return min(found, key=lambda known: (-self._times[known], known)) if found else None

    def _in_a_row(self, sound: str) -> str | None:
        """Several words written together, one of them wrong: those before and after it are known."""
        starts, ends = self._known_from_left(sound), self._known_from_right(sound)
        for start in sorted(starts, reverse=True):
            for end in sorted(ends):
                if not SHORTEST_PART <= end - start < len(sound):
                    continue
                wrong = sound[start:end]
                word = self._full.get(wrong) or self._heard(wrong) or self._nearest(wrong)
                if word is not None:
                    return starts[start] + word + ends[end]
        return None

    def _known_from_left(self, sound: str) -> dict[int, str]:
        """Up to where the text can be read as known words, and as which."""
        reached = {0: ""}
        for start in range(len(sound)):
            if start in reached:
                for end in range(start + 3, len(sound) + 1):
                    word = self._full.get(sound[start:end])
                    if word is not None:
                        reached.setdefault(end, reached[start] + word)
        return reached

    def _known_from_right(self, sound: str) -> dict[int, str]:
        reached = {len(sound): ""}
        for end in range(len(sound), 0, -1):
            if end in reached:
                for start in range(end - 3, -1, -1):
                    word = self._full.get(sound[start:end])
                    if word is not None:
                        reached.setdefault(start, word + reached[end])
        return reached

    def _better(self, kept: dict[str, str], key: str, word: str) -> None:
        known = kept.get(key)
        if known is None or (self._times[word], known) > (self._times[known], word):
            kept[key] = word


def blurred(sound: str) -> str:
    """Return pinyin without the differences that many speakers do not hear."""
    for pattern, plain in _BLURS:
        sound = pattern.sub(plain, sound)
    return sound


def one_apart(left: str, right: str) -> bool:
    """Tell whether two words differ by one character added, left out or changed, or by two neighbors exchanged."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    if len(left) == len(right):
        wrong = [at for at in range(len(left)) if left[at] != right[at]]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and left[wrong[0]] == right[wrong[1]]
            and left[wrong[1]] == right[wrong[0]]
        )
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _near_keys(word: str) -> Iterator[str]:
    """Every text that is one letter or one exchange away from a short word of small letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _spells(typed: str, word: str, syllables: tuple[str, ...]) -> bool:
    """Tell whether each syllable of a word is typed as its character, in full, or by its first letters."""
    if len(word) != len(syllables):
        return False
    reached = {0}
    for sign, syllable in zip(word, syllables, strict=True):
        short = {syllable, syllable[:1], syllable[:2] if syllable[1:2] == "h" else syllable, sign}
        reached = {at + len(form) for at in reached for form in short if typed.startswith(form, at)}
        if not reached:
            return False
    return len(typed) in reached
