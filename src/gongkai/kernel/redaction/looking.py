"""Looking at a PDF before it is redacted: its pages as pictures, and where words stand on them, as redaction itself reads."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pypdfium2

from gongkai.domain.redaction.terms import occurrences
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK
from gongkai.kernel.redaction.pdf import LOOK_DPI, MOST_PIXELS
from gongkai.kernel.redaction.pdf_signs import Box, joined_boxes, read_page
from gongkai.kernel.redaction.result import MOST_PAGES

WIDE = 1100
"""Pixels across of a picture; enough to read small print and to draw by."""
QUALITY = 82
MOST_PLACES = 500
"""Places of a word that are shown; a technical bound. Redaction itself finds all."""


@contextmanager
def _opened(data: bytes, name: str) -> Any:
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise refusal("document.damaged", name=name) from error
        try:
            if len(document) > MOST_PAGES:
                raise refusal("redaction.too_many_pages", name=name, count=len(document), limit=MOST_PAGES)
            yield document
        except pypdfium2.PdfiumError as error:
            raise refusal("document.damaged", name=name) from error
        finally:
            document.close()


def page_sizes(data: bytes, *, name: str) -> list[tuple[int, int]]:
    """Return width and height of the picture of each page, in pixels; raises DocumentRefused."""
    with _opened(data, name) as document:
        sizes = []
        for number in range(len(document)):
            width, height = document.get_page_size(number)
            sizes.append((WIDE, max(round(WIDE * height / max(width, 1)), 1)))
        return sizes


def page_picture(data: bytes, *, number: int, name: str) -> bytes | None:
    """Return the picture of a page (from 1) as JPEG, None where there is no such page; raises DocumentRefused."""
    with _opened(data, name) as document:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        width, height = page.get_size()
        scale = WIDE / max(width, 1)
        if WIDE * height * scale > MOST_PIXELS:
            raise refusal("redaction.page_too_large", name=name, page=number)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    target = BytesIO()
    picture.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


def term_places(data: bytes, terms: Iterable[str], *, name: str) -> dict[int, list[Box]]:
    """Return where words stand, by page, as boxes in shares of it; raises DocumentRefused. Scans have no text to find."""
    wanted = list(terms)
    found: dict[int, list[Box]] = {}
    with _opened(data, name) as document:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            width, height = page.get_size()
            if min(width, height) < 1 or width * height * (LOOK_DPI / 72) ** 2 > MOST_PIXELS:
                raise refusal("redaction.page_too_large", name=name, page=number)
            layer = page.get_textpage()
            text = layer.get_text_range()
            layer.close()
            if text.strip():
                picture = page.render(scale=LOOK_DPI / 72).to_pil().convert("RGB")
                boxes = _boxes(read_page(page, picture), wanted)
                if boxes:
                    found[number] = boxes
            page.close()
            if sum(map(len, found.values())) >= MOST_PLACES:
                break
    return found


def _boxes(page: Any, terms: Iterable[str]) -> list[Box]:
    found: list[Box] = []
    for term in terms:
        for places in occurrences(page.text, term):
            boxes = [page.signs[place].box for place in places]
            found += joined_boxes([box for box in boxes if box is not None], pad=(1 / page.width, 1 / page.height))
    return found
