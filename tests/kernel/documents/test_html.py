"""Web pages: structure, lists, tables, encodings."""

from __future__ import annotations

import pytest

from gongkai.domain.document import Paragraph, Table
from gongkai.kernel.documents import read_document


def read(body: str, encoding: str = "utf-8"):
    return read_document(
        f"<html><head><meta charset='{encoding}'></head><body>{body}</body></html>".encode(encoding), name="x.html"
    )


class TestText:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("<p>甲<b>乙</b> 丙</p><p>丁</p>", ["甲乙 丙", "丁"]),
            ("<div>甲<p>乙</p>丙</div>", ["甲", "乙", "丙"]),
            ("<p>甲<br>乙</p>", ["甲", "乙"]),
            ("<p>  甲 \n  乙&nbsp;</p>", ["甲 乙"]),
            ("甲<script>x</script><style>y</style><!-- z -->乙", ["甲乙"]),
            ("<p style='display: none'>藏</p><p hidden>藏</p><p>见</p>", ["见"]),
            ("<p>（一）公开&lt;预算&gt;</p>", ["（一）公开<预算>"]),
        ],
    )
    def test_is_cut_into_paragraphs(self, body, expected):
        assert [p.text for p in read(body).paragraphs()] == expected

    def test_headings_keep_their_level(self):
        assert [(p.text, p.heading) for p in read("<h1>甲</h1><h3><span>乙</span></h3><p>丙</p>").paragraphs()] == [
            ("甲", 1),
            ("乙", 3),
            ("丙", None),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030"])
    def test_follows_the_declared_encoding(self, encoding):
        assert read("<p>政务公开</p>", encoding).text() == "政务公开"


class TestLists:
    @pytest.mark.parametrize(
        ("body", "labels"),
        [
            ("<ol><li>甲<li>乙</ol>", ["1.", "2."]),
            ("<ol start=3><li>甲</li><li value=7>乙</li><li>丙</li></ol>", ["3.", "7.", "8."]),
            ("<ol type=I><li>甲</li></ol>", ["I."]),
            ("<ul><li><p>甲</p><p>乙</p></li></ul>", ["•", ""]),
        ],
    )
    def test_carry_their_visible_numbers(self, body, labels):
        assert [p.label for p in read(body).paragraphs()] == labels


class TestTables:
    def test_resolve_spans(self):
        found = next(
            read(
                "<table><tr><th colspan=2>任务</th><th>单位</th></tr><tr><td rowspan=2>甲</td><td>一</td><td>财政局</td></tr>"
                "<tr><td>二</td><td>司法局</td></tr></table>"
            ).tables()
        )
        assert found.rows == (("任务", "任务", "单位"), ("甲", "一", "财政局"), ("甲", "二", "司法局"))
        assert found.origins[2][0] == (1, 0)

    @pytest.mark.parametrize("span", ["0", "-3", "x", "99999999999", "２"])
    def test_survive_nonsense_spans(self, span):
        found = next(read(f"<table><tr><td rowspan='{span}'>甲</td><td>乙</td></tr></table>").tables())
        assert found.rows == (("甲", "乙"),)

    def test_keep_lines_of_a_cell_apart(self):
        assert next(read("<table><tr><td>甲<br>乙</td><td><p>丙</p><p>丁</p></td></tr></table>").tables()).rows == (
            ("甲\n乙", "丙\n丁"),
        )

    def test_used_for_layout_are_read_as_running_blocks(self):
        inner = "<table><tr><td>序号</td><td>任务</td></tr></table>"
        document = read(f"<table><tr><td>左栏</td><td><p>正文</p>{inner}</td></tr></table>")
        assert [type(b) for b in document.blocks] == [Paragraph, Paragraph, Table]

    def test_count_lines_on_from_the_text(self):
        document = read("<p>甲</p><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table><p>乙</p>")
        assert [b.line if isinstance(b, Paragraph) else b.lines for b in document.blocks] == [1, (2, 3), 4]
