"""The lexicon: which words to look for, and what finding one of them means.

A lexicon of a hundred thousand words is searched by a ``Matcher`` in one pass over the text. Rules with a pattern have
anchors, plain words of which one must stand in the line before the pattern is tried, so that they too cost nothing on
lines that do not concern them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongkai.domain.wording.finding import Finding, Grade, around, without_overlaps

Hit = tuple[int, int, int]
"""A word of ``Lexicon.words`` by its index, with start and end (exclusive) in characters."""

TITLE_REACH = 120
"""How far (characters) the marks 《 》 of a cited title may be from a word inside it."""


class Matcher(Protocol):
    """Finds every occurrence of every word of a lexicon, overlapping ones included."""

    def scan(self, text: str) -> Sequence[Hit]:
        """Return all hits, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """One rule of wording: ``words`` that are wrong as they stand, or a ``pattern`` with its ``anchors``.

    ``exceptions`` are longer phrases in which the word is right. ``remark`` says in words when it is right, for whoever
    decides. ``source`` tells where the rule comes from. Raises ValueError when there is nothing to look for.
    """

    rule: str
    grade: Grade
    replacement: str
    words: tuple[str, ...] = ()
    pattern: str = ""
    anchors: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    category: str = ""
    source: str = ""
    remark: str = ""
    auto_fix: bool = False

    def __post_init__(self) -> None:
        if bool(self.words) == bool(self.pattern) or bool(self.pattern) != bool(self.anchors):
            raise ValueError(f"{self.rule}: give words, or a pattern with its anchors")
        if not all(word.strip() for word in (*self.words, *self.anchors, *self.exceptions)):
            raise ValueError(f"{self.rule}: an empty word would be found everywhere")


class Lexicon:
    """Terms and allowed phrases, ready to be searched for.

    ``words`` are the distinct words that a matcher has to find; their order is part of the interface. An allowed phrase
    silences every finding that lies inside it. Raises ``re.error`` for a pattern that is none.
    """

    def __init__(self, terms: Iterable[Term], allowed: Iterable[str] = ()) -> None:
        self.terms = tuple(terms)
        index: dict[str, int] = {}
        roles: dict[int, list[int]] = {}
        self._patterns = {n: re.compile(term.pattern) for n, term in enumerate(self.terms) if term.pattern}
        for number, term in enumerate(self.terms):
            for word in dict.fromkeys((*term.words, *term.anchors)):
                roles.setdefault(index.setdefault(word, len(index)), []).append(number)
        self._allowed = frozenset(index.setdefault(phrase, len(index)) for phrase in allowed if phrase)
        self._roles = {word: tuple(numbers) for word, numbers in roles.items()}
        self.words = tuple(index)

    def find(self, text: str, hits: Iterable[Hit]) -> list[Finding]:
        """Turn a matcher's hits in ``text`` into findings, sorted by position, none overlapping another.

        Words of the lower grades inside a cited title (《…》) are left alone: a title is quoted as it was written.
        """
        silent: list[tuple[int, int]] = []
        found: list[Finding] = []
        tried: set[tuple[int, int]] = set()
        line = stop = -1  # bounds of the line of the last anchor
        for word, start, end in hits:
            if word in self._allowed:
                silent.append((start, end))
            for number in self._roles.get(word, ()):
                pattern = self._patterns.get(number)
                if pattern is None:
                    found += self._keep(text, number, start, end)
                    continue
                if not line <= start < end <= stop:
                    line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
                    stop = len(text) if stop < 0 else stop
                if (number, line) not in tried:
                    tried.add((number, line))
                    for match in pattern.finditer(text, line, stop):
                        found += self._keep(text, number, match.start(), match.end())
        return without_overlaps(_outside(found, silent))

    def _keep(self, text: str, number: int, start: int, end: int) -> list[Finding]:
        term = self.terms[number]
        wrong = text[start:end]
        if start == end or any(_stands_in(text, start, end, phrase) for phrase in term.exceptions):
            return []
        if not term.grade.stops and _in_title(text, start, end):
            return []
        return [
            Finding(
                code="content.wording",
                grade=term.grade,
                start=start,
                end=end,
                text=wrong,
                shown=wrong,
                rule=term.rule,
                replacement=term.replacement,
                context=around(text, start, end),
                remark=term.remark,
                category=term.category,
            )
        ]


def _outside(found: list[Finding], silent: list[tuple[int, int]]) -> list[Finding]:
    """Drop the findings that lie inside one of the allowed phrases."""
    if not silent:
        return found
    reach: list[tuple[int, int]] = []
    for start, end in sorted(silent):
        if not reach or end > reach[-1][1]:
            reach.append((start, end))
    kept, at = [], 0
    for finding in sorted(found, key=lambda f: f.start):
        while at < len(reach) and reach[at][1] <= finding.start:
            at += 1
        here = at
        inside = False
        while here < len(reach) and reach[here][0] <= finding.start and not inside:
            inside = finding.end <= reach[here][1]
            here += 1
        if not inside:
            kept.append(finding)
    return kept


def _stands_in(text: str, start: int, end: int, phrase: str) -> bool:
    """Tell whether ``text[start:end]`` is part of an occurrence of ``phrase``."""
    wrong = text[start:end]
    offset = phrase.find(wrong)
    while offset >= 0:
        if start >= offset and text.startswith(phrase, start - offset):
            return True
        offset = phrase.find(wrong, offset + 1)
    return False


def _in_title(text: str, start: int, end: int) -> bool:
    opened = text.rfind("《", max(0, start - TITLE_REACH), start)
    if opened < 0 or "》" in text[opened:start] or "\n" in text[opened:start]:
        return False
    closed = text.find("》", end, end + TITLE_REACH)
    return closed >= 0 and "\n" not in text[end:closed]
