"""Reading the result again before it is given out: by two readers, byte by byte, part by part, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy
import pikepdf
import pypdfium2
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer
from pikepdf import Array, Dictionary, Name, Stream

from gongkai.domain.issues import Issue
from gongkai.domain.redaction.marks import terms_of
from gongkai.domain.redaction.terms import contains, encodings_of
from gongkai.kernel.documents import read_document
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.documents.pdf import _LOCK as PDFIUM_LOCK
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction.pdf_scan import still_read
from gongkai.kernel.redaction.pdf_signs import Box
from gongkai.kernel.redaction.result import Order

ROOT_KEYS = {"/Type", "/Pages", "/Lang"}
PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources"}
TRAILER_KEYS = {"/Root", "/Size", "/ID", "/Length", "/Filter", "/W", "/Index", "/Type", "/DecodeParms"}
FORBIDDEN = (
    "/JS", "/JavaScript", "/AA", "/A", "/EmbeddedFile", "/EF", "/Annots", "/OC", "/OCGs", "/Metadata", "/PieceInfo",
    "/ActualText", "/Alt", "/Info", "/Names", "/Outlines", "/AcroForm", "/XFA", "/StructTreeRoot", "/Prev",
)  # fmt: skip
"""Keys that no object of the result has."""
BLACK = 48
"""Of 255; a blackened place has no lighter pixel."""
SURE_BYTES = 6
"""In pictures shorter byte sequences turn up by chance."""
LOOK_DPI, SCAN_DPI = 100, 200
NO_TEXT = {"document.pdf.no_text", "document.no_text"}


def check_pdf(order: Order, data: bytes, boxes: Mapping[int, Sequence[Box]], scans: Sequence[int]) -> tuple[str, ...]:
    """Return which checks the result passed. Raises Refused naming everything that is still to be found."""
    terms = terms_of(order.marks)
    issues = _own_reader(data, terms)
    issues += _second_reader(data, terms)
    issues += _inside(data, terms)
    issues += _pictures(data, boxes, scans, terms)
    if issues:
        raise Refused(list({_key(one): one for one in issues}.values()))
    passed = ["own_reader", "second_reader", "bytes", "parts", "pixels", *(["ocr"] if scans else [])]
    return tuple(f"redaction.checked.{one}" for one in passed)


def _key(issue: Issue) -> str:
    return f"{issue.code} {issue.values}"


def _own_reader(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    texts: list[tuple[str, str]] = []
    try:
        texts.append(("全文", read_document(data, name="结果.pdf").text()))
    except DocumentRefused as refused:
        if not set(refused.codes()) <= NO_TEXT:
            return [Issue("redaction.check.unreadable", values={"reader": "本系统"})]
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(data)
        try:
            for number in range(len(document)):
                layer = document[number].get_textpage()
                texts.append((f"第{number + 1}页", layer.get_text_range()))
                layer.close()
        finally:
            document.close()
    return _found("本系统", texts, terms)


def _second_reader(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    texts = []
    try:
        for number, page in enumerate(extract_pages(BytesIO(data)), start=1):
            parts = [part.get_text() for part in page if isinstance(part, LTTextContainer)]
            texts.append((f"第{number}页", "\n".join(parts)))
    except Exception:  # a reader that fails has read nothing
        return [Issue("redaction.check.unreadable", values={"reader": "另一种读取程序"})]
    return _found("另一种读取程序", texts, terms)


def _found(reader: str, texts: Sequence[tuple[str, str]], terms: Sequence[tuple[int, str]]) -> list[Issue]:
    return [
        Issue("redaction.check.text", values={"reader": reader, "number": number + 1, "where": where})
        for number, term in terms
        for where, text in texts
        if contains(text, term)
    ]


def _inside(data: bytes, terms: Sequence[tuple[int, str]]) -> list[Issue]:
    """Search every byte, and look for parts that must not be there."""
    issues: list[Issue] = []
    patterns = [(number, encodings_of(term)) for number, term in terms]

    def search(held: bytes, where: str, least: int = 4) -> None:
        for number, forms in patterns:
            if any(len(form) >= least and form in held for form in forms):
                issues.append(Issue("redaction.check.bytes", values={"where": where, "number": number + 1}))

    def part(name: str) -> None:
        issues.append(Issue("redaction.check.part", values={"part": name}))

    search(data, "原始数据", SURE_BYTES)
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        part("修改历史")
    with pikepdf.open(BytesIO(data)) as pdf:
        for key in sorted(set(pdf.trailer.keys()) - TRAILER_KEYS):
            part(str(key))
        for key in sorted(set(pdf.Root.keys()) - ROOT_KEYS):
            part(str(key))
        for page in pdf.pages:
            for key in sorted(set(page.obj.keys()) - PAGE_KEYS):
                part(str(key))
        for thing in pdf.objects:
            for key in FORBIDDEN:
                if isinstance(thing, Dictionary | Stream) and key in thing:
                    part(key)
            for text in _strings(thing, 0):
                search(text, "对象")
            if isinstance(thing, Stream):
                picture = thing.get("/Subtype") == Name.Image
                coded = picture and str(thing.get("/Filter", "")) not in ("", "/FlateDecode")
                held = thing.read_raw_bytes() if coded else thing.read_bytes()
                search(held, "数据流", SURE_BYTES if picture else 4)
    return issues


def _strings(thing: Any, depth: int) -> Iterator[bytes]:
    """Yield the texts and names of an object, as bytes and as what they mean."""
    if isinstance(thing, pikepdf.String):
        yield bytes(thing)
        yield str(thing).encode("utf-8", "replace")
    elif isinstance(thing, Name):
        yield str(thing).encode("utf-8", "replace")
    elif depth < 40 and isinstance(thing, Array):
        for item in thing:
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, depth + 1)
    elif depth < 40 and isinstance(thing, Dictionary | Stream):
        for key in thing.keys():  # noqa: SIM118 - an object of pikepdf is no mapping
            yield key.encode("utf-8", "replace")
            item = thing[key]
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, depth + 1)


def _pictures(
    data: bytes, boxes: Mapping[int, Sequence[Box]], scans: Sequence[int], terms: Sequence[tuple[int, str]]
) -> list[Issue]:
    issues: list[Issue] = []
    pictures: list[tuple[int, Any]] = []
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(data)
        try:
            for number, places in sorted(boxes.items()):
                page = document[number - 1]
                pixels = numpy.asarray(page.render(scale=LOOK_DPI / 72).to_pil().convert("L"))
                if not all(_is_black(pixels, box) for box in places):
                    issues.append(Issue("redaction.check.region", values={"page": number}))
                page.close()
            for number in scans:
                page = document[number - 1]
                pictures.append((number, page.render(scale=SCAN_DPI / 72).to_pil().convert("RGB")))
                page.close()
        finally:
            document.close()
    for number, picture in pictures:
        for mark in still_read(picture, terms):
            values = {"reader": "文字识别", "number": mark + 1, "where": f"第{number}页"}
            issues.append(Issue("redaction.check.text", values=values))
    return issues


def _is_black(pixels: Any, box: Box) -> bool:
    """Tell whether a place is black but for a pixel at its edges, where the picture is drawn smaller."""
    height, width = pixels.shape
    left, top = int(box[0] * width) + 1, int(box[1] * height) + 1
    right, bottom = int(box[2] * width) - 1, int(box[3] * height) - 1
    part = pixels[top:bottom, left:right]
    return not part.size or int(part.max()) <= BLACK
