"""Text recognized in a page that was drawn from text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from gongkai.kernel.documents import DocumentRefused
from gongkai.kernel.ocr import PageLayer, Word, count_pages, document_of, engine_ready, page_image, recognize
from gongkai.kernel.ocr.engine import in_order
from tests.kernel.documents.samples import pdf_bytes

FONTS = [
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/System/Library/Fonts/PingFang.ttc"),
]
FONT = next((path for path in FONTS if path.is_file()), None)
LINES = ["云溪县水利局关于做好汛前检查的通知", "请于4月15日前完成检查。", "2024年4月2日"]
needs_engine = pytest.mark.skipif(
    FONT is None or not engine_ready(), reason="no Chinese font to draw with, or no recognition engine"
)


def scan(lines: list[str] = LINES, *, kind: str = "PDF", pages: int = 1) -> bytes:
    """A page (or several) drawn from text, as a scanner hands it over."""
    images = []
    for _ in range(pages):
        image = Image.new("RGB", (1240, 700), "white")
        pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 34)
        for n, line in enumerate(lines):
            pen.text((120, 90 + 90 * n), line, font=font, fill="black")
        images.append(image)
    target = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if pages > 1 else {}
    images[0].save(target, kind, resolution=150, **more)
    return target.getvalue()


@needs_engine
class TestRecognize:
    @pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG"])
    def test_reads_what_was_drawn(self, kind):
        words = recognize(page_image(scan(kind=kind), 1, name="扫描件"))
        assert [w.text for w in words] == LINES
        assert all(w.score > 0.8 and 0 <= w.box[0] < w.box[2] <= 1 and 0 <= w.box[1] < w.box[3] <= 1 for w in words)

    def test_finds_nothing_on_an_empty_page(self):
        assert recognize(Image.new("RGB", (800, 600), "white")) == []


class TestPages:
    @pytest.mark.skipif(FONT is None, reason="no Chinese font to draw with")
    @pytest.mark.parametrize(("kind", "pages"), [("PDF", 2), ("TIFF", 3), ("PNG", 1)])
    def test_counts(self, kind, pages):
        data = scan(kind=kind, pages=pages)
        assert count_pages(data, name="扫描件") == pages
        assert page_image(data, pages, name="扫描件").size[0] > 1000

    def test_refuses_a_damaged_picture(self):
        with pytest.raises(DocumentRefused, match="已损坏"):
            page_image(b"\x89PNG\r\n\x1a\n" + b"x" * 100, 1, name="图.png")

    def test_refuses_a_locked_file(self):
        with pytest.raises(DocumentRefused, match="已损坏"):
            count_pages(pdf_bytes(password="geheim"), name="扫描件.pdf")

    def test_refuses_a_picture_that_would_fill_the_memory(self):
        target = io.BytesIO()
        Image.new("1", (9000, 9000)).save(target, "PNG")
        with pytest.raises(DocumentRefused, match="9000×9000"):
            page_image(target.getvalue(), 1, name="图.png")


def word(text: str, left: float, top: float, score: float = 0.99) -> Word:
    return Word(text, score, (left, top, left + 0.1, top + 0.02))


class TestDocumentOf:
    def test_joins_the_pieces_of_a_line_and_marks_doubts(self):
        layers = [
            PageLayer(1, (word("单位：", 0.1, 0.1), word("财政局", 0.4, 0.105, 0.62), word("正文", 0.1, 0.2))),
            PageLayer(2, (word("第二页", 0.1, 0.1),)),
        ]
        document, doubts = document_of(layers, name="扫描件.pdf")
        assert [(p.text, p.line, p.page) for p in document.paragraphs()] == [
            ("单位： 财政局", 1, 1),
            ("正文", 2, 1),
            ("第二页", 3, 2),
        ]
        assert (doubts, document.pages) == ({1: ("财政局",)}, 2)

    def test_orders_pieces_by_line_then_from_the_left(self):
        words = [word("丙", 0.1, 0.3), word("乙", 0.5, 0.1), word("甲", 0.1, 0.105)]
        assert [w.text for w in in_order(words)] == ["甲", "乙", "丙"]
