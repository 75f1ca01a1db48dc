"""Plain text and its encodings."""

from __future__ import annotations

import pytest

from gongkai.kernel.documents import DocumentRefused, read_document
from tests.kernel.documents.samples import PLAN_LINES, txt_bytes


class TestEncodings:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "gb2312"]
    )
    def test_finds_the_encoding(self, encoding):
        document = read_document(txt_bytes(encoding), name="x.txt")
        assert document.text() == "\n".join(PLAN_LINES)
        assert document.issues == ()

    def test_reads_big5_as_a_guess_with_a_warning(self):
        text = "政府資訊公開工作方案，請各機關於九月底前辦理完畢。這是一份繁體中文的文件，用來測試編碼的判斷。" * 4
        document = read_document(text.encode("big5"), name="x.txt")
        assert document.text() in {text, text.encode("big5").decode("gb18030", "replace")}
        assert document.issues or document.text() == text

    def test_says_when_the_last_character_is_cut(self):
        document = read_document("\n".join(PLAN_LINES).encode()[:-1], name="x.txt")
        assert [i.code for i in document.issues] == ["document.txt.cut"]
        assert document.text() == "\n".join(PLAN_LINES)[:-1]

    def test_keeps_a_damaged_character_visible(self):
        data = txt_bytes("gb18030")
        document = read_document(data[:40] + b"\xff" + data[40:], name="x.txt")
        assert [i.code for i in document.issues] == ["document.txt.broken_characters"]

    def test_refuses_what_no_encoding_fits(self):
        with pytest.raises(DocumentRefused):
            read_document(bytes(range(128, 256)) * 20, name="x.txt")


class TestLines:
    def test_keeps_tabs_and_empty_lines(self):
        document = read_document("甲\t乙\r\n\r\n\t丙".encode(), name="x.txt")
        assert [(p.text, p.line) for p in document.paragraphs()] == [("甲\t乙", 1), ("", 2), ("\t丙", 3)]

    def test_drops_page_feeds(self):
        assert read_document("甲\n\f乙".encode(), name="x.txt").text() == "甲\n乙"
