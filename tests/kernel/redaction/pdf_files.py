"""PDF files for these tests, made by ReportLab and pikepdf: plain ones and ones that hide things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gongkai.domain.redaction.marks import Mark, Region, Term
from gongkai.kernel.redaction.result import Order

PRIVACY = "foi.ground.art15_privacy"
GROUNDS = {
    PRIVACY: "《中华人民共和国政府信息公开条例》第十五条",
    "foi.ground.art16_draft": "《中华人民共和国政府信息公开条例》第十六条第二款",
}
NAME, NUMBER, PHONE = "欧阳晓岚", "110101199003074477", "13812345678"
TRUETYPE = next(
    (
        path
        for path in (
            "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
            "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
            "/usr/share/fonts/truetype/arphic/uming.ttc",
            "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        )
        if Path(path).exists()
    ),
    "",
)


def order(data: bytes, *marks: Mark, **more: object) -> Order:
    return Order(data=data, name="材料.pdf", marks=marks, grounds=GROUNDS, **more)  # type: ignore[arg-type]


def term(text: str, reason: str = "") -> Mark:
    return Mark(Term(text), PRIVACY, reason)


def region(page: int, left: float, top: float, right: float, bottom: float) -> Mark:
    return Mark(Region(page, left, top, right, bottom), "foi.ground.art16_draft")


@cache
def font() -> str:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


def pdf(
    pages: Sequence[Sequence[str]], *, draw: Callable[[Canvas, int], None] | None = None, **options: object
) -> bytes:
    """A file with these lines on its pages, from the top; ``draw`` adds to each page."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True, **options)
    for number, lines in enumerate(pages, start=1):
        canvas.setFont(font(), 14)
        for at, line in enumerate(lines):
            canvas.drawString(72, 760 - 26 * at, line)
        if draw:
            draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def embedded_pdf(pages: Sequence[Sequence[str]], path: str) -> bytes:
    """The same with a subset of a font in the file."""
    pdfmetrics.registerFont(TTFont("Embedded", path))
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    for lines in pages:
        canvas.setFont("Embedded", 14)
        for at, line in enumerate(lines):
            canvas.drawString(72, 760 - 26 * at, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def picture(size: tuple[int, int] = (300, 200), color: tuple[int, int, int] = (200, 30, 30)) -> Image.Image:
    made = Image.new("RGB", size, (250, 250, 250))
    ImageDraw.Draw(made).ellipse((20, 20, size[0] - 20, size[1] - 20), fill=color)
    return made


def scan(lines: Sequence[str], path: str) -> bytes:
    """A file whose page is a picture of text."""
    paper = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(paper)
    for at, line in enumerate(lines):
        draw.text((150, 160 + 90 * at), line, fill=0, font=ImageFont.truetype(path, 40))
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    canvas.drawImage(ImageReader(paper.convert("RGB")), 0, 0, *A4)
    canvas.save()
    return target.getvalue()


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def page_picture(data: bytes, number: int = 1, dpi: int = 72) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        return document[number - 1].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def everything(data: bytes) -> bytes:
    """All bytes of a file: as they are, and of every stream unpacked."""
    parts = [data]
    with pikepdf.open(BytesIO(data)) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    parts.append(thing.read_bytes())
                except pikepdf.PdfError:
                    parts.append(thing.read_raw_bytes())
            parts.append(thing.unparse())
    return b"\n".join(parts)
