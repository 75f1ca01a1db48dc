"""Checking the fields of a form at once: title, summary, blocks of a body, cells of a table, each with its own offsets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gongkai.domain.wording import Finding, Joined, Piece, Place
from gongkai.domain.wording.pieces import INVISIBLE
from gongkai.kernel.content.check import addresses_in, placed_findings
from gongkai.kernel.content.rules import ContentRules


@dataclass(frozen=True, slots=True)
class Field:
    """A text with the key its editor knows it by. ``label`` heads its column and ``headers`` its table, in cells."""

    key: str
    text: str
    label: str = ""
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A finding in the field ``number`` (from 0) of those checked; its offsets are characters of that field's text."""

    number: int
    key: str
    finding: Finding


def check_fields(fields: Iterable[Field], *, rules: ContentRules) -> list[FieldFinding]:
    """Check all fields in one pass over their texts; sorted by grade, then as the fields stand.

    Characters that show nothing are looked past, and the offsets still count them.
    """
    given = list(fields)
    numbers = [number for number, field in enumerate(given) if field.text.translate(INVISIBLE)]
    pieces = [Piece(given[n].text, Place(part=str(n)), label=given[n].label, headers=given[n].headers) for n in numbers]
    joined = Joined(pieces)
    if not joined.pieces:
        return []
    found = placed_findings(joined, rules=rules)
    result = []
    kept: dict[int, list[int] | None] = {}
    for finding in found:
        index = joined.index_at(finding.start)
        number, begin = numbers[index], joined.starts[index]
        text = given[number].text
        if number not in kept:
            kept[number] = _kept(text)
        start, end = _as_written(kept[number], finding.start - begin, finding.end - begin)
        line = text.count("\n", 0, start) + 1
        result.append(FieldFinding(number, given[number].key, _moved(finding, start, end, line)))
    # Cells under a header of home addresses have no offsets in the joined text: the whole cell is meant.
    for finding in addresses_in(joined, found, rules=rules):
        number = int(finding.place.part) if finding.place is not None else 0
        result.append(FieldFinding(number, given[number].key, _moved(finding, 0, len(given[number].text), 1)))
    return sorted(result, key=lambda f: (f.finding.grade.value, f.number, f.finding.start))


def _moved(finding: Finding, start: int, end: int, line: int) -> Finding:
    return replace(finding, start=start, end=end, place=Place(line=line))


def _kept(text: str) -> list[int] | None:
    """Return where the characters that show something stand, or None when all of them do."""
    if text.isascii() or len(text.translate(INVISIBLE)) == len(text):
        return None
    return [at for at, sign in enumerate(text) if ord(sign) not in INVISIBLE]


def _as_written(kept: list[int] | None, start: int, end: int) -> tuple[int, int]:
    """Turn offsets in a text without its invisible characters into offsets in the text as it was written."""
    if kept is None:
        return start, end
    return kept[start], kept[end - 1] + 1 if end > start else kept[start]
