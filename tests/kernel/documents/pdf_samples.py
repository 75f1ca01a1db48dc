"""PDF files with tables, drawn in the ways in which office programs draw them."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

FONT = "STSong-Light"
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
Rows = list[list[str]]


def _registered() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def text(content: str, size: float = 12) -> Paragraph:
    """A paragraph that wraps between Chinese characters."""
    _registered()
    return Paragraph(content, ParagraphStyle("正文", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK"))


def table(
    rows: Rows, *styles: tuple, widths: list[float] | None = None, repeat: int = 0, wrapped: bool = True
) -> Table:
    """A table; ``styles`` are commands of reportlab, a plain grid where none is given."""
    _registered()
    cells = [[text(cell, 10.5) if wrapped else cell for cell in row] for row in rows]
    style = TableStyle([("FONTNAME", (0, 0), (-1, -1), FONT), *(styles or (GRID,))])
    return Table(cells, colWidths=widths, repeatRows=repeat, style=style)


class _Paged(SimpleDocTemplate):
    """Turns pages and writes their numbers below what stands on them."""

    numbered = False
    rotation = 0

    def afterPage(self) -> None:
        self.canv.setPageRotation(self.rotation)
        if self.numbered:
            self.canv.setFont(FONT, 10)
            self.canv.drawCentredString(297, 40, f"— {self.page} —")


def flowing(*parts: Flowable, numbered: bool = False, rotation: int = 0) -> bytes:
    """A file in which the parts follow each other over as many pages as they need."""
    _registered()
    target = io.BytesIO()
    document = _Paged(target, pagesize=A4, invariant=1)
    document.numbered, document.rotation = numbered, rotation
    document.build(list(parts))
    return target.getvalue()


def drawn(*pages: Callable[[canvas.Canvas], None]) -> bytes:
    """A file whose pages are drawn by hand."""
    _registered()
    target = io.BytesIO()
    paper = canvas.Canvas(target, pagesize=A4, invariant=1)
    for draw in pages:
        paper.setFont(FONT, 12)
        draw(paper)
        paper.showPage()
    paper.save()
    return target.getvalue()


def page_break() -> PageBreak:
    """The end of a page."""
    return PageBreak()


XS = [80.0, 180.0, 300.0, 420.0]
YS = [700.0, 670.0, 640.0]


def write_cells(paper: canvas.Canvas) -> None:
    """Write 甲1 … 丙2 into the two rows and three columns given by XS and YS."""
    for r in range(2):
        for c, name in enumerate("甲乙丙"):
            paper.drawString(XS[c] + 10, YS[r + 1] + 10, f"{name}{r + 1}")


WRITTEN = (("甲1", "乙1", "丙1"), ("甲2", "乙2", "丙2"))
