"""A page taken over: its drawing instructions written anew with only what they use, and nothing that is not drawn."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Stream

PAGE_KEYS = ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources")
BOXES = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit")
UNDRAWN = (
    "/Metadata", "/PieceInfo", "/OC", "/OPI", "/Alternates", "/Ref", "/StructParent", "/StructParents", "/LastModified",
    "/AA", "/A", "/AF", "/Measure", "/PtData", "/Private", "/Thumb", "/ID", "/CIDSet", "/CharSet", "/Name", "/Properties",
)  # fmt: skip
"""Keys of objects that change nothing of what is drawn and may hold anything."""
_USES = {
    "Do": "/XObject",
    "Tf": "/Font",
    "gs": "/ExtGState",
    "sh": "/Shading",
    "cs": "/ColorSpace",
    "CS": "/ColorSpace",
}
_DEEPEST = 40
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class NotCopied(Exception):
    """The page holds what cannot be taken over cleanly; it is made anew from its picture."""


class Cleaner:
    """Strips pages of one file; objects that several pages share are stripped once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._seen: set[tuple[int, int]] = set()

    def clean(self, page: pikepdf.Page) -> None:
        """Strip a page of everything that is not drawn. Raises NotCopied, the page may be half stripped then."""
        boxes = {key: value for key in BOXES if (value := page.get(key)) is not None}
        try:
            content, used = _instructions(page)
            resources = self._resources(page.resources, used, 0)
        except NotCopied:
            raise
        except Exception as error:  # damaged streams and objects of other kinds than the format says
            raise NotCopied(str(error)) from error
        for key in list(page.obj.keys()):
            if key not in PAGE_KEYS:
                del page.obj[key]
        for key, value in boxes.items():
            page.obj[key] = value
        page.obj.Contents = Stream(self._pdf, content)
        page.obj.Resources = resources

    def _resources(self, held: Object, used: dict[str, set[str]], depth: int) -> Dictionary:
        found = Dictionary()
        for kind, names in sorted(used.items()):
            table = held.get(kind)
            if table is None:
                continue
            kept = Dictionary()
            for name in sorted(names):
                thing = table.get(name)
                if thing is not None:
                    self._strip(thing, depth + 1)
                    kept[name] = thing
            if len(kept.keys()):
                found[kind] = kept
        return found

    def _strip(self, thing: Any, depth: int) -> None:
        """Strip an object and all it names; forms, patterns and glyphs are rewritten as a page is."""
        if depth > _DEEPEST:
            raise NotCopied("objects inside objects without an end")
        if not isinstance(thing, Array | Dictionary | Stream):
            return
        if thing.is_indirect:
            if thing.objgen in self._seen:
                return
            self._seen.add(thing.objgen)
        if isinstance(thing, Array):
            for item in thing:
                self._strip(item, depth + 1)
            return
        if thing.get("/Subtype") == Name.Type3:
            raise NotCopied("glyphs that are drawing instructions of their own")
        for key in UNDRAWN:
            if key in thing:
                del thing[key]
        drawn = isinstance(thing, Stream) and self._stream(thing, depth)
        for key in list(thing.keys()):
            if key != "/Parent" and not (drawn and key == "/Resources"):
                self._strip(thing[key], depth + 1)

    def _stream(self, thing: Stream, depth: int) -> bool:
        """Rewrite the data of a stream; returns whether it is drawing instructions."""
        kind = thing.get("/Subtype")
        if kind == Name.PS or "/F" in thing:
            raise NotCopied("PostScript or an outside file")
        if kind == Name.Form or thing.get("/PatternType") == 1:
            resources = thing.get("/Resources", Dictionary())
            content, used = _instructions(thing)
            thing.write(content)
            thing.Resources = self._resources(resources, used, depth + 1)
            return True
        if kind == Name.Image:
            filters = thing.get("/Filter")
            names = [str(one) for one in filters] if isinstance(filters, Array) else [str(filters)] if filters else []
            if "/JPXDecode" in names:
                raise NotCopied("JPEG 2000 may carry texts of its own")
            if names == ["/DCTDecode"]:
                parameters = thing.get("/DecodeParms")
                thing.write(without_comments(thing.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=parameters)
            elif "/DCTDecode" in names:
                raise NotCopied("a JPEG inside another coding")
        return False


def _instructions(source: Any) -> tuple[bytes, dict[str, set[str]]]:
    """Return the drawing instructions without comments and marked content, and the resources they name."""
    used: dict[str, set[str]] = defaultdict(set)
    kept: list[Any] = []
    for instruction in pikepdf.parse_content_stream(source):
        operator = str(instruction.operator)
        operands = list(instruction.operands)
        if operator in ("MP", "DP"):
            continue
        if operator == "BDC":
            kept.append(pikepdf.ContentStreamInstruction([Name("/Span")], Operator("BMC")))
            continue
        if operator in ("BX", "EX"):
            continue
        if operator == "INLINE IMAGE":
            space = operands[0].obj.get("/CS", operands[0].obj.get("/ColorSpace")) if operands else None
            if isinstance(space, Name):
                used["/ColorSpace"].add(str(space))
        if operator in _USES and operands:
            used[_USES[operator]].add(str(operands[0]))
        if operator in ("scn", "SCN") and operands and isinstance(operands[-1], Name):
            used["/Pattern"].add(str(operands[-1]))
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept), used


def without_comments(data: bytes) -> bytes:
    """Return a JPEG without the segments in which cameras and programs write (APP1 to 13 and 15, COM).

    Raises NotCopied for what is no JPEG.
    """
    if not data.startswith(b"\xff\xd8"):
        raise NotCopied("no JPEG")
    out, at = bytearray(data[:2]), 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            raise NotCopied("a damaged JPEG")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            return bytes(out) + b"\xff\xd9"
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            raise NotCopied("a damaged JPEG")
        end = at + 2 + length
        if marker == 0xDA:  # the picture itself goes on until the next marker that is none of its own
            following = _MARKER.search(data, end)
            end = following.start() if following else len(data)
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            out += data[at:end]
        at = end
    return bytes(out) + b"\xff\xd9"
