"""The straight lines drawn on a PDF page, from which the edges of its tables are found.

Office programs draw an edge as a stroked line, as a stroked rectangle, as a thin filled rectangle, as two rectangles one
inside the other, or as a row of dots. All of them become ``Ruling``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

_FORM_DEPTH = 4  # drawings inside drawings that are followed
_THIN = 4.0  # points; a filled shape not wider than this is a line
_STRAIGHT = 1.0  # points; how far the ends of a line may be apart across its direction
_FAR = 1e5  # points; PDF pages are at most 14400 wide

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line along one axis: at ``at`` across it, from ``start`` to ``end`` along it, in points."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rulings:
    """The lines of one page, ``y`` growing downward; ``complete`` is False when there were more than the limit.

    ``read`` counts the pieces of line that were looked at.
    """

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    complete: bool = True
    read: int = 0

    def add(self, box: Box, turn: Matrix) -> None:
        """Add a thin box, given in the coordinates of the page, as a line; a dot counts in both directions."""
        (x0, y0), (x1, y1) = _moved(turn, box[0], box[1]), _moved(turn, box[2], box[3])
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if not (left > -_FAR and right < _FAR and top > -_FAR and bottom < _FAR):
            return  # also where a number is not a number
        if bottom - top <= _THIN and right > left:
            self.horizontal.append(Ruling((top + bottom) / 2, left, right))
        if right - left <= _THIN and bottom > top:
            self.vertical.append(Ruling((left + right) / 2, top, bottom))


# Quarter turns of the text, clockwise, to the matrix that sets it upright with y growing downward.
TURNS: dict[int, Matrix] = {
    0: (1, 0, 0, -1, 0, 0),
    1: (0, -1, -1, 0, 0, 0),
    2: (-1, 0, 0, 1, 0, 0),
    3: (0, 1, 1, 0, 0, 0),
}


def read_rulings(page: pdfium.FPDF_PAGE, turn: Matrix, *, limit: int) -> Rulings:
    """Collect the lines of a page; reading stops at ``limit`` line segments."""
    out = Rulings()
    for item, matrix in _paths(page):
        count = pdfium.FPDFPath_CountSegments(item)
        if out.read + max(count, 1) > limit:
            return Rulings(complete=False, read=out.read)
        out.read += max(count, 1)
        if count >= 2:
            _read_path(item, count, matrix, turn, out)
    return out


def has_paths(page: pdfium.FPDF_PAGE) -> bool:
    """Tell whether anything but text and pictures is drawn on the page."""
    return next(_paths(page), None) is not None


def _paths(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix | None]]:
    get, kind_of = pdfium.FPDFPage_GetObject, pdfium.FPDFPageObj_GetType
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        item = get(page, index)
        kind = kind_of(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield item, None
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _form_paths(item, None, _FORM_DEPTH)


def _form_paths(
    form: pdfium.FPDF_PAGEOBJECT, outer: Matrix | None, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, Matrix | None]]:
    own = _matrix_of(form)
    matrix = own if outer is None else _times(own, outer)
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        item = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield item, matrix
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            yield from _form_paths(item, matrix, depth - 1)


def _read_path(item: pdfium.FPDF_PAGEOBJECT, count: int, outer: Matrix | None, turn: Matrix, out: Rulings) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke) or not (fill.value or stroke.value):
        return
    own = _matrix_of(item)
    outlines = _outlines(item, count, own if outer is None else _times(own, outer))
    boxes = [_around([point for edge in outline for point in edge]) for outline in outlines]
    for outline, box in zip(outlines, boxes, strict=True):
        if _is_thin(box):
            out.add(box, turn)
        elif stroke.value:
            for (x0, y0), (x1, y1) in outline:
                if abs(x1 - x0) <= _STRAIGHT or abs(y1 - y0) <= _STRAIGHT:
                    out.add((x0, y0, x1, y1), turn)
    if not stroke.value:
        for first, second in zip(boxes, boxes[1:], strict=False):
            if not _is_thin(first) and all(abs(a - b) <= _THIN for a, b in zip(first, second, strict=True)):
                x0, y0, x1, y1 = first
                for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                    out.add(side, turn)


Point = tuple[float, float]


def _outlines(item: pdfium.FPDF_PAGEOBJECT, count: int, matrix: Matrix) -> list[list[tuple[Point, Point]]]:
    """Return the straight edges of every part of a path, in the coordinates of the page; curves are left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    parts: list[list[tuple[Point, Point]]] = []
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(matrix, x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            parts.append([])
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and parts:
            parts[-1].append((last, point))
        last = point
        if parts and pdfium.FPDFPathSegment_GetClose(segment):
            parts[-1].append((last, start))
            last = start
    return [part for part in parts if part]


def _around(points: list[Point]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _is_thin(box: Box) -> bool:
    return box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN


def _matrix_of(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _moved(m: Matrix, x: float, y: float) -> Point:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Return the matrix that applies ``m`` first and ``n`` after it."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
