"""The pages of a scan as images: of a PDF file rendered, of a picture as they are."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageOps

from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.limits import DEFAULT, Limits
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

DPI = 200
"""Dots per inch at which a page is rendered; twice the usual screen, and what scanners make of office paper."""
MOST_PIXELS = 60_000_000
"""A larger picture is refused: it would unpack to hundreds of megabytes."""
LONGEST_SIDE = 4000
"""Pixels; a larger page is made smaller first, which the engine does anyway."""
PICTURES = {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "BMP": "bmp"}
"""Formats of pictures that are read, with their extension."""
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
)


def picture_kind(data: bytes) -> str:
    """Return the format of a picture by its first bytes (``PNG JPEG TIFF BMP``), or an empty string."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def count_pages(data: bytes, *, name: str, limits: Limits = DEFAULT) -> int:
    """Return the number of pages of a PDF file or a picture. Raises DocumentRefused for what cannot be opened."""
    if picture_kind(data):
        with _picture(data, name=name) as picture:
            count = int(getattr(picture, "n_frames", 1))
    else:
        with PDFIUM_LOCK:
            document = _open(data, name=name)
            try:
                count = len(document)
            finally:
                document.close()
    if count > limits.max_pages:
        raise refusal("document.too_many_pages", name=name, count=count, limit=limits.max_pages)
    return count


def page_image(data: bytes, number: int, *, name: str) -> Picture:
    """Return page ``number`` (from 1) as an image. Raises DocumentRefused for what cannot be rendered."""
    if picture_kind(data):
        with _picture(data, name=name) as picture:
            try:
                picture.seek(number - 1)
                return _bounded(ImageOps.exif_transpose(picture).convert("RGB"))
            except (OSError, EOFError, ValueError, SyntaxError) as error:
                raise refusal("document.damaged", name=name) from error
    with PDFIUM_LOCK:
        document = _open(data, name=name)
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(DPI / 72, LONGEST_SIDE / max(width, height, 1))
            image: Picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
            page.close()
            return image
        except pypdfium2.PdfiumError as error:
            raise refusal("document.damaged", name=name) from error
        finally:
            document.close()


def _open(data: bytes, *, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise refusal("document.damaged", name=name) from error


def _picture(data: bytes, *, name: str) -> Picture:
    try:
        picture = Image.open(BytesIO(data), formats=list(PICTURES))
    except Exception as error:
        # Pillow answers damaged pictures with many kinds of error.
        raise refusal("document.damaged", name=name) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise refusal("intake.ocr.picture_too_large", name=name, width=picture.width, height=picture.height)
    return picture


def _bounded(picture: Picture) -> Picture:
    longest = max(picture.size)
    if longest <= LONGEST_SIDE:
        return picture
    share = LONGEST_SIDE / longest
    return picture.resize((max(1, round(picture.width * share)), max(1, round(picture.height * share))))
