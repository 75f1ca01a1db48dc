"""HTML pages: headings, paragraphs, lists and tables in reading order; scripts, styles and hidden parts are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.domain.document import Block, Document, Paragraph
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.grid import Grid
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.numerals import ordinal
from gongkai.kernel.documents.txt import decode

_DROPPED = frozenset(
    {
        "script", "style", "head", "noscript", "template", "iframe", "object", "embed", "svg", "math", "select",
        "option", "button", "input", "textarea", "canvas", "video", "audio", "-comment", "!doctype", "-doctype",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
        "sup", "tt", "u", "var", "wbr", "time", "o:p", "st1:chsdate",
    }
)  # fmt: skip
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_LIST_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{3,20})")
_SPACES = re.compile(r"[ \t\r\n\f\v\u200b]+")
_BREAK = "\x01"  # stands for <br> until the paragraph ends; no page can hold it as text
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read an HTML page.

    A table that only holds other tables or stands around the whole text is layout and is read as running blocks.
    Raises DocumentRefused when nesting, rows or cells go beyond the limits.
    """
    match = _CHARSET.search(data[:8192]) or _XML_ENCODING.search(data[:200])
    text, issues = decode(data, name=name, declared=match.group(1).decode("ascii").lower() if match else None)
    tree = LexborHTMLParser(text.replace("\x00", ""))
    if tree.body is None:
        raise refusal("document.no_text", name=name)
    walker = _Walker(name=name, limits=limits)
    walker.block(tree.body, 0)
    walker.flush()
    return Document(format="html", name=name, blocks=tuple(walker.blocks), issues=issues)


@dataclass
class _Walker:
    """Gathers inline text until a block begins or ends."""

    name: str
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    line: int = 0
    cells: int = 0
    pieces: list[str] = field(default_factory=list)
    label: str = ""
    heading: int | None = None

    def flush(self) -> None:
        """End the running paragraph; one without text is dropped."""
        for text in _lines("".join(self.pieces)):
            self.line += 1
            if self.line > self.limits.max_paragraphs:
                raise refusal("document.too_many_paragraphs", name=self.name, limit=self.limits.max_paragraphs)
            self.blocks.append(Paragraph(text=text, line=self.line, label=self.label, heading=self.heading))
            self.label = ""
        self.pieces.clear()

    def block(self, node: LexborNode, depth: int) -> None:
        """Read the children of a block element."""
        self._guard(depth)
        number = _count(node, "start", 1)
        for child in node.iter(include_text=True, skip_empty=False):
            tag = (child.tag or "").lower()
            if tag == "-text":
                self.pieces.append(child.text_content or "")
            elif tag in _DROPPED or _is_hidden(child):
                continue
            elif tag == "br":
                self.pieces.append(_BREAK)
            elif tag in _INLINE:
                self.block(child, depth + 1)
            elif tag == "li":
                number = _count(child, "value", number)
                self._item(child, node, number, depth)
                number += 1
            elif tag == "table":
                self.flush()
                self._table(child, depth)
            else:
                self.flush()
                outer = self.heading
                self.heading = _HEADINGS.get(tag, outer)
                self.block(child, depth + 1)
                self.flush()
                self.heading = outer

    def _item(self, item: LexborNode, parent: LexborNode, number: int, depth: int) -> None:
        self.flush()
        kind = parent.attributes.get("type") or "1"
        self.label = ordinal(number, _LIST_FORMATS.get(kind, "decimal")) + "." if parent.tag == "ol" else "•"
        self.block(item, depth + 1)
        self.flush()
        self.label = ""

    def _table(self, table: LexborNode, depth: int) -> None:
        self._guard(depth)
        rows = list(_rows(table))
        nested = any(cell.css_first("table") is not None for row in rows for cell in _cells(row))
        if nested or (len(rows) == 1 and len(list(_cells(rows[0]))) == 1):
            for child in table.iter():
                if (child.tag or "") == "caption":
                    self.block(child, depth + 1)
                    self.flush()
            for row in rows:
                for cell in _cells(row):
                    self.block(cell, depth + 1)
                    self.flush()
            return
        grid = Grid(name=self.name, limits=self.limits, cells_before=self.cells)
        for child in table.iter():
            if (child.tag or "") == "caption":
                self.block(child, depth + 1)
                self.flush()
        for row in rows:
            grid.new_row()
            for cell in _cells(row):
                grid.place(
                    _cell_text(cell, self.name, self.limits, depth),
                    columns=_span(cell, "colspan", 1000),
                    rows=_span(cell, "rowspan", 65534),
                )
        built = grid.table(first_line=self.line + 1)
        if built is not None:
            self.cells += grid.size
            self.line += len(built.rows)
            self.blocks.append(built)

    def _guard(self, depth: int) -> None:
        if depth > self.limits.max_depth:
            raise refusal("document.too_deep", name=self.name, limit=self.limits.max_depth)


def _cell_text(cell: LexborNode, name: str, limits: Limits, depth: int) -> str:
    inner = _Walker(name=name, limits=limits)
    inner.block(cell, depth + 1)
    inner.flush()
    return "\n".join(b.label + b.text for b in inner.blocks if isinstance(b, Paragraph))


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from (row for row in child.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in {"td", "th"})


def _span(cell: LexborNode, attribute: str, most: int) -> int:
    value = (cell.attributes.get(attribute) or "").strip()
    if not value.isdecimal() or not value.isascii() or len(value) > 9:
        return 1
    return min(max(int(value), 1), most)


def _count(node: LexborNode, attribute: str, otherwise: int) -> int:
    value = (node.attributes.get(attribute) or "").strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 7 else otherwise


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _lines(text: str) -> Iterator[str]:
    """Collapse white space as a browser does; an explicit line break starts a new line."""
    for piece in text.split(_BREAK):
        line = _SPACES.sub(" ", piece).replace("\xa0", " ").strip()
        if line:
            yield line
