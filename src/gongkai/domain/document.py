"""The neutral structure that every office format is read into: paragraphs and tables in reading order.

``gongkai.kernel.documents`` fills it from TXT, DOCX, XLSX, PDF, OFD and HTML; ``domain.workplans`` and later the
disclosure intake read it. Positions are kept, so that every result can point back at its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.domain.issues import Issue


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph (a line, where the source is plain text).

    ``text`` keeps inner and leading tabs of plain text. ``label`` is the visible automatic number of a DOCX list
    paragraph (``"1."``, ``"（一）"``) that is not part of ``text``. ``heading`` is the outline level 1 to 9 or None.
    ``line`` counts from 1 over the whole document: text lines, DOCX paragraphs (table rows count one each), PDF lines.
    """

    text: str
    line: int
    label: str = ""
    heading: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with merged cells resolved.

    ``rows[r][c]`` is the text at row r, column c; a merged cell's text stands in every place it covers.
    ``origins[r][c]`` is the (row, column) of the cell that fills that place, so two places with the same origin are
    one merged cell. All rows have the same length. ``lines[r]`` is the position of row r (see ``Paragraph.line``);
    for a sheet it is the sheet's own row number.
    """

    rows: tuple[tuple[str, ...], ...]
    origins: tuple[tuple[tuple[int, int], ...], ...]
    lines: tuple[int, ...]
    sheet: str | None = None
    page: int | None = None


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A source file in neutral form.

    ``format`` is one of ``txt docx xlsx pdf ofd html``; ``issues`` tell what could be read only in part.
    """

    format: str
    blocks: tuple[Block, ...]
    name: str = ""
    pages: int | None = None
    issues: tuple[Issue, ...] = field(default=())

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in reading order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        """Yield the tables in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def text(self) -> str:
        """Return the whole text, a paragraph or table row a line, cells separated by tabs, merged cells once."""
        out: list[str] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                out.append(block.label + block.text)
                continue
            for r, row in enumerate(block.rows):
                out.append("\t".join(t if block.origins[r][c] == (r, c) else "" for c, t in enumerate(row)))
        return "\n".join(out)


def from_lines(text: str, *, name: str = "", format: str = "txt") -> Document:
    """Turn plain text into a document, one paragraph a line, empty lines and tabs kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Document(format=format, name=name, blocks=tuple(Paragraph(text=t, line=n) for n, t in enumerate(lines, 1)))
