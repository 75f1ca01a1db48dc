"""Word documents (DOCX): paragraphs and tables in the order of the body, as they read with all changes accepted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from gongkai.domain.document import Block, Document, Paragraph
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.docx_numbering import Numbering
from gongkai.kernel.documents.docx_package import DocxPackage
from gongkai.kernel.documents.docx_styles import paragraph_facts, styles_of
from gongkai.kernel.documents.docx_text import Inline
from gongkai.kernel.documents.errors import notice, refusal, warning
from gongkai.kernel.documents.grid import Grid
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.names import qn

_WRAPPERS = frozenset(
    {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag")}
)
_FOUND = {
    "inserted": "document.docx.insertions",
    "deleted": "document.docx.deletions",
    "picture": "document.docx.pictures",
    "object": "document.docx.objects",
    "hidden": "document.docx.hidden_text",
    "comment": "document.docx.comments",
    "nested": "document.docx.nested_tables",
    "chunk": "document.docx.chunks",
}
"""Message for each thing worth telling, filled with how often it was met."""


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read a DOCX file.

    Deleted text is left out and inserted text kept; automatic numbers are in ``Paragraph.label`` (inside table cells
    they are part of the text); text boxes follow the paragraph they hang on, foot- and endnotes stand at the end,
    tables inside table cells follow their outer table. Headers and footers are not read.

    Raises DocumentRefused when the content goes beyond the limits or holds pictures only.
    """
    package = DocxPackage(data, name=name, limits=limits)
    walker = _Walker(package, name=name, limits=limits)
    body = package.main.find(qn("w:body"))
    if body is not None:
        walker.body(body, 0)
    walker.notes()
    if walker.seen["picture"] and not any(_has_text(block) for block in walker.blocks):
        raise refusal("document.docx.only_pictures", name=name)
    return Document(format="docx", name=name, blocks=tuple(walker.blocks), issues=tuple(walker.issues()))


