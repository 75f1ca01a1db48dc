"""The parts of a Word document that are read, opened one by one: themes, pictures and settings stay packed."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from lxml import etree

from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.limits import Limits

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


class DocxPackage:
    """An opened DOCX file; ``main`` is the root element of its main part."""

    def __init__(self, data: bytes, *, name: str, limits: Limits) -> None:
        """Open the file. Raises DocumentRefused, or KeyError when there is no main part."""
        self._archive = Archive.open(data, name=name, limits=limits)
        path = next((target for kind, target in self._relations("") if kind == _MAIN), None)
        if path is None:
            raise KeyError("no main part")
        self.main = parse_part(self._archive.read(path))
        self._targets: dict[str, str] = {}
        for kind, target in self._relations(path):
            self._targets.setdefault(kind, target)

    def root(self, kind: str) -> Any:
        """Return the root element of the first part of a kind that the main part points to, or None.

        Relationships to parts that are not there (a lost picture, "NULL") are passed over, as word processors do.
        """
        xml = self.part(kind)
        return None if xml is None else parse_part(xml)

    def part(self, kind: str) -> bytes | None:
        """Return the bytes of the first part of a kind that the main part points to, or None."""
        target = self._targets.get(kind)
        return None if target is None else self._archive.read(target)

    def _relations(self, part: str) -> list[tuple[str, str]]:
        """Return kind and path of the parts that are there and that ``part`` ("": the package) points to."""
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self._archive.names:
            return []
        found = []
        for relation in parse_part(self._archive.read(path)).iter(_RELATIONSHIP):
            told = relation.get("Target") or ""
            if relation.get("TargetMode") == "External" or not told:
                continue
            for target in (told, unquote(told)):
                inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                if inside in self._archive.names:
                    found.append((relation.get("Type") or "", inside))
                    break
        return found


def parse_part(xml: bytes) -> Any:
    """Return the root element of a part; entities stay unresolved, nothing is fetched."""
    # A parser of its own for every part: one that is shared may be used by one thread at a time only.
    return etree.fromstring(xml, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
