"""What a DOCX file's styles say about a paragraph: its outline level and its list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongkai.kernel.documents.docx_package import parse_part
from gongkai.kernel.documents.names import qn

_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """``outline`` is 0 to 8 for headings, ``number`` and ``level`` a list number and level, where the style sets them."""

    outline: int | None = None
    number: str | None = None
    level: int | None = None
    numbered_by: str | None = None
    """The style (self or ancestor) that sets the list number; a list's level may be tied to it."""


LARGEST_KEPT = 512 * 1024
"""Bytes of a styles part that is kept for the next document; a technical bound."""


def styles_of(xml: bytes | None) -> Styles:
    """Return the styles of a part. Documents of one office mostly share a template, so the last few are kept."""
    if xml is None:
        return Styles(None)
    return _kept_styles(xml) if len(xml) <= LARGEST_KEPT else Styles(parse_part(xml))


@lru_cache(maxsize=4)
def _kept_styles(xml: bytes) -> Styles:
    return Styles(parse_part(xml))


class Styles:
    """The styles part, with what a style inherits from those it is based on."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._facts: dict[str, StyleFacts] = {}
        self.default: str | None = None
        if root is None:
            return
        for element in root.iterchildren(qn("w:style")):
            key = element.get(qn("w:styleId"), "")
            self._elements[key] = element
            if element.get(qn("w:type")) == "paragraph" and element.get(qn("w:default")) in {"1", "true", "on"}:
                self.default = key

    def facts(self, style: str | None) -> StyleFacts:
        """Return what the style, or the default paragraph style, sets; unknown styles set nothing."""
        key = style if style in self._elements else self.default
        if key is None:
            return StyleFacts()
        if key not in self._facts:
            self._facts[key] = self._resolve(key)
        return self._facts[key]

    def numbering_styles(self) -> dict[str, str]:
        """Map numbering styles to the list number they stand for."""
        found = {}
        for key, element in self._elements.items():
            if element.get(qn("w:type")) == "numbering":
                number = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
                if number is not None:
                    found[key] = number.get(qn("w:val"), "")
        return found

    def _resolve(self, key: str) -> StyleFacts:
        outline: int | None = None
        number: str | None = None
        level: int | None = None
        numbered_by: str | None = None
        seen: set[str] = set()
        current: str | None = key
        while current is not None and current in self._elements and current not in seen:
            seen.add(current)
            element = self._elements[current]
            properties = element.find(qn("w:pPr"))
            own_outline, own_number, own_level = paragraph_facts(properties)
            if own_outline is None:
                named = element.find(qn("w:name"))
                match = _HEADING_NAME.fullmatch((named.get(qn("w:val")) or "").strip()) if named is not None else None
                own_outline = int(match.group(1)) - 1 if match else None
            outline = own_outline if outline is None else outline
            level = own_level if level is None else level
            if number is None and own_number is not None:
                number, numbered_by = own_number, current
            based = element.find(qn("w:basedOn"))
            current = based.get(qn("w:val")) if based is not None else None
        return StyleFacts(outline=outline, number=number, level=level, numbered_by=numbered_by)


def paragraph_facts(properties: Any) -> tuple[int | None, str | None, int | None]:
    """Return outline level, list number and list level set in a ``w:pPr`` element, each None when it is not set."""
    if properties is None:
        return None, None, None
    outline = _value(properties.find(qn("w:outlineLvl")))
    numbers = properties.find(qn("w:numPr"))
    number = numbers.find(qn("w:numId")) if numbers is not None else None
    level = _value(numbers.find(qn("w:ilvl"))) if numbers is not None else None
    return outline, number.get(qn("w:val")) if number is not None else None, level


def _value(element: Any) -> int | None:
    text = element.get(qn("w:val")) if element is not None else None
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 6 else None
