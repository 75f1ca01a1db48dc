"""What a workbook holds and does not show: hidden sheets, rows and columns, comments, names, caches, drawings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl.utils import column_index_from_string

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.content.parts import local, members, pictures, properties, tree
from gongkai.kernel.documents.archive import Archive

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]+)")
LEAST_HEIGHT = 1.0
"""Height of a row (points) below which nothing can be read."""

LEAST_WIDTH = 0.5
"""Width of a column (characters) below which nothing can be read."""


@dataclass
class HiddenParts:
    """What is hidden of one sheet. ``columns`` are letters, ``rows`` numbers from 1."""

    sheet: bool = False
    rows: set[int] = field(default_factory=set)
    columns: list[tuple[int, int]] = field(default_factory=list)

    def kind(self, row: int, column: str) -> PlaceKind:
        """Return in which layer a cell stands."""
        if self.sheet:
            return PlaceKind.HIDDEN_SHEET
        if row in self.rows:
            return PlaceKind.HIDDEN_ROW
        number = column_index_from_string(column)
        if any(first <= number <= last for first, last in self.columns):
            return PlaceKind.HIDDEN_COLUMN
        return PlaceKind.BODY


def hidden_parts(archive: Archive) -> dict[str, HiddenParts]:
    """Return what is hidden of each sheet by its title: hidden by state, or of no height or width."""
    found: dict[str, HiddenParts] = {}
    for title, member, state in _sheets(archive):
        parts = found[title] = HiddenParts(sheet=state != "visible")
        for _, element in etree.iterparse(
            BytesIO(archive.read(member)), tag=(f"{_MAIN}row", f"{_MAIN}col"), resolve_entities=False, no_network=True
        ):
            name = local(element)
            hidden = element.get("hidden") in {"1", "true"}
            if (
                name == "row"
                and (hidden or _number(element.get("ht"), LEAST_HEIGHT) < LEAST_HEIGHT)
                and element.get("r")
            ):
                parts.rows.add(int(element.get("r")))
            elif name == "col" and (hidden or _number(element.get("width"), LEAST_WIDTH) < LEAST_WIDTH):
                parts.columns.append((int(element.get("min")), int(element.get("max"))))
            if name == "row":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    return found


def hidden_pieces(archive: Archive) -> Iterator[Piece]:
    """Yield every text of a workbook that is in none of its cells."""
    for title, member, _ in _sheets(archive):
        yield from _comments(archive, title, member)
        yield from _drawings(archive, title, member)
        yield from _header_footer(archive, title, member)
    yield from _names(archive)
    yield from _pivot_caches(archive)
    for member in members(archive, r"xl/externalLinks/externalLink[0-9]+\.xml"):
        for element in tree(archive, member).iter():
            if local(element) == "v" and element.text:
                yield Piece(element.text, Place(PlaceKind.CACHED, part="外部链接"))
    for member in members(archive, r"xl/charts/chart[0-9]+\.xml"):
        for element in tree(archive, member).iter():
            if local(element) in {"v", "t"} and element.text:
                yield Piece(element.text, Place(PlaceKind.CACHED, part="图表"))
    yield from properties(archive)
    yield from pictures(archive)


def _sheets(archive: Archive) -> list[tuple[str, str, str]]:
    """List (title, member, state) of the sheets with cells."""
    targets = _relations(archive, "xl/workbook.xml")
    found = []
    for element in tree(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        member, kind = targets.get(element.get(_RELATION, ""), ("", ""))
        if kind == "worksheet" and member in archive.names:
            found.append((element.get("name", ""), member, element.get("state", "visible")))
    return found


def _relations(archive: Archive, member: str) -> dict[str, tuple[str, str]]:
    """Return (member, kind) by relationship id of the parts that ``member`` points to inside the file."""
    folder, name = posixpath.split(member)
    source = f"{folder}/_rels/{name}.rels"
    if source not in archive.names:
        return {}
    found = {}
    for element in tree(archive, source):
        if local(element) == "Relationship" and element.get("TargetMode") != "External":
            target = element.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[element.get("Id", "")] = (path, element.get("Type", "").rpartition("/")[2])
    return found


def _of_kind(archive: Archive, member: str, kind: str) -> list[str]:
    return sorted(p for p, k in _relations(archive, member).values() if k == kind and p in archive.names)


def _comments(archive: Archive, title: str, member: str) -> Iterator[Piece]:
    for kind in ("comments", "threadedComment"):
        for part in _of_kind(archive, member, kind):
            root = tree(archive, part)
            authors = [e.text or "" for e in root.iter(f"{_MAIN}author")]
            for element in root.iter():
                if local(element) not in {"comment", "threadedComment"}:
                    continue
                text = "".join(e.text or "" for e in element.iter() if local(e) in {"t", "text"})
                number = element.get("authorId", "")
                author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
                match = _REFERENCE.fullmatch(element.get("ref", ""))
                column, row = (match.group(1), int(match.group(2))) if match else (None, None)
                yield Piece(text, Place(PlaceKind.COMMENT, part=author, sheet=title, row=row, column=column))


def _drawings(archive: Archive, title: str, member: str) -> Iterator[Piece]:
    """Text boxes and shapes, and the alternative texts of pictures."""
    for part in _of_kind(archive, member, "drawing"):
        for element in tree(archive, part).iter():
            if local(element) == "p":
                text = "".join(e.text or "" for e in element.iter() if local(e) == "t")
            elif local(element) == "cNvPr":
                text = element.get("descr", "")
            else:
                continue
            if text:
                yield Piece(text, Place(PlaceKind.DRAWING, sheet=title))


def _header_footer(archive: Archive, title: str, member: str) -> Iterator[Piece]:
    for _, element in etree.iterparse(
        BytesIO(archive.read(member)),
        tag=(f"{_MAIN}row", f"{_MAIN}headerFooter"),
        resolve_entities=False,
        no_network=True,
    ):
        if local(element) == "row":
            element.clear()
            continue
        for child in element:
            kind = PlaceKind.HEADER if "Header" in local(child) else PlaceKind.FOOTER
            if child.text:
                yield Piece(re.sub('&(?:[A-Z]|"[^"]*"|[0-9]+)', " ", child.text), Place(kind, sheet=title))


def _names(archive: Archive) -> Iterator[Piece]:
    """Defined names whose value is a text or whose own name or remark says something; addresses of cells do not."""
    for element in tree(archive, "xl/workbook.xml").iter(f"{_MAIN}definedName"):
        name, value = element.get("name", ""), element.text or ""
        constant = "，".join(re.findall('"([^"]*)"', value)) or (value if re.fullmatch("[0-9 .-]+", value) else "")
        text = " ".join(part for part in (constant, element.get("comment", "")) if part)
        if text and not name.startswith("_xlnm."):
            yield Piece(text, Place(PlaceKind.DEFINED_NAME, part=name))


def _pivot_caches(archive: Archive) -> Iterator[Piece]:
    """The copy of the source data that a pivot table keeps, even when the source was deleted."""
    for member in members(archive, r"xl/pivotCache/pivotCacheDefinition[0-9]+\.xml"):
        for item in tree(archive, member).iter(f"{_MAIN}cacheField"):
            for value in _cached(item):
                yield Piece(value, Place(PlaceKind.PIVOT_CACHE, part=item.get("name", "")), label=item.get("name", ""))
    for member in members(archive, r"xl/pivotCache/pivotCacheRecords[0-9]+\.xml"):
        for number, record in enumerate(tree(archive, member).iter(f"{_MAIN}r"), 1):
            for value in _cached(record):
                yield Piece(value, Place(PlaceKind.PIVOT_CACHE, row=number))


def _cached(element: Any) -> Iterator[str]:
    for child in element.iter():
        if local(child) in {"s", "n", "d"} and child.get("v"):
            yield child.get("v")


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
