"""Making packages readable that word processors open without complaint but stricter libraries do not.

Only what holds no text is touched: relationships that point at parts that are not there, and, of a workbook, everything
but cell values, merged ranges, hidden rows and columns, and number formats. Broken XML is never patched up.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from lxml import etree

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHEET_PARTS = frozenset(
    _MAIN + tag for tag in ("sheetPr", "dimension", "sheetFormatPr", "cols", "sheetData", "mergeCells")
)
_BOOK_PARTS = frozenset(_MAIN + tag for tag in ("workbookPr", "bookViews", "sheets"))
_KEPT_KINDS = ("/worksheet", "/sharedStrings", "/styles")
_STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{formats}'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>{cells}</styleSheet>'
)


def without_dangling(data: bytes) -> bytes:
    """Return the package without internal relationships whose part is missing."""
    members = _members(data)
    for name in [n for n in members if n.endswith(".rels")]:
        root = _parse(members[name])
        for relation in list(root.iter(_RELATIONSHIPS)):
            if relation.get("TargetMode") != "External" and _target(name, relation) not in members:
                root.remove(relation)
        members[name] = etree.tostring(root)
    return _packed(members)


def values_only(data: bytes) -> bytes:
    """Return the workbook with nothing in it but what a reader of values needs."""
    members = _members(without_dangling(data))
    book = _workbook_name(members)
    folder = posixpath.dirname(book)
    rels = f"{folder}/_rels/{posixpath.basename(book)}.rels".lstrip("/")
    relations = _parse(members[rels])
    kept: dict[str, str] = {}
    for relation in list(relations.iter(_RELATIONSHIPS)):
        if relation.get("Type", "").endswith(_KEPT_KINDS):
            kept[relation.get("Id", "")] = _target(rels, relation)
        else:
            relations.remove(relation)
    root = _only(_parse(members[book]), _BOOK_PARTS)
    for sheet in list(root.iter(f"{_MAIN}sheet")):
        if sheet.get(f"{_OFFICE}id") not in kept:
            sheet.getparent().remove(sheet)
    out = {"[Content_Types].xml": members["[Content_Types].xml"], "_rels/.rels": members["_rels/.rels"]}
    out[book], out[rels] = etree.tostring(root), etree.tostring(relations)
    for relation in relations.iter(_RELATIONSHIPS):
        part = _target(rels, relation)
        content = members[part]
        if relation.get("Type", "").endswith("/worksheet"):
            content = etree.tostring(_without_blanks(_only(_parse(content), _SHEET_PARTS)))
        elif relation.get("Type", "").endswith("/styles"):
            content = _number_formats(content)
        out[part] = content
    return without_dangling(_packed(_declared(out)))


def _without_blanks(sheet: Any) -> Any:
    """Drop cells and rows that are only formatted; a hidden row is kept while it holds something."""
    for row in list(sheet.iter(f"{_MAIN}row")):
        for cell in list(row):
            if not len(cell):
                row.remove(cell)
        if not len(row):
            row.getparent().remove(row)
    return sheet


def _number_formats(styles: bytes) -> bytes:
    """Keep which number format each cell style has, and nothing else."""
    root = _parse(styles)
    formats = "".join(etree.tostring(e, encoding="unicode") for e in root.iterchildren(f"{_MAIN}numFmts"))
    cells = ""
    for group in root.iterchildren(f"{_MAIN}cellXfs"):
        ids = [x.get("numFmtId", "0") for x in group.iterchildren(f"{_MAIN}xf")]
        cells = "".join(f'<xf numFmtId="{i if i.isdecimal() else 0}"/>' for i in ids)
    return _STYLES.format(formats=formats, cells=f"<cellXfs>{cells or '<xf/>'}</cellXfs>").encode()


def _declared(members: dict[str, bytes]) -> dict[str, bytes]:
    """Drop the content types of parts that are gone."""
    root = _parse(members["[Content_Types].xml"])
    for entry in list(root):
        part = entry.get("PartName")
        if part is not None and part.lstrip("/") not in members:
            root.remove(entry)
    return {**members, "[Content_Types].xml": etree.tostring(root)}


def _workbook_name(members: dict[str, bytes]) -> str:
    for relation in _parse(members["_rels/.rels"]).iter(_RELATIONSHIPS):
        if relation.get("Type", "").endswith("/officeDocument"):
            return _target("_rels/.rels", relation)
    raise KeyError("the package names no workbook")


def _only(root: Any, kept: Iterable[str]) -> Any:
    wanted = frozenset(kept)
    for child in list(root):
        if child.tag not in wanted:
            root.remove(child)
    return root


def _target(rels: str, relation: Any) -> str:
    """Return the member that a relationship in ``rels`` points at."""
    target = unquote(relation.get("Target", "")).split("#")[0]
    if target.startswith("/"):
        return target.lstrip("/")
    source_folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join(source_folder, target)).lstrip("/")


def _parse(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as source:
        return {info.filename: source.read(info) for info in source.infolist()}


def _packed(members: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return target.getvalue()
