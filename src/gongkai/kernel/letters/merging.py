"""Many letters of one template as one DOCX file for printing, each on a page of its own.

Letters filled from one template differ in their text alone, so the texts are put one after the other into the package of the
first; fonts, head, seal and pictures are its own. Letters of another template begin another file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO

from lxml import etree

from gongkai.kernel.documents.packing import repack

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BODY, _SECTION, _PARAGRAPH = f"{{{_W}}}body", f"{{{_W}}}sectPr", f"{{{_W}}}p"
_PROPERTIES, _BREAK = f"{{{_W}}}pPr", f"{{{_W}}}pageBreakBefore"
# The schema wants these before it.
_BEFORE_BREAK = frozenset(f"{{{_W}}}{name}" for name in ("pStyle", "keepNext", "keepLines"))
DOCUMENT = "word/document.xml"
_BESIDE = frozenset({DOCUMENT, "docProps/core.xml"})
_Frame = tuple[tuple[str, int], ...]


def letters_merge(letters: Iterable[bytes], *, most: int) -> Iterator[tuple[int, bytes]]:
    """Yield files of up to ``most`` letters that follow each other, each with how many it holds; in the order given."""
    held: list[bytes] = []
    frame: _Frame = ()
    for data in letters:
        found = _frame(data)
        if held and (found != frame or len(held) >= most):
            yield len(held), _merged(held)
            held = []
        frame = found
        held.append(data)
    if held:
        yield len(held), _merged(held)


def _frame(data: bytes) -> _Frame:
    """Tell one package from another by everything in it but the text."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return tuple((info.filename, info.CRC) for info in package.infolist() if info.filename not in _BESIDE)


def _merged(letters: list[bytes]) -> bytes:
    tree = _document(letters[0])
    body = _body(tree)
    sections = body.findall(_SECTION)
    end = body.index(sections[-1]) if sections else len(body)
    for data in letters[1:]:
        parts = [one for one in _body(_document(data)) if one.tag != _SECTION]
        _on_new_page(parts)
        body[end:end] = parts
        end += len(parts)
    written = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _replaced(letters[0], written)


def _document(data: bytes) -> etree._Element:
    with zipfile.ZipFile(BytesIO(data)) as package:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(package.read(DOCUMENT), parser)


def _body(document: etree._Element) -> etree._Element:
    found = document.find(_BODY)
    if found is None:
        raise ValueError("a letter without a body")
    return found


def _on_new_page(parts: list[etree._Element]) -> None:
    """Let a letter begin on a new page: by its first paragraph, or by one before its first table."""
    if not parts or parts[0].tag != _PARAGRAPH:
        parts.insert(0, etree.Element(_PARAGRAPH))
    first = parts[0]
    properties = first.find(_PROPERTIES)
    if properties is None:
        properties = etree.Element(_PROPERTIES)
        first.insert(0, properties)
    if properties.find(_BREAK) is None:
        properties.insert(sum(one.tag in _BEFORE_BREAK for one in properties), etree.Element(_BREAK))


def _replaced(package: bytes, document: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for info in source.infolist():
            out.writestr(info.filename, document if info.filename == DOCUMENT else source.read(info))
    return repack(target.getvalue())
