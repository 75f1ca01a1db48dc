from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.search import highlight, snippet

TEXT = "总则。" + "无关内容，" * 60 + "各单位要做好住房公积金提取工作。" + "其他，" * 60


def _said(pieces: object) -> str:
    return "".join(piece.text for piece in pieces)  # type: ignore[attr-defined]


class TestSnippet:
    def test_shows_where_the_words_stand_together(self) -> None:
        pieces = snippet(TEXT, ["公积金", "提取"], width=60)
        assert [p.text for p in pieces if p.hit] == ["公积金", "提取"]
        assert pieces[0].text == "…"
        assert pieces[-1].text == "…"

    def test_without_a_hit_shows_the_beginning(self) -> None:
        assert _said(snippet(TEXT, ["没有"], width=20)).startswith("总则。无关")

    def test_longer_word_is_marked_whole(self) -> None:
        assert [p.text for p in highlight("住房公积金", ["公积", "公积金"]) if p.hit] == ["公积金"]

    def test_markup_of_the_text_stays_text(self) -> None:
        assert _said(snippet("<b>公积金</b>", ["公积金"])) == "<b>公积金</b>"

    def test_capitals_widths_and_brackets_are_seen_through(self) -> None:
        assert [p.text for p in highlight("ＡＢＣ（2024）", ["abc", "〔2024〕"]) if p.hit] == ["ＡＢＣ", "（2024）"]

    def test_nothing_gives_nothing(self) -> None:
        assert snippet("", ["x"]) == ()
        assert highlight("", []) == ()

    @given(st.text(max_size=120), st.lists(st.text(max_size=4), max_size=4))
    def test_pieces_together_are_the_text(self, text: str, terms: list[str]) -> None:
        assert _said(highlight(text, terms)) == text
