"""Taking out of the XML of a Word document what is not its visible text: changes, comments, hidden runs, fields, objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
V = "urn:schemas-microsoft-com:vml"
SHAPES = ("drawingml/2006/picture", "/wordprocessingShape", "/wordprocessingGroup", "/wordprocessingCanvas")
"""Ends of the kinds of drawings that stay; charts and diagrams carry data of their own."""
KEPT_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_GONE = (
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "del", "moveFrom", "moveFromRangeStart",
    "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange",
    "tblPrExChange", "tcPrChange", "trPrChange", "tblGridChange", "numberingChange", "cellIns", "cellMerge",
    "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
    "object", "control", "altChunk", "subDoc", "contentPart", "proofErr", "permStart", "permEnd", "bookmarkStart",
    "bookmarkEnd", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "tblCaption", "tblDescription", "rt", "rubyPr",
    "printerSettings", "ffData", "fldData",
)  # fmt: skip
_OPENED = ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "sdt", "ruby", "rubyBase", "dir", "bdo")
_NOTED = {
    "commentRangeStart": "comments", "ins": "changes", "del": "changes", "moveFrom": "changes", "moveTo": "changes",
    "hyperlink": "links", "object": "objects", "control": "objects", "altChunk": "objects", "subDoc": "objects",
}  # fmt: skip


def parse(xml: bytes) -> Any:
    """Return the root of a part, without comments and instructions to programs; entities stay unresolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(xml, parser)


def w(name: str) -> str:
    """Return a name of the main vocabulary."""
    return f"{{{W}}}{name}"


def local(element: Any) -> str:
    """Return the name of an element without its vocabulary."""
    return str(element.tag).rpartition("}")[2]


def clean(root: Any, *, hidden_styles: frozenset[str], keep_pictures: bool) -> Counter[str]:
    """Strip a part of everything that is not drawn; returns how much of what, by message code."""
    found: Counter[str] = Counter()
    _rows(root, found)
    for name in _GONE:
        for element in list(root.iter(w(name))):
            _note(found, name)
            drop(element)
    for name in _OPENED:
        for element in list(root.iter(w(name))):
            _note(found, name)
            unwrap(element)
    _fields(root, found)
    for element in list(root.iter(f"{{{MC}}}Fallback")):
        drop(element)
    _hidden_runs(root, hidden_styles, found)
    _drawings(root, keep_pictures, found)
    _attributes(root, found)
    return found


def _note(found: Counter[str], name: str) -> None:
    if name in _NOTED:
        found[f"redaction.removed.{_NOTED[name]}"] += 1


