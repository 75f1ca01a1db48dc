"""The text of a part of a Word document as one row of signs, and taking words out of it, whatever runs they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongkai.domain.redaction.marks import BLOCK
from gongkai.domain.redaction.terms import ACROSS_LINES, occurrences, plain
from gongkai.kernel.redaction.docx_clean import drop, local, w

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Row:
    """Signs in the order of the document; each knows its element and its place in the element's text."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.places: list[tuple[Any, int] | None] = []
        self.ends: list[int] = []

    def add(self, text: str, element: Any) -> None:
        """Add the text of an element."""
        for at, sign in enumerate(text):
            self.signs.append(sign)
            self.places.append((element, at))

    def end_paragraph(self) -> None:
        """End a paragraph."""
        self.signs.append("\n")
        self.places.append(None)
        self.ends.append(len(self.signs))

    @property
    def text(self) -> str:
        """All signs as one text."""
        return "".join(self.signs)


def row_of(root: Any) -> Row:
    """Return the signs of a part: paragraph by paragraph, those of text boxes behind the one they hang on."""
    row = Row()
    for paragraph in root.iter(w("p")):
        for element in paragraph.iter():
            name = local(element)
            if name not in _BREAKS and name not in ("t", "sym") or _paragraph_of(element) is not paragraph:
                continue
            if name == "t":
                row.add(element.text or "", element)
            elif name == "sym":
                row.add(_symbol(element), element)
            elif _parent_is_run(element):
                row.add(_BREAKS[name], element)
        row.end_paragraph()
    return row


def _parent_is_run(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == w("r")


def _paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(w("p")), None)


def _symbol(element: Any) -> str:
    try:
        return chr(int(element.get(w("char")) or "", 16))
    except ValueError:
        return "\ufffd"


def remove_words(root: Any, terms: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Take words out of a part and put a block for each; returns number of the word and of the paragraph (from 1).

    Longer words are found over the end of paragraphs, too: a number may stand one digit a cell.
    """
    row = row_of(root)
    text = row.text
    removed: dict[int, str] = {}
    found: list[tuple[int, int]] = []
    for number, term in terms:
        for places in _places(row, text, term):
            if any(place in removed for place in places):
                if all(place in removed for place in places):
                    found.append((number, _paragraph_number(row, places[0])))
                    continue
                places = [place for place in places if place not in removed]
            found.append((number, _paragraph_number(row, places[0])))
            removed.update(dict.fromkeys(places, ""))
            removed[places[0]] = BLOCK
    _write(row, removed)
    return found


def _places(row: Row, text: str, term: str) -> list[list[int]]:
    if len(plain(term)) >= ACROSS_LINES:
        return occurrences(text, term)
    found = []
    start = 0
    for end in row.ends:
        found += [[start + at for at in places] for places in occurrences(text[start:end], term)]
        start = end
    return found


def _paragraph_number(row: Row, place: int) -> int:
    return next((number for number, end in enumerate(row.ends, start=1) if place < end), len(row.ends))


def _write(row: Row, removed: dict[int, str]) -> None:
    """Write the elements whose signs have changed; what is no text is replaced by one, or goes."""
    changed: dict[Any, dict[int, str]] = {}
    for place, instead in removed.items():
        held = row.places[place]
        if held is not None:
            changed.setdefault(held[0], {})[held[1]] = instead
    for element, signs in changed.items():
        if local(element) == "t":
            element.text = "".join(signs.get(at, sign) for at, sign in enumerate(element.text or ""))
            element.set(_XML_SPACE, "preserve")
        elif any(signs.values()):
            element.tag = w("t")
            element.attrib.clear()
            element.text = "".join(signs.values())
        else:
            drop(element)
