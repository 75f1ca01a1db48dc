"""The text that everybody sees, as pieces: paragraphs and cells of a neutral document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from gongkai.domain.document import Document, Table
from gongkai.domain.wording import Piece, Place, PlaceKind

_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBER_ENDS = re.compile(r"[0-9]{2,}$")
_NUMBER_BEGINS = re.compile(r"[0-9]*[0-9Xx](?![0-9A-Za-z])")
_BROKEN = re.compile(r"1[3-9][0-9]{9}|[1-9][0-9]{15,17}[0-9Xx]|[1-9][0-9]{15}")
"""A number of a person that a line was broken in: mobile phone, ID card, bank card."""


def body_pieces(document: Document) -> Iterator[Piece]:
    """Yield the text of a document. Lines of a PDF or OFD file that break inside a sentence run on without a break."""
    last = ""
    for block in document.blocks:
        if isinstance(block, Table):
            yield from table_pieces(block)
            last = ""
            continue
        text = block.label + block.text
        runs_on = document.format in {"pdf", "ofd"} and _runs_on(last, text)
        yield Piece(text, Place(page=block.page, line=block.line), before="" if runs_on else "\n")
        last = text


def _runs_on(last: str, text: str) -> bool:
    """Tell whether a sentence, or a number of a person in it, goes on in the next line of a page.

    A column of figures is no sentence: a number is put together only behind words, and when both parts make one.
    """
    if _HAN.match(last[-1:]) and _HAN.match(text[:1]):
        return True
    return bool(_HAN.search(last)) and number_goes_on(last, text)


def number_goes_on(last: str, text: str) -> bool:
    """Tell whether a number of a person begins at the end of one line and ends at the beginning of the next."""
    end, begin = _NUMBER_ENDS.search(last), _NUMBER_BEGINS.match(text)
    if end is None or begin is None or _BROKEN.fullmatch(end[0]) or _BROKEN.fullmatch(begin[0]):
        return False
    return bool(_BROKEN.fullmatch(end[0] + begin[0]))


def table_pieces(table: Table) -> Iterator[Piece]:
    """Yield the cells of a table, merged ones once, each with the header of its column."""
    head, labels = header_row(table)
    for r, row in enumerate(table.rows):
        before = "\n"
        for c, text in enumerate(row):
            if not text or table.origins[r][c] != (r, c):
                continue
            label, headers = (labels[c], labels) if r > head >= 0 else ("", ())
            yield Piece(text, cell_place(table, r, c), label=label, before=before, headers=headers)
            before = "\t"


def cell_place(table: Table, row: int, column: int) -> Place:
    """Return the place of a cell; indexes count from 0."""
    letters = get_column_letter(column + 1)
    if table.sheet is None:
        return Place(PlaceKind.BODY, page=table.page, line=table.lines[row], column=letters)
    return Place(PlaceKind.BODY, sheet=table.sheet, row=table.lines[row], column=letters)


def header_row(table: Table) -> tuple[int, tuple[str, ...]]:
    """Return the index of the row that heads the columns (-1 when there is none) and the header of each column.

    It is the first of the top rows with two different texts and no long number. Below a header that spans several
    columns the next row's text belongs to the header too.
    """
    for r, row in enumerate(table.rows[:6]):
        texts = {text for text in row if text}
        if len(texts) < 2 or any(re.search("[0-9]{6}", text) for text in texts):
            continue
        spans = [c for c in range(1, len(row)) if row[c] and table.origins[r][c] == table.origins[r][c - 1]]
        if spans and r + 1 < len(table.rows):
            below = table.rows[r + 1]
            return r + 1, tuple(t if t == b else f"{t} {b}" for t, b in zip(row, below, strict=True))
        return r, row
    return -1, ("",) * (len(table.rows[0]) if table.rows else 0)
