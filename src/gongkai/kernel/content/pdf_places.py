"""What a PDF file holds and does not show: text under opaque boxes, annotations, form fields, properties, attachments."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.content.body import number_goes_on
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK

MOST_SEGMENTS = 400
"""A path of more segments is a drawing, not a row of boxes."""

BOX_SHARE = 0.9
"""Share of its bounds that an outline has to fill to count as a box."""

COVERED_SHARE = 0.6
"""Share of a character's area under a box from which on it cannot be read."""

THINNEST = 2.0
"""Points; what is thinner is a line."""

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
    covers = sorted(cover for cover in covers if min(cover[1][2] - cover[1][0], cover[1][3] - cover[1][1]) > THINNEST)
    if not covers:
        return
    turns = [turn for turn, _ in covers]
    run: list[str] = []
    for index in range(layer.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(layer, index) or 0xFFFD)
        if sign.isspace():
            if run and sign in "\r\n":
                run.append("\n")
            elif run and run[-1] not in " \n":
                run.append(" ")
            continue
        drawn = order.get(ctypes.addressof(pdfium.FPDFText_GetTextObject(layer, index).contents), _LAST - 1)
        later = covers[bisect_right(turns, drawn) :]
        sign_box = layer.get_charbox(index) if later else (0.0, 0.0, 0.0, 0.0)
        if any(_share(sign_box, box) >= COVERED_SHARE for _, box in later):
            run.append(sign)
        elif run:
            yield from _run(run, number)
            run = []
    yield from _run(run, number)


def _run(signs: list[str], number: int) -> Iterator[Piece]:
    text = ""
    for line in "".join(signs).split("\n"):
        text += line.strip() if number_goes_on(text, line.strip()) else f" {line.strip()}"
    text = " ".join(text.split())
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
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            covers += [(turn, box) for box in _opaque_boxes(item)]
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE and not pdfium.FPDFPageObj_HasTransparency(item.raw):
            box = _bounds(item)
            if _area(box) < WHOLE_PAGE * width * height:
                covers.append((turn, box))
    return covers, order


def _opaque_boxes(item: Any) -> list[Box]:
    """Return the boxes that a filled opaque path paints, one for each of its outlines; none for other drawings.

    An outline counts as a box when it fills its bounds (rounded corners are allowed). A path with one outline inside
    another is a frame and covers nothing.
    """
    path = item.raw
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, mode, stroke)
    colors = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *colors)
    count = pdfium.FPDFPath_CountSegments(path)
    filled = mode.value != pdfium.FPDF_FILLMODE_NONE and colors[3].value == 255
    if not filled or count > MOST_SEGMENTS or pdfium.FPDFPageObj_HasTransparency(path):
        return []
    outlines = [outline for outline in _outlines(path, count) if len(outline) > 2]
    boxes = [_around(outline) for outline in outlines]
    if any(n != m and _contains(a, b) for n, a in enumerate(boxes) for m, b in enumerate(boxes)):
        return []
    return [
        _around([_placed(item, x, y) for x, y in outline])
        for outline, box in zip(outlines, boxes, strict=True)
        if _area(box) and _polygon_area(outline) >= BOX_SHARE * _area(box)
    ]


def _outlines(path: Any, count: int) -> list[list[tuple[float, float]]]:
    """Return the corners of each outline of a path; of curves the points that steer them."""
    found: list[list[tuple[float, float]]] = []
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if not found or pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            found.append([])
        found[-1].append((x.value, y.value))
    return found


def _placed(item: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a point of an object lies on the page."""
    holder = item
    while holder is not None:
        x, y = holder.get_matrix().on_point(x, y)
        holder = holder.container
    return x, y


def _around(points: list[tuple[float, float]]) -> Box:
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def _contains(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _polygon_area(points: list[tuple[float, float]]) -> float:
    turned = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turned)) / 2


def _bounds(item: Any) -> Box:
    left, bottom, right, top = item.get_bounds()
    corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
    form = item.container
    while form is not None:
        matrix = form.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        form = form.container
    return _around(corners)


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
