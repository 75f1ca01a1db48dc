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
    for finding in found:
        number = numbers[joined.index_at(finding.start)]
        text = given[number].text
        begin = joined.starts[joined.index_at(finding.start)]
        start, end = finding.start - begin, finding.end - begin
        if not text.isascii():
            start, end = _as_written(text, start, end)
        line = text.count("\n", 0, start) + 1
        result.append(FieldFinding(number, given[number].key, _moved(finding, start, end, line)))
    # Cells under a header of home addresses have no offsets in the joined text: the whole cell is meant.
    for finding in addresses_in(joined, found, rules=rules):
        number = int(finding.place.part) if finding.place is not None else 0
        result.append(FieldFinding(number, given[number].key, _moved(finding, 0, len(given[number].text), 1)))
    return sorted(result, key=lambda f: (f.finding.grade.value, f.number, f.finding.start))


def _moved(finding: Finding, start: int, end: int, line: int) -> Finding:
    return replace(finding, start=start, end=end, place=Place(line=line))


def _as_written(text: str, start: int, end: int) -> tuple[int, int]:
    """Turn offsets in the text without its invisible characters into offsets in the text as it was written."""
    if len(text.translate(INVISIBLE)) == len(text):
        return start, end
    kept = [at for at, sign in enumerate(text) if ord(sign) not in INVISIBLE]
    return kept[start], kept[end - 1] + 1 if end > start else kept[start]