def drop(element: Any) -> None:
    """Take an element away, with all in it; text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Put what is in an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at + 1, child)
    parent.remove(element)


def _rows(root: Any, found: Counter[str]) -> None:
    """Take away rows and empty cells that a change has deleted."""
    for row in list(root.iter(w("tr"))):
        properties = row.find(w("trPr"))
        if properties is not None and properties.find(w("del")) is not None:
            found["redaction.removed.changes"] += 1
            drop(row)
    for mark in list(root.iter(w("cellDel"))):
        cell = next((one for one in mark.iterancestors(w("tc"))), None)
        if cell is not None:
            found["redaction.removed.changes"] += 1
            for child in list(cell):
                if child.tag != w("tcPr"):
                    cell.remove(child)
            etree.SubElement(cell, w("p"))
        drop(mark)


def _fields(root: Any, found: Counter[str]) -> None:
    """Keep page numbers as fields; of all others the text that stands there, not what it is made of."""
    for element in list(root.iter(w("fldSimple"))):
        if _field_name(element.get(w("instr")) or "") not in KEPT_FIELDS:
            found["redaction.removed.links"] += 1
            unwrap(element)
    open_fields: list[tuple[list[Any], list[str]]] = []
    for element in list(root.iter(w("fldChar"), w("instrText"))):
        if local(element) == "instrText":
            if open_fields:
                open_fields[-1][0].append(element)
                open_fields[-1][1].append(element.text or "")
            else:
                drop(element)
            continue
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append(([], []))
        if open_fields:
            open_fields[-1][0].append(element)
        if kind == "end" and open_fields:
            _close(*open_fields.pop(), found)
    for parts, instructions in open_fields:
        _close(parts, [*instructions, " "], found)


def _close(parts: list[Any], instructions: list[str], found: Counter[str]) -> None:
    if _field_name("".join(instructions)) in KEPT_FIELDS:
        return
    found["redaction.removed.links"] += 1
    for part in parts:
        drop(part)


def _field_name(instruction: str) -> str:
    words = instruction.split()
    return words[0].upper() if words else ""


def hidden_styles(styles: Any | None) -> frozenset[str]:
    """Return the styles whose text is hidden, those that are based on one too."""
    if styles is None:
        return frozenset()
    based = {one.get(w("styleId"), ""): _value(one.find(w("basedOn"))) for one in styles.iter(w("style"))}
    hidden = {one.get(w("styleId"), "") for one in styles.iter(w("style")) if _vanishes(one.find(w("rPr")))}
    while more := {name for name, base in based.items() if base in hidden} - hidden:
        hidden |= more
    return frozenset(hidden)


def _value(element: Any | None) -> str:
    return "" if element is None else element.get(w("val")) or ""


def _vanishes(properties: Any | None) -> bool:
    if properties is None:
        return False
    mark = properties.find(w("vanish"))
    return mark is not None and _value(mark) not in ("0", "false", "off")


def _hidden_runs(root: Any, styles: frozenset[str], found: Counter[str]) -> None:
    for run in list(root.iter(w("r"))):
        properties = run.find(w("rPr"))
        paragraph = next((one for one in run.iterancestors(w("p"))), None)
        own = None if properties is None else properties.find(w("vanish"))
        named = properties is not None and _value(properties.find(w("rStyle"))) in styles
        around = paragraph is not None and _value(paragraph.find(f"{w('pPr')}/{w('pStyle')}")) in styles
        if _vanishes(properties) or (own is None and (named or around)):
            found["redaction.removed.hidden_text"] += 1
            drop(run)


def _drawings(root: Any, keep_pictures: bool, found: Counter[str]) -> None:
    for drawing in list(root.iter(w("drawing"))):
        kinds = [one.get("uri") or "" for one in drawing.iter(f"{{{A}}}graphicData")]
        if not all(kind.endswith(SHAPES) for kind in kinds):
            found["redaction.removed.objects"] += 1
            drop(drawing)
        elif not keep_pictures and next(drawing.iter(f"{{{A}}}blip"), None) is not None:
            found["redaction.removed.pictures"] += 1
            drop(drawing)
    for element in list(root.iter("{*}OLEObject")):
        found["redaction.removed.objects"] += 1
        drop(element)
    if not keep_pictures:
        for element in list(root.iter(f"{{{V}}}imagedata")):
            found["redaction.removed.pictures"] += 1
            drop(element)
    # Extensions keep the original of an edited picture, links and more.
    for element in list(root.iter(f"{{{A}}}extLst", f"{{{PIC}}}extLst", f"{{{A}}}hlinkClick", f"{{{A}}}hlinkHover")):
        drop(element)


def _attributes(root: Any, found: Counter[str]) -> None:
    """Drop the traces of editing, and names and descriptions of drawings, which nobody sees."""
    for number, element in enumerate(root.iter()):
        for key in list(element.attrib):
            name = key.rpartition("}")[2]
            if name.startswith("rsid") or name in (
                "paraId",
                "textId",
                "anchorId",
                "editId",
                "author",
                "initials",
                "userId",
            ):
                del element.attrib[key]
            elif name in ("descr", "title", "alt", "href", "tooltip", "docLocation") and not key.startswith(f"{{{W}}}"):
                found["redaction.removed.attribute"] += int(bool(element.get(key)))
                del element.attrib[key]
        if local(element) in ("docPr", "cNvPr"):
            element.set("name", f"{local(element)}{number}")


def without_words(root: Any, holds: Callable[[str], bool], tells: Callable[[str], bool]) -> int:
    """Empty every text outside of runs that still holds a word (``holds``), and every attribute that tells one (``tells``)."""
    count = 0
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if tells(value):
                element.set(key, "")
                count += 1
        if element.text and not _is_text(element) and holds(element.text):
            element.text = None
            count += 1
        if element.tail and holds(element.tail):
            element.tail = None
            count += 1
    return count


def _is_text(element: Any) -> bool:
    return local(element) == "t"


def children_of(root: Any, names: Iterable[str]) -> None:
    """Keep only these elements right under the root."""
    kept = {w(name) for name in names}
    for child in list(root):
        if child.tag not in kept:
            root.remove(child)
