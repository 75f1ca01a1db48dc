"""What is told to writers about reading; the file lies in ``data/content``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gongkai.domain.issues import Basis, Severity
from gongkai.domain.monitoring.reading_rules import LIMITS, ReadingCheck, ReadingRules, Topic
from gongkai.rulebook.schema import Status

FILE = "content/accessibility.yaml"
SENTENCE = "longest_sentence"


def reading_rules(*, longest_sentence: int, vague_link_texts: Iterable[str]) -> ReadingRules:
    """Return the shipped rules with the two values that an office may set: characters of a sentence, words of links.

    Raises ValueError when the file is not of its form.
    """
    return _rules(longest_sentence, frozenset(vague_link_texts))


@cache
def _rules(longest_sentence: int, vague_link_texts: frozenset[str]) -> ReadingRules:
    text = (resources.files("gongkai.rulebook") / "data" / FILE).read_text(encoding="utf-8")
    return read_reading_rules(text, longest_sentence=longest_sentence, vague_link_texts=vague_link_texts)


def read_reading_rules(text: str, *, longest_sentence: int, vague_link_texts: frozenset[str]) -> ReadingRules:
    """Read the rules from the text of the file; raises ValueError naming what is wrong with it."""
    data = yaml.safe_load(text)
    try:
        bases = {name: _basis(name, one) for name, one in data["bases"].items()}
        checks = [
            ReadingCheck(
                code=str(row["code"]),
                topic=Topic(row["topic"]),
                severity=Severity(row["weight"]),
                basis=(bases[row["basis"]],),
            )
            for row in data["checks"]
        ]
        limits = {**data["limits"], SENTENCE: longest_sentence}
        poor, known = data["poor_alts"], data["known_terms"]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"data/{FILE}: {type(error).__name__}: {error}") from error
    if any(one.severity is Severity.ERROR for one in checks):
        raise ValueError(f"data/{FILE}: a weight is warning or notice, nothing here stops anything")
    wrong = {name for name, value in limits.items() if not isinstance(value, int) or value < 1}
    if wrong or limits.keys() != LIMITS.keys():
        raise ValueError(f"data/{FILE}: limits must be {sorted(LIMITS)}, each a number from 1")
    return ReadingRules(
        checks={one.code: one for one in checks},
        limits=limits,
        vague_link_texts=vague_link_texts,
        poor_alts=frozenset(map(str, poor)),
        known_terms=frozenset(str(word).upper() for word in known),
    )


def _basis(name: str, row: dict[str, Any]) -> Basis:
    return Basis(f"reading.{name}", str(row["text"]), Status(row["status"]).value)