class _Walker:
    """Reads block elements one after the other and keeps count of what was met."""

    def __init__(self, package: DocxPackage, *, name: str, limits: Limits) -> None:
        self.package = package
        self.name = name
        self.limits = limits
        self.blocks: list[Block] = []
        self.line = 0
        self.cells = 0
        self.seen: Counter[str] = Counter()
        self.footnotes: list[tuple[str, str]] = []
        self.styles = styles_of(package.part(RELATIONSHIP_TYPE.STYLES))
        self.numbering = Numbering.read(self._root(RELATIONSHIP_TYPE.NUMBERING), self.styles.numbering_styles())
        self.carried = ""

    def body(self, element: Any, depth: int) -> None:
        """Read the blocks in a body, a text box or a note."""
        self._guard(depth)
        for child in element.iterchildren():
            if child.tag == qn("w:p"):
                self._paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                self._table(child, depth)
            elif child.tag in _WRAPPERS:
                self.seen["inserted"] += child.tag in {qn("w:ins"), qn("w:moveTo")}
                self.body(child, depth + 1)
            elif child.tag == qn("w:altChunk"):
                self.seen["chunk"] += 1

    def notes(self) -> None:
        """Put the foot- and endnotes that the text refers to at the end."""
        roots = {
            "footnote": self._root(RELATIONSHIP_TYPE.FOOTNOTES),
            "endnote": self._root(RELATIONSHIP_TYPE.ENDNOTES),
        }
        references, self.footnotes = self.footnotes, []
        for count, (kind, number) in enumerate(references, 1):
            root = roots[kind]
            found = [] if root is None else [e for e in root if e.get(qn("w:id")) == number]
            for note in found[:1]:
                inner = self._texts(note, 0)
                self._add(Paragraph(text=inner, line=self.line + 1, label=f"［注{count}］"))
        if references:
            self.seen["note"] = len(references)

    def issues(self) -> list[Issue]:
        """Tell what was met on the way."""
        found: list[Issue] = []
        for key, code in _FOUND.items():
            if self.seen[key]:
                tell = warning if key in {"object", "hidden", "chunk"} else notice
                found.append(tell(code, name=self.name, count=self.seen[key]))
        if self.seen["note"]:
            found.append(notice("document.docx.footnotes", name=self.name, count=self.seen["note"]))
        return found

    def _paragraph(self, element: Any, depth: int) -> None:
        label, heading = self._label(element)
        inline = self._inline(element)
        text = self.carried + "".join(inline.text)
        self.carried = ""
        if _mark_deleted(element):
            # The paragraph mark was deleted: with that change accepted the text runs on into the next paragraph.
            self.carried = label + text
        else:
            self._add(Paragraph(text=text, line=self.line + 1, label=label if text.strip() else "", heading=heading))
        for box in inline.boxes:
            self.body(box, depth + 1)

    def _inline(self, element: Any) -> Inline:
        inline = Inline()
        inline.read(element)
        self.seen.update(inline.seen)
        self.footnotes += inline.footnotes
        return inline

    def _label(self, element: Any) -> tuple[str, int | None]:
        """Return the visible automatic number and the heading level (1 to 9) of a paragraph."""
        properties = element.find(qn("w:pPr"))
        reference = properties.find(qn("w:pStyle")) if properties is not None else None
        style = reference.get(qn("w:val")) if reference is not None else None
        facts = self.styles.facts(style)
        outline, number, level = paragraph_facts(properties)
        outline = facts.outline if outline is None else outline
        if number is None:
            number = facts.number
            if level is None and number is not None and facts.numbered_by is not None:
                tied = self.numbering.level_of_style(number, style or facts.numbered_by)
                level = tied if tied is not None else self.numbering.level_of_style(number, facts.numbered_by)
        level = facts.level if level is None else level
        label = self.numbering.label(number, level or 0) if number not in {None, "", "0"} and number else ""
        return label, outline + 1 if outline is not None and outline < 9 else None

    def _table(self, table: Any, depth: int) -> None:
        self._guard(depth)
        rows = list(_rows(table, self.seen))
        if len(rows) == 1 and len(cells := list(_cells(rows[0]))) == 1 and cells[0].find(qn("w:tbl")) is not None:
            self.body(cells[0], depth + 1)  # a frame around another table is layout
            return
        grid = Grid(name=self.name, limits=self.limits, cells_before=self.cells)
        nested: list[Any] = []
        for row in rows:
            grid.new_row()
            grid.skip(_number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), least=0))
            for cell in _cells(row):
                self._cell(cell, grid, nested, depth)
        built = grid.table(first_line=self.line + 1)
        if built is not None:
            self.cells += grid.size
            self.line += len(built.rows)
            self.blocks.append(built)
        for inner in nested:
            self.seen["nested"] += 1
            self._table(inner, depth + 1)

    def _cell(self, cell: Any, grid: Grid, nested: list[Any], depth: int) -> None:
        properties = cell.find(qn("w:tcPr"))
        span = _number(properties.find(qn("w:gridSpan")), least=1) if properties is not None else 1
        for tag, continues in (("w:vMerge", grid.continue_above), ("w:hMerge", grid.continue_left)):
            merge = properties.find(qn(tag)) if properties is not None else None
            if merge is not None and merge.get(qn("w:val"), "continue") == "continue" and continues(columns=span):
                return
        grid.place(self._texts(cell, depth, nested).strip("\n"), columns=span)

    def _texts(self, element: Any, depth: int, nested: list[Any] | None = None) -> str:
        """Return the text of a cell or note, its paragraphs on lines of their own; inner tables go to ``nested``."""
        self._guard(depth)
        lines: list[str] = []
        for child in element.iterchildren():
            if child.tag == qn("w:p"):
                label, _ = self._label(child)
                inline = self._inline(child)
                text = "".join(inline.text)
                lines.append(label + text if text.strip() or element.tag == qn("w:tc") else text)
                lines += [self._texts(box, depth + 1, nested) for box in inline.boxes]
            elif child.tag == qn("w:tbl") and nested is not None:
                nested.append(child)
            elif child.tag in _WRAPPERS:
                lines.append(self._texts(child, depth + 1, nested))
        return "\n".join(lines)

    def _add(self, paragraph: Paragraph) -> None:
        self.line += 1
        if self.line > self.limits.max_paragraphs:
            raise refusal("document.too_many_paragraphs", name=self.name, limit=self.limits.max_paragraphs)
        self.blocks.append(paragraph)

    def _root(self, kind: str) -> Any:
        """Return the root element of a part that the main part points to, or None."""
        return self.package.root(kind)

    def _guard(self, depth: int) -> None:
        if depth > self.limits.max_depth:
            raise refusal("document.too_deep", name=self.name, limit=self.limits.max_depth)


def _rows(element: Any, seen: Counter[str]) -> list[Any]:
    """List the rows of a table, without those whose deletion is tracked."""
    found: list[Any] = []
    for child in element.iterchildren():
        if child.tag == qn("w:tr"):
            if child.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                seen["deleted"] += 1
            else:
                found.append(child)
        elif child.tag in _WRAPPERS:
            found += _rows(child, seen)
    return found


def _cells(element: Any) -> list[Any]:
    found: list[Any] = []
    for child in element.iterchildren():
        if child.tag == qn("w:tc"):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found += _cells(child)
    return found


def _number(element: Any, *, least: int) -> int:
    """Return a span or an offset in columns; nonsense counts as the least."""
    text = element.get(qn("w:val")) if element is not None else None
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 4:
        return least
    return max(int(text), least)


def _mark_deleted(paragraph: Any) -> bool:
    return paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None


def _has_text(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return bool(block.text.strip())
    return any(text.strip() for row in block.rows for text in row)
