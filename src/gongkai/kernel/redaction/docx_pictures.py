"""Pictures of a Word document: cut to what is shown, without what cameras and programs wrote into them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from gongkai.kernel.redaction.docx_clean import A
from gongkai.kernel.redaction.pdf_copy import NotCopied, without_comments

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
MOST_PIXELS = 60_000_000
_WHOLE = 100_000
"""Crops are written in thousandths of a percent."""


class NotKept(Exception):
    """The picture cannot be kept: a drawing that may hold text, a broken or huge one."""


def cleaned(data: bytes, crop: tuple[int, int, int, int] = (0, 0, 0, 0)) -> tuple[bytes, str]:
    """Return a picture and its extension (``png`` or ``jpeg``); ``crop`` cuts left, top, right, bottom.

    Raises NotKept for vector drawings (EMF, WMF, SVG), which may hold text, and for what cannot be read.
    """
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise NotKept
        kind = picture.format
        if kind == "JPEG" and not any(crop):
            return without_comments(data), "jpeg"
        shown = _cut(picture.convert("RGBA" if _has_alpha(picture) else "RGB"), crop)
    except NotKept:
        raise
    except (NotCopied, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotKept from error
    target = BytesIO()
    shown.save(target, "PNG")
    return target.getvalue(), "png"


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _cut(picture: Image.Image, crop: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = (max(0, part) / _WHOLE for part in crop)
    width, height = picture.size
    box = (int(left * width), int(top * height), round((1 - right) * width), round((1 - bottom) * height))
    if box[0] >= box[2] or box[1] >= box[3]:
        raise NotKept
    # The pixels alone are taken over: what else the file held is in the object that was opened.
    fresh = Image.new(picture.mode, (box[2] - box[0], box[3] - box[1]))
    fresh.paste(picture.crop(box))
    return fresh


def crop_of(blip: Any) -> tuple[int, int, int, int]:
    """Return and take away the crop beside a picture of a drawing."""
    parent = blip.getparent()
    source = None if parent is None else parent.find(f"{{{A}}}srcRect")
    if source is None:
        return 0, 0, 0, 0
    left, top, right, bottom = (_number(source.get(side)) for side in ("l", "t", "r", "b"))
    parent.remove(source)
    return left, top, right, bottom


def _number(value: str | None) -> int:
    try:
        return int(float(value or 0))
    except ValueError:
        return 0
