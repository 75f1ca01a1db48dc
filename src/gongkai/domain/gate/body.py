"""How the body is built: headings in order, tables with headers, pictures with words, sentences that can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongkai.domain.gate.facts import ReleaseFacts
from gongkai.domain.gate.issues import Collector
from gongkai.domain.items.content import block_lines

FIRST_LEVEL = 2
"""The title of the item is level 1, so the headings of its body begin with 2."""
_SENTENCE = re.compile("[^。！？!?；;\n]+[。！？!?；;]?")
_ENUMERATION = re.compile("[、，,]")
_FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$|^(?:img|dsc|image|图片|微信图片|截图)[-_ 0-9]*$", re.IGNORECASE
)
_SHOWN = 24


def check_body(facts: ReleaseFacts, collector: Collector) -> None:
    """Check the blocks of the body in reading order."""
    level = FIRST_LEVEL - 1
    for number, block in enumerate(facts.content.body, 1):
        value = block.get("value")
        field, place = f"body:{block.get('id', number)}", f"正文第 {number} 段"
        match block.get("type"):
            case "heading" if isinstance(value, Mapping):
                level = _heading(value, level, collector, field, place)
            case "table" if isinstance(value, Mapping):
                _table(value, collector, field, place)
            case "image" if isinstance(value, Mapping):
                _image(value, collector, field, place)
            case _:
                _sentences(block, collector, field, place)


def _heading(value: Mapping[str, Any], level: int, collector: Collector, field: str, place: str) -> int:
    text = str(value.get("text", "")).strip()
    if not text:
        collector.note("gate.heading.empty", field, place=place)
    here = value.get("level")
    here = here if isinstance(here, int) else FIRST_LEVEL
    if here > level + 1:
        collector.note("gate.heading.skipped", field, place=place, text=text, level=here, expected=level + 1)
    return here


def _table(value: Mapping[str, Any], collector: Collector, field: str, place: str) -> None:
    head = [str(cell).strip() for cell in value.get("head") or []]
    if not any(head):
        collector.note("gate.table.no_header", field, place=place)
        return
    empty = [number for number, cell in enumerate(head, 1) if not cell]
    if empty:
        columns = "、".join(map(str, empty))
        collector.note("gate.table.empty_header", field, place=place, columns=columns)


def _image(value: Mapping[str, Any], collector: Collector, field: str, place: str) -> None:
    alt = str(value.get("alt", "")).strip()
    if not alt:
        collector.note("gate.image.no_alt", field, place=place)
    elif _FILE_NAME.search(alt):
        collector.note("gate.image.poor_alt", field, place=place, alt=alt)


def _sentences(block: Mapping[str, Any], collector: Collector, field: str, place: str) -> None:
    """Tell the longest sentence of a block that is longer than the rules find readable; lists of names are no sentence."""
    limit = collector.rules.longest_sentence
    longest = ""
    for line in block_lines(block):
        for match in _SENTENCE.finditer(line):
            sentence = match.group().strip()
            if len(sentence) > max(limit, len(longest)) and not _is_list(sentence):
                longest = sentence
    if longest:
        shown = longest[:_SHOWN] + "…"
        collector.note("gate.sentence.long", field, place=place, marks=(longest,), text=shown, length=len(longest))


def _is_list(sentence: str) -> bool:
    parts = _ENUMERATION.split(sentence)
    return len(parts) > 8 and len(sentence) / len(parts) < 12
