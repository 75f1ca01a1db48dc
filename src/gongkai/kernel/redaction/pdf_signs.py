"""What stands on a page as PDFium reads and draws it: each sign with its place, and which of them nobody can see."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy
import pypdfium2.raw as pdfium
from PIL import Image

from gongkai.domain.redaction.marks import Region
from gongkai.kernel.content.pdf_places import _bounds, _drawn, _share

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in shares of the page as it is seen."""

SEEN = 16
"""Steps of gray between the lightest and the darkest pixel of a sign from which on something is there to be seen."""
TOUCHED = 0.15
"""Share of a sign under a region from which on it is removed."""
COVERED = 0.6
PAPER = 0.8
"""A picture over this share of a page is the paper of a scan, not a cover."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of the text of a page; ``box`` is None for blanks and line ends that the reader made up."""

    text: str
    box: Box | None
    seen: bool = True


@dataclass(frozen=True, slots=True)
class PageSigns:
    """A page: size in points as it is seen, its signs in reading order, whether a picture is its paper, and whether it
    holds pictures of which a part is covered or lies outside of the page."""

    width: float
    height: float
    signs: tuple[Sign, ...]
    is_scan: bool
    hides_pictures: bool

    @property
    def text(self) -> str:
        """All signs as one text; a sign of it is a sign of the page, one for one."""
        return "".join(sign.text for sign in self.signs)


def read_page(page: Any, picture: Image.Image) -> PageSigns:
    """Read a page; ``picture`` is how it looks, at any resolution. The caller holds PDFium's lock."""
    width, height = page.get_size()
    place = Placing(page)
    pixels = numpy.asarray(picture.convert("L"))
    covers, order = _drawn(page)
    covers = [cover for cover in covers if min(cover[1][2] - cover[1][0], cover[1][3] - cover[1][1]) > 2]
    layer = page.get_textpage()
    try:
        signs = [_sign(layer, index, place, pixels, covers, order) for index in range(layer.count_chars())]
    finally:
        layer.close()
    is_scan, hides = _pictures(page, place, covers)
    return PageSigns(width, height, tuple(signs), is_scan, hides)


class Placing:
    """From the coordinates of a page to shares of it as it is seen: turned and cropped."""

    SIDE = 1_000_000

    def __init__(self, page: Any) -> None:
        self._page = page

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box of the page's own coordinates as shares of what is seen."""
        corners = [self._point(left, bottom), self._point(right, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page, 0, 0, self.SIDE, self.SIDE, 0, x, y, across, down)
        return across.value / self.SIDE, down.value / self.SIDE


def _sign(layer: Any, index: int, place: Placing, pixels: Any, covers: list[Any], order: dict[int, int]) -> Sign:
    text = chr(pdfium.FPDFText_GetUnicode(layer, index) or 0xFFFD)
    if text in "\r\n":
        return Sign("\n", None)
    if text.isspace() or pdfium.FPDFText_IsGenerated(layer, index) == 1:
        return Sign(" " if text.isspace() else text, None)
    tight = layer.get_charbox(index)
    loose = layer.get_charbox(index, loose=True)
    around = (min(tight[0], loose[0]), min(tight[1], loose[1]), max(tight[2], loose[2]), max(tight[3], loose[3]))
    box = place.box(*around)
    inside = box[2] > 0 and box[3] > 0 and box[0] < 1 and box[1] < 1
    drawn = order.get(ctypes.addressof(pdfium.FPDFText_GetTextObject(layer, index).contents), 1 << 29)
    under = any(turn > drawn and _share(tight, cover) >= COVERED for turn, cover in covers)
    return Sign(text, box, inside and not under and _has_ink(pixels, box))


def _has_ink(pixels: Any, box: Box) -> bool:
    height, width = pixels.shape
    left, top = max(0, int(box[0] * width)), max(0, int(box[1] * height))
    right, bottom = min(width, int(box[2] * width) + 1), min(height, int(box[3] * height) + 1)
    part = pixels[top:bottom, left:right]
    return bool(part.size and int(part.max()) - int(part.min()) >= SEEN)


def _pictures(page: Any, place: Placing, covers: list[Any]) -> tuple[bool, bool]:
    """Return whether a picture is the paper of the page, and whether pictures hide something."""
    is_scan = hides = False
    for turn, item in enumerate(page.get_objects()):
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        left, bottom, right, top = _bounds(item)
        box = place.box(left, bottom, right, top)
        shown = max(0.0, min(1, box[2]) - max(0, box[0])) * max(0.0, min(1, box[3]) - max(0, box[1]))
        is_scan |= shown >= PAPER
        hides |= min(box[:2]) < -0.01 or max(box[2:]) > 1.01
        for later, cover in covers:
            overlap = (max(left, cover[0]), max(bottom, cover[1]), min(right, cover[2]), min(top, cover[3]))
            hides |= later > turn and overlap[2] - overlap[0] > 1 and overlap[3] - overlap[1] > 1
    return is_scan, hides


def touches(box: Box, region: Box) -> bool:
    """Tell whether a sign is to go with a region: a good part of it, or its middle, lies in it."""
    width, height = max(box[2] - box[0], 1e-9), max(box[3] - box[1], 1e-9)
    shared = max(0.0, min(box[2], region[2]) - max(box[0], region[0])) * max(
        0.0, min(box[3], region[3]) - max(box[1], region[1])
    )
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    inside = region[0] <= middle[0] <= region[2] and region[1] <= middle[1] <= region[3]
    return inside or shared / (width * height) >= TOUCHED


def box_of(region: Region) -> Box:
    """Return a marked region as a box."""
    return region.left, region.top, region.right, region.bottom


def joined_boxes(boxes: list[Box], *, pad: tuple[float, float]) -> list[Box]:
    """Join boxes of neighbours on a line, each a little larger than the signs: ink goes over the edge."""
    lines: list[Box] = []
    for box in boxes:
        if lines:
            last = lines[-1]
            middle = (box[1] + box[3]) / 2
            near = abs(box[0] - last[2]) < 2 * (box[2] - box[0]) + 0.01
            if last[1] <= middle <= last[3] and near:
                lines[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
                continue
        lines.append(box)
    return [
        (max(0.0, a - pad[0]), max(0.0, b - pad[1]), min(1.0, c + pad[0]), min(1.0, d + pad[1])) for a, b, c, d in lines
    ]
