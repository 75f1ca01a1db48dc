"""PDF files: lines, pages, scans."""

from __future__ import annotations

from gongkai.kernel.documents import read_document
from tests.kernel.documents.samples import PLAN_LINES, pdf_bytes


class TestPdf:
    def test_gives_lines_in_order_with_their_page(self):
        document = read_document(pdf_bytes([["第一页", "甲"], ["第二页"]]), name="x.pdf")
        assert [(p.text, p.line, p.page) for p in document.paragraphs()] == [
            ("第一页", 1, 1),
            ("甲", 2, 1),
            ("第二页", 3, 2),
        ]
        assert document.pages == 2

    def test_reads_chinese_text_whole(self):
        assert read_document(pdf_bytes(), name="x.pdf").text() == "\n".join(PLAN_LINES)

    def test_names_pages_without_text(self):
        document = read_document(pdf_bytes([["甲"], [], ["乙"], []]), name="x.pdf")
        assert [(i.code, i.values["pages"]) for i in document.issues] == [("document.pdf.pages_without_text", "2、4")]
