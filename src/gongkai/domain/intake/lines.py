"""A document as lines: what a person sees one below the other, with the marks of its source taken off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.domain.document import Document, Paragraph, Table

_MARKDOWN = re.compile(r"^\s*(?:#{1,6}\s+|>\s+)")
_STARS = re.compile(r"^\*\*(.+)\*\*$")
RULE = re.compile(r"^[\s\-—–－_=＿─━*·.。…]{3,}$")
PAGE_NUMBER = re.compile(
    r"^\s*[-—–－·]+\s*[0-9０-９]{1,4}\s*[-—–－·]+\s*$|^\s*第\s*[0-9]{1,4}\s*页(?:\s*共\s*[0-9]{1,4}\s*页)?\s*$"
)
_HAN_GAP = re.compile(
    r"(?<=[^\x00-\x7f])[ \t\u3000\xa0]+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[ \t\u3000\xa0]+(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])[ \t\u3000\xa0]+(?=[^\x00-\x7f])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``number`` as in ``Paragraph.line``, ``flat`` the text without blanks, ``cells`` for a table's row."""

    number: int
    text: str
    heading: int | None = None
    cells: tuple[str, ...] = ()
    page: int | None = None

    @property
    def flat(self) -> str:
        """The text without any blanks."""
        return re.sub(r"[\s\u3000\xa0]", "", self.text)


def lines_of(document: Document) -> list[Line]:
    """Return the lines that hold text; rules, page numbers and marks of Markdown are passed over."""
    out: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Table):
            out += _rows(block)
            continue
        heading = block.heading
        if heading is None and (mark := _MARKDOWN.match(block.text)) is not None and "#" in mark.group():
            heading = mark.group().count("#")
        text = bare(block)
        if text and not is_noise(text):
            out.append(Line(block.line, text, heading, page=block.page))
    return out


def bare(paragraph: Paragraph) -> str:
    """Return the text of a paragraph without the marks of Markdown and without blanks at its ends."""
    text = _MARKDOWN.sub("", paragraph.label + paragraph.text).strip()
    match = _STARS.match(text)
    return match.group(1).strip() if match else text


def cells_of(text: str) -> tuple[str, ...]:
    """Return the cells of a line of plain text that was exported from a table (parted by tabs), or nothing."""
    cells = tuple(cell.strip() for cell in text.strip(" \r\n").split("\t"))
    return cells if len(cells) > 1 and sum(map(bool, cells)) > 1 else ()


def is_noise(text: str) -> bool:
    """Tell whether a line is a rule or the number of a page."""
    return bool(RULE.match(text) or PAGE_NUMBER.match(text))


def joined(parts: Sequence[str]) -> str:
    """Join the lines of a title or a name: blanks beside Chinese characters go, those between Latin words stay."""
    text = ""
    for part in parts:
        latin = text[-1:].isascii() and text[-1:].isalpha() and part[:1].isascii() and part[:1].isalpha()
        text += (" " if latin else "") + part.strip()
    return _HAN_GAP.sub("", text)


def _rows(table: Table) -> list[Line]:
    rows = []
    for r, row in enumerate(table.rows):
        cells = tuple(text.strip() for c, text in enumerate(row) if table.origins[r][c] == (r, c))
        if any(cells):
            rows.append(Line(table.lines[r], "\t".join(cells), None, cells, table.page))
    return rows
