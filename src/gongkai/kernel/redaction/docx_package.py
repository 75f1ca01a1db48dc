"""Writing the new package: only parts that were put into it by name, in one order, with one fixed time."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from lxml import etree

DOCUMENT = "word/document.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OLD_KINDS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT = {
    "officeDocument": f"{_WORD}.document.main+xml",
    "header": f"{_WORD}.header+xml",
    "footer": f"{_WORD}.footer+xml",
    "footnotes": f"{_WORD}.footnotes+xml",
    "endnotes": f"{_WORD}.endnotes+xml",
    "styles": f"{_WORD}.styles+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "settings": f"{_WORD}.settings+xml",
    "fontTable": f"{_WORD}.fontTable+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}
_SEVERAL = frozenset({"header", "footer"})


def relation_kind(address: str) -> str:
    """Return the last word of the address of a kind of relationship, empty for kinds that are not the format's own."""
    known = address.startswith((_KINDS, _OLD_KINDS))
    return address.rpartition("/")[2] if known else ""


class Package:
    """The parts of a new Word document."""

    def __init__(self) -> None:
        self._parts: dict[str, bytes] = {}
        self._content: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._pictures: dict[bytes, str] = {}

    def name_of(self, kind: str) -> str:
        """Return the name for the next part of a kind."""
        if kind == "theme":
            return "word/theme/theme1.xml"
        self._numbers[kind] += 1
        return f"word/{kind}{self._numbers[kind] if kind in _SEVERAL else ''}.xml"

    def add_story(self, name: str, kind: str, root: Any, pointers: Sequence[tuple[str, str, str]]) -> None:
        """Add a part with what it points to (id, kind, name of the target)."""
        etree.cleanup_namespaces(root, keep_ns_prefixes=_prefixes(root))
        self._parts[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
        self._content[name] = CONTENT[kind]
        if pointers:
            folder, file = posixpath.split(name)
            targets = [(identity, one, posixpath.relpath(target, folder)) for identity, one, target in pointers]
            self._parts[posixpath.join(folder, "_rels", f"{file}.rels")] = _relations(targets)

    def add_picture(self, data: bytes, extension: str) -> str:
        """Add a picture, the same bytes once; returns its name."""
        if data not in self._pictures:
            self._pictures[data] = f"word/media/image{len(self._pictures) + 1}.{extension}"
            self._parts[self._pictures[data]] = data
        return self._pictures[data]

    def bytes(self) -> bytes:
        """Return the file; the same parts give the same bytes."""
        parts = {
            "[Content_Types].xml": self._types(),
            "_rels/.rels": _relations([("rId1", "officeDocument", DOCUMENT)]),
            **dict(sorted(self._parts.items())),
        }
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for name, data in parts.items():
                entry = zipfile.ZipInfo(name, date_time=_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                out.writestr(entry, data)
        return target.getvalue()

    def _types(self) -> bytes:
        root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
        for extension, kind in (
            ("jpeg", "image/jpeg"),
            ("png", "image/png"),
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
        ):
            etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
        for name, kind in sorted(self._content.items()):
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _relations(targets: Sequence[tuple[str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for identity, kind, target in sorted(targets):
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=identity, Type=f"{_KINDS}/{kind}", Target=target)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _prefixes(root: Any) -> list[str]:
    """Return the prefixes that attributes name in words (mc:Ignorable, Requires): they have to stay declared."""
    named = " ".join(
        value
        for element in root.iter()
        for key, value in element.attrib.items()
        if key.rpartition("}")[2] in ("Ignorable", "Requires", "MustUnderstand", "ProcessContent")
    )
    return named.split()
