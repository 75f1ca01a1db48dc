from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.items.markup import Element, elements_of, plain_form, text_of


class TestElements:
    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("", []),
            ("一段话", [Element("paragraph", "<p>一段话</p>")]),
            ('<p data-block-key="a1">　　第一段</p><p></p>', [Element("paragraph", "<p>第一段</p>")]),
            ("<h2>一、总则</h2><p>内容</p>", [Element("heading", "一、总则", 2), Element("paragraph", "<p>内容</p>")]),
            ("<h1>题</h1><h6>尾</h6>", [Element("heading", "题", 2), Element("heading", "尾", 4)]),
            ("<h3><b>一</b> &amp; 二</h3>", [Element("heading", "一 &amp; 二", 3)]),
            ("<ul><li>甲</li><li><b>乙</b></li></ul>", [Element("list", "<ul><li>甲</li><li><b>乙</b></li></ul>")]),
            (
                "<ol><li>甲<ul><li>子</li></ul></li></ol>",
                [Element("list", "<ol><li>甲<ul><li>子</li></ul></li></ol>")],
            ),
            ("前<ul><li>甲", [Element("paragraph", "<p>前</p>"), Element("list", "<ul><li>甲</ul>")]),
            ("<div>甲</div><div>乙</div>", [Element("paragraph", "<p>甲</p>"), Element("paragraph", "<p>乙</p>")]),
            ("<p>甲<br/>乙<br></p>", [Element("paragraph", "<p>甲<br>乙</p>")]),
        ],
    )
    def test_are_cut_at_paragraphs_headings_and_lists(self, source: str, found: list[Element]) -> None:
        assert elements_of(source) == found


class TestPlainForm:
    @pytest.mark.parametrize(
        ("source", "plain"),
        [
            ('<p onclick="x()">甲<script>alert(1)</script></p>', "<p>甲</p>"),
            ("<p><strong>甲</strong><em>乙</em><u>丙</u></p>", "<p><b>甲</b><i>乙</i>丙</p>"),
            ('<p><a href="javascript:alert(1)">甲</a></p>', "<p>甲</p>"),
            ('<p><a href="//elsewhere.example/x">甲</a></p>', "<p>甲</p>"),
            (
                '<p><a href="https://a.example/?a=1&amp;b=2" target="_blank">甲</a></p>',
                '<p><a href="https://a.example/?a=1&amp;b=2">甲</a></p>',
            ),
            ("<p><b>甲<i>乙</b>丙</i></p>", "<p><b>甲<i>乙</i></b><i>丙</i></p>"),
            ("<p>1 &lt; 2 &amp;amp;</p>", "<p>1 &lt; 2 &amp;amp;</p>"),
            ("<p><b> </b></p>", ""),
            ('<img src=x onerror="alert(1)">', ""),
        ],
    )
    def test_keeps_words_and_few_marks(self, source: str, plain: str) -> None:
        assert plain_form(source) == plain

    @given(st.text(alphabet='甲乙 　<>/="bipaulo123h&;', max_size=60))
    def test_of_a_plain_form_is_itself(self, source: str) -> None:
        once = plain_form(source)
        assert plain_form(once) == once

    @given(st.text(max_size=40))
    def test_carries_text_over_letter_for_letter(self, text: str) -> None:
        import html

        words = " ".join(text.replace("\u3000", " ").replace("\xa0", " ").split())
        if any(not ch.isprintable() for ch in words):
            return
        assert text_of(plain_form(f"<p>{html.escape(words)}</p>")) == words
