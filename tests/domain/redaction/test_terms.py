"""Finding words however a file writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.redaction.terms import (
    contains,
    encodings_of,
    found_terms,
    is_number,
    is_telling,
    occurrences,
    plain,
)


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "signs"),
        [("欧阳 晓岚", "欧阳晓岚"), ("ＡＢ１２", "ab12"), ("a\u200bb\u00adc", "abc"), (" \n\t", ""), ("㎏", "kg")],
    )
    def test_leaves_what_counts(self, text: str, signs: str) -> None:
        assert plain(text) == signs


class TestOccurrences:
    @pytest.mark.parametrize(
        ("text", "term", "places"),
        [
            ("甲欧阳\n晓岚乙", "欧阳晓岚", [[1, 2, 4, 5]]),
            ("１３８－1234 5678", "13812345678", [[0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12]]),
            ("张三张三", "张三", [[0, 1], [2, 3]]),
            ("张三", " ", []),
            ("10-1", "101", []),
        ],
    )
    def test_give_the_places_of_the_signs(self, text: str, term: str, places: list[list[int]]) -> None:
        assert occurrences(text, term) == places

    @given(
        before=st.text("甲乙 \n", max_size=6),
        term=st.text("子丑寅卯", min_size=2, max_size=6),
        after=st.text("甲乙 \n", max_size=6),
        gaps=st.lists(st.sampled_from(["", " ", "\n", "\u200b"]), min_size=6, max_size=6),
    )
    def test_find_it_whatever_stands_between_its_signs(
        self, before: str, term: str, after: str, gaps: list[str]
    ) -> None:
        written = "".join(sign + gap for sign, gap in zip(term, gaps, strict=False))
        text = before + written + after
        [places] = occurrences(text, term)
        assert "".join(text[place] for place in places) == term
        left = "".join(sign for place, sign in enumerate(text) if place not in places)
        assert not contains(left, term, whole=True)


class TestContains:
    def test_keeps_short_words_to_one_line(self) -> None:
        assert not contains("张\n三", "张三")
        assert contains("张\n三", "张三", whole=True)
        assert contains("欧阳\n晓岚", "欧阳晓岚")
        assert not contains("欧阳\n晓岚", "欧阳晓岚", whole=False)
        assert not contains("任何", "")

    def test_of_many_names_those_that_are_there(self) -> None:
        assert found_terms("张三和李四", ["李四", "王五", "张三"]) == ["李四", "张三"]


class TestKinds:
    @pytest.mark.parametrize(
        ("term", "number", "telling"),
        [("13812345678", True, True), ("11010119900307447X", True, True), ("12", False, False), ("张三", False, True),
         ("Zhang", False, False), ("Zhang San Feng", False, True), ("0796-2345678", True, True)],
    )  # fmt: skip
    def test_of_words(self, term: str, number: bool, telling: bool) -> None:
        assert (is_number(term), is_telling(term)) == (number, telling)

    def test_bytes_of_a_word_in_every_encoding(self) -> None:
        forms = encodings_of("张 三")
        assert "张三".encode("gb18030") in forms and "张三".encode("utf-16-be").hex().encode() in forms
        assert encodings_of("12") == []
