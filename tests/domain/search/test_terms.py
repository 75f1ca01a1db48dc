from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.search import (
    SynonymBook,
    Vocabulary,
    cut,
    cut_plain,
    is_latin,
    pinyin_of,
    pinyin_terms,
    read_groups,
    title_key,
)

VOCABULARY = Vocabulary(
    {
        "公积金": 5,
        "赣州": 9,
        "住房": 3,
        "提取": 4,
        "通知": 50,
        "规范性": 2,
        "文件": 8,
        "预算": 7,
        "住房公积金": 2,
        "公积": 6,
    }
)


class TestCut:
    def test_longer_words_come_with_those_inside(self) -> None:
        assert {"公积金", "公积", "住房"} <= set(cut("住房公积金"))

    def test_terms_have_no_space_and_no_sign(self) -> None:
        assert cut("《关于（试行）办法》，2024 年\t!") == ["关于", "试行", "办法", "2024", "年"]

    def test_widths_brackets_and_capitals_are_one(self) -> None:
        assert cut("ＡＢＣ公司") == cut("abc公司")

    @given(st.text(max_size=200))
    def test_no_term_can_break_a_line_of_terms(self, text: str) -> None:
        for term in cut(text):
            assert term.split() == [term]
            assert len(term) <= 40

    def test_title_key_forgets_signs(self) -> None:
        assert title_key("关于印发《办法（试行）》的通知") == title_key("关于印发 办法(试行) 的通知")


class TestPinyin:
    def test_words_are_found_in_full_and_by_initials(self) -> None:
        assert pinyin_of("赣州") == ("ganzhou", "gz")
        assert {"ganzhou", "gz", "gongjijin", "gjj"} <= set(pinyin_terms(cut_plain("赣州公积金")))

    def test_words_in_a_row_are_found_together(self) -> None:
        assert "zhufanggongjijin" in pinyin_terms(cut_plain("住房公积金"))

    def test_one_character_alone_is_left_out(self) -> None:
        assert pinyin_terms(["的"]) == []

    @pytest.mark.parametrize(
        ("word", "latin"), [("gz", True), ("g", False), ("gz1", False), ("赣州", False), ("gz gz", False)]
    )
    def test_latin_is_small_letters_only(self, word: str, latin: bool) -> None:
        assert is_latin(word) is latin


class TestSynonymBook:
    book = SynonymBook(
        [("公积金", "住房公积金"), ("人社局", "人力资源和社会保障局"), ("社保", "社会保险"), ("社会保险", "五险")]
    )

    def test_works_both_ways(self) -> None:
        assert self.book.others("公积金") == ("住房公积金",)
        assert self.book.others("住房公积金") == ("公积金",)

    def test_longest_word_counts_and_the_rest_stays(self) -> None:
        assert [s.texts for s in self.book.segments("住房公积金提取")] == [("住房公积金", "公积金"), ("提取",)]

    def test_word_in_two_groups_belongs_to_both(self) -> None:
        assert set(self.book.others("社会保险")) == {"社保", "五险"}

    def test_without_groups_a_word_is_itself(self) -> None:
        assert [s.texts for s in SynonymBook([]).segments("提取")] == [("提取",)]

    @given(st.text(alphabet="公积金住房提取社保", max_size=20))
    def test_pieces_together_are_the_word(self, word: str) -> None:
        assert "".join(segment.texts[0] for segment in self.book.segments(word)) == word

    def test_list_is_read_row_by_row_and_faults_are_told(self) -> None:
        rows = [(1, ["公积金、住房公积金"]), (2, ["# 说明"]), (3, ["单独"]), (4, ["医保", "医疗保险"]), (5, ["a=b"])]
        groups, issues = read_groups(rows)
        assert groups == [("公积金", "住房公积金"), ("医保", "医疗保险")]
        assert {(i.code, i.where.line_from) for i in issues if i.where} == {
            ("search.synonyms.too_few", 3),
            ("search.synonyms.length", 5),
        }


class TestVocabulary:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("公积今", "公积金"),
            ("公积今提取", "公积金提取"),
            ("公金积", "公积金"),
            ("赣洲", "赣州"),
            ("州赣", "赣州"),
            ("规范姓文件", "规范性文件"),
            ("与算", "预算"),
        ],
    )
    def test_mends_a_mistake(self, typed: str, meant: str) -> None:
        assert VOCABULARY.correct(typed) == meant

    @pytest.mark.parametrize("right", ["公积金", "公积金提取", "赣州通知", "", "x", "完全无关的话题"])
    def test_leaves_alone_what_is_right_or_unknown(self, right: str) -> None:
        assert VOCABULARY.correct(right) is None

    def test_half_of_a_word_changed_means_nothing(self) -> None:
        assert VOCABULARY.nearest("赣江") == []

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("gongjijn", "公积金"),  # a letter left out
            ("gonggjijin", "公积金"),  # one too many
            ("gongjojin", "公积金"),  # another one
            ("gonjgijin", "公积金"),  # two exchanged
            ("ganzou", "赣州"),  # zh and z sound the same to many
            ("guifangxing", "规范性"),
            ("gongji金", "公积金"),  # pinyin and characters
            ("公jijin", "公积金"),
            ("公积j", "公积金"),
            ("gongjj", "公积金"),  # in full and by initials
            ("gjijin", "公积金"),
            ("zfgj", "住房公积金"),  # initials with a mistake
            ("zgfjj", "住房公积金"),
            ("zfgjij", "住房公积金"),
            ("gongjijintiqv", "公积金提取"),  # words in a row, one wrong
            ("gongjijn tiqu", "公积金 tiqu"),
            ("2026 ganzou", "2026 赣州"),
        ],
    )
    def test_mends_pinyin(self, typed: str, meant: str) -> None:
        assert VOCABULARY.correct(typed) == meant

    @pytest.mark.parametrize("right", ["gongjijin", "gjj", "ganzhou", "gz", "app", "xyzw", "a", "qwertyuiop", "html5"])
    def test_leaves_pinyin_alone_that_is_right_or_means_nothing(self, right: str) -> None:
        assert VOCABULARY.correct(right) is None

    @given(st.text(alphabet="aeighjnouzs公积金 ", max_size=45))
    def test_any_pinyin_is_answered(self, text: str) -> None:
        assert VOCABULARY.correct(text) != text

    @given(st.text(max_size=80))
    def test_any_text_is_answered(self, text: str) -> None:
        corrected = VOCABULARY.correct(text)
        assert corrected is None or corrected != text
