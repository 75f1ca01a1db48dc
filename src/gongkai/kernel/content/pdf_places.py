"""What a PDF file holds and does not show: text under opaque boxes, annotations, form fields, properties, attachments."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK

MOST_SEGMENTS = 8
"""A path of more segments is a drawing, not a box; its bounds would say nothing of what it covers."""

COVERED_SHARE = 0.6
"""Share of a character's area under a box from which on it cannot be read."""

WHOLE_PAGE = 0.8
"""A picture over this share of the page is the scan of a page with its text layer, not a cover."""

_PROPERTIES = {"Author": "作者", "Title": "标题", "Subject": "主题", "Keywords": "关键词"}
_COVERING_NOTES = frozenset({pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_REDACT})
_SILENT_NOTES = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_LAST = 1 << 30

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


def hidden_pieces(data: bytes) -> Iterator[Piece]:
    """Yield the hidden texts of a PDF file that was read before (see ``gongkai.kernel.documents``)."""
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(data)
        try:
            found = list(_document(document))
        finally:
            document.close()
    yield from found


def _document(document: pypdfium2.PdfDocument) -> Iterator[Piece]:
    for key, name in _PROPERTIES.items():
        value = document.get_metadata_value(key).strip()
        if value:
            yield Piece(value, Place(PlaceKind.PROPERTY, part=name))
    for number in range(document.count_attachments()):
        name = document.get_attachment(number).get_name()
        yield Piece(name, Place(PlaceKind.CACHED, part="附件"))
    for number in range(len(document)):
        page = document[number]
        layer = page.get_textpage()
        try:
            notes, boxes = _notes(page, number + 1)
            yield from notes
            yield from _covered(page, layer, number + 1, boxes)
        finally:
            layer.close()
            page.close()


def _covered(page: Any, layer: Any, number: int, boxes: list[Box]) -> Iterator[Piece]:
    """Yield the runs of characters over which an opaque box was drawn later.

    Characters know the text object that they belong to; objects are drawn in the order in which they are listed.
    """
    covers, order = _drawn(page)
    covers += [(_LAST, box) for box in boxes]
    if not covers:
        return
    run: list[str] = []
    for index in range(layer.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(layer, index) or 0xFFFD)
        if sign.isspace():
            if run and run[-1] != " ":
                run.append(" ")
            continue
        drawn = order.get(ctypes.addressof(pdfium.FPDFText_GetTextObject(layer, index).contents), _LAST - 1)
        if any(at > drawn and _share(layer.get_charbox(index), box) >= COVERED_SHARE for at, box in covers):
            run.append(sign)
        elif run:
            yield from _run(run, number)
            run = []
    yield from _run(run, number)


def _run(signs: list[str], number: int) -> Iterator[Piece]:
    text = "".join(signs).strip()
    if text:
        yield Piece(text, Place(PlaceKind.COVERED, page=number))


def _drawn(page: Any) -> tuple[list[tuple[int, Box]], dict[int, int]]:
    """Return the opaque boxes with their turn, and the turn of each text object by its address.

    Objects inside forms are placed by the matrices of the forms around them.
    """
    covers: list[tuple[int, Box]] = []
    order: dict[int, int] = {}
    width, height = page.get_size()
    for turn, item in enumerate(page.get_objects()):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            order[ctypes.addressof(item.raw.contents)] = turn
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_opaque_box(item.raw):
            covers.append((turn, _bounds(item)))
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE and not pdfium.FPDFPageObj_HasTransparency(item.raw):
            box = _bounds(item)
            if _area(box) < WHOLE_PAGE * width * height:
                covers.append((turn, box))
    return covers, order


def _is_opaque_box(path: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, mode, stroke)
    colors = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *colors)
    count = pdfium.FPDFPath_CountSegments(path)
    return (
        mode.value != pdfium.FPDF_FILLMODE_NONE
        and colors[3].value == 255
        and not pdfium.FPDFPageObj_HasTransparency(path)
        and 3 < count <= MOST_SEGMENTS
        and all(
            pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, n)) != pdfium.FPDF_SEGMENT_BEZIERTO
            for n in range(count)
        )
    )


def _bounds(item: Any) -> Box:
    left, bottom, right, top = item.get_bounds()
    corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
    form = item.container
    while form is not None:
        matrix = form.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        form = form.container
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _share(sign: Box, box: Box) -> float:
    """Return which share of a character's box lies under another box."""
    shared = (max(sign[0], box[0]), max(sign[1], box[1]), min(sign[2], box[2]), min(sign[3], box[3]))
    whole = _area(sign)
    return _area(shared) / whole if whole else 0.0


def _notes(page: Any, number: int) -> tuple[list[Piece], list[Box]]:
    """Return the texts of annotations and form fields, and the areas of annotations that cover what is below."""
    pieces: list[Piece] = []
    boxes: list[Box] = []
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind in _SILENT_NOTES:
                continue
            if kind in _COVERING_NOTES and (kind == pdfium.FPDF_ANNOT_REDACT or _is_filled(note)):
                area = pdfium.FS_RECTF()
                pdfium.FPDFAnnot_GetRect(note, area)
                boxes.append((area.left, area.bottom, area.right, area.top))
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                text, place = _string(note, b"V"), PlaceKind.FORM_FIELD
            else:
                text, place = _string(note, b"Contents"), PlaceKind.ANNOTATION
            if text:
                pieces.append(Piece(text, Place(place, part=_string(note, b"T"), page=number)))
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return pieces, boxes


def _is_filled(note: Any) -> bool:
    colors = [ctypes.c_uint() for _ in range(4)]
    found = pdfium.FPDFAnnot_GetColor(note, pdfium.FPDFANNOT_COLORTYPE_InteriorColor, *colors)
    return bool(found) and colors[3].value == 255


def _string(note: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(note, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00").strip()
