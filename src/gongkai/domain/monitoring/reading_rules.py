"""What the rulebook says of each hindrance to readers: how much it matters, its basis, and the numbers compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.domain.issues import Basis, Issue, Severity, Where
from gongkai.domain.items.markup import Element, elements_of


class Topic(StrEnum):
    """Whether a hindrance keeps people from perceiving a text or from understanding it."""

    SEE = "see"
    READ = "read"


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """One check: ``code`` names it and its sentences, ``basis`` where it comes from and whether that was verified."""

    code: str
    topic: Topic
    severity: Severity
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True)
class ReadingRules:
    """All checks by code, and the words and numbers they compare with; the numbers are named in ``LIMITS``.

    ``vague_link_texts`` are words of a link that do not say where it leads, ``poor_alts`` words that say nothing of a
    picture, ``known_terms`` abbreviations (in capitals) that need no explanation.
    """

    checks: Mapping[str, ReadingCheck]
    limits: Mapping[str, int]
    vague_link_texts: frozenset[str]
    poor_alts: frozenset[str]
    known_terms: frozenset[str]

    def limit(self, name: str) -> int:
        """Return a number by its name; raises KeyError for one that the rules do not have."""
        return self.limits[name]


LIMITS: Mapping[str, str] = {
    "longest_sentence": "characters of a sentence",
    "longest_paragraph": "characters of a paragraph",
    "longest_heading_line": "characters of a line that may be a heading",
    "longest_listed": "characters of an item of a list typed by hand",
    "least_listed": "lines in a row that are taken for a list",
    "least_typed_headings": "lines that look like headings before they are told",
    "least_letters": "unexplained abbreviations in letters before they are told",
    "least_slogans": "unexplained terms in figures (三公一金) before they are told",
    "layout_cell": "characters of a cell that make a table of one or two columns a page layout",
    "holes_percent": "share of empty cells that tells of cells that were merged",
}
"""What each number of the rules counts."""


@dataclass(slots=True)
class Notes:
    """Takes hindrances one by one, in whatever order they are found."""

    rules: ReadingRules
    issues: list[Issue] = field(default_factory=list)
    _cut: dict[str, list[Element]] = field(default_factory=dict)

    def elements(self, value: str) -> list[Element]:
        """Return the paragraphs and lists of a block; each block is taken apart once."""
        if value not in self._cut:
            self._cut[value] = elements_of(value)
        return self._cut[value]

    def note(self, code: str, field_name: str, block: int, *, shown: str = "", **values: object) -> None:
        """Note that the check ``code`` found something at block number ``block`` (from 1; 0 outside of the body).

        ``shown`` are the words it is about, as they stand in the text. Raises KeyError for an unknown check.
        """
        check = self.rules.checks[code]
        self.issues.append(
            Issue(
                code=code,
                field=field_name,
                values={**values, "shown": shown},
                severity=check.severity,
                where=Where(block, block) if block else None,
                basis=check.basis,
            )
        )

    def in_order(self) -> tuple[Issue, ...]:
        """Return what was found in reading order, what stands outside of the body last."""
        return tuple(sorted(self.issues, key=lambda one: one.where.line_from if one.where else 1_000_000_000))


def cut(text: str, most: int = 24) -> str:
    """Return the beginning of a text, for a sentence about it."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most] + "…"


def listed(words: Iterable[str], most: int = 5) -> str:
    """Return words as they are told in a sentence: “甲”、“乙”等."""
    known = list(words)
    told = "、".join(f"“{cut(one)}”" for one in known[:most])
    return told + "等" if len(known) > most else told
