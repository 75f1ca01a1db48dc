from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.search import LONGEST, clean, doc_no_key, index_no_key, number_terms, parse_query

DOC_NO = "青府办字〔2023〕57号"


class TestParseQuery:
    @pytest.mark.parametrize(
        "written",
        [
            "青府办字〔2023〕57号",
            "青府办字[2023]57号",
            "青府办字【2023】57号",
            "青府办字（2023）57号",
            "青府办字(2023)057号",
            "青府办字﹝２０２３﹞５７号",
            "  青府办字 〔2023〕 57 号 ",
        ],
    )
    def test_document_number_is_the_same_in_every_bracket(self, written: str) -> None:
        query = parse_query(written)
        assert query.doc_nos == (DOC_NO,)
        assert query.number_only

    def test_words_beside_a_number_are_kept(self) -> None:
        query = parse_query("青府办字[2023]57号 公积金")
        assert query.doc_nos == (DOC_NO,)
        assert not query.number_only
        assert "公积金" in query.words

    @pytest.mark.parametrize(
        "written", ["QL01-2024-00012", "ql01 -2024-00012", "QL01〔2024〕00012", "ＱＬ01—2024—00012"]
    )
    def test_index_number_is_the_same_whatever_parts_it(self, written: str) -> None:
        assert index_no_key(written) == "ql01202400012"

    @pytest.mark.parametrize("written", ["公积金提取", "2024", "a1"])
    def test_words_and_short_numbers_are_no_index_number(self, written: str) -> None:
        assert parse_query(written).index_no == ""

    @pytest.mark.parametrize("mark", ['"{}"', "“{}”", "＂{}＂", "「{}」"])
    def test_quoted_words_are_looked_for_as_they_stand(self, mark: str) -> None:
        query = parse_query(mark.format("住房公积金 提取") + " 通知")
        assert query.phrases == ("住房公积金 提取",)
        assert query.words == ("通知",)

    def test_signs_of_query_languages_say_nothing(self) -> None:
        assert parse_query('title:"" AND (公积金* OR ~提取^2) -x').words == (
            "title",
            "and",
            "公积金",
            "or",
            "提取",
            "2",
            "-x",
        )

    @pytest.mark.parametrize("nothing", ["", "   ", "\x00\x01", "“”", "()[]{}", "🙂", "、，。"])
    def test_nothing_to_look_for_is_empty(self, nothing: str) -> None:
        assert parse_query(nothing).empty

    def test_ten_thousand_characters_are_shortened_and_said_so(self) -> None:
        query = parse_query("公积金 " * 2_500)
        assert len(query.text) <= LONGEST
        assert query.shortened
        assert query.words == ("公积金",)

    @given(st.text(max_size=400))
    def test_any_text_is_a_query(self, text: str) -> None:
        query = parse_query(text)
        assert len(query.text) <= LONGEST
        assert len(query.words) <= 12
        assert query.text.isprintable() or not query.text

    @given(st.text(max_size=300))
    def test_cleaning_twice_changes_nothing(self, text: str) -> None:
        once = clean(text)
        assert clean(once) == once


class TestNumberTerms:
    def test_parts_of_a_document_number_are_found_alone(self) -> None:
        terms = number_terms(doc_no=DOC_NO, index_no="QL01-2024-00012")
        assert {"青府办字", "2023", "57", "57号", "ql01", "2024", "00012"} <= set(terms)

    def test_number_in_another_form_is_cut_into_words(self) -> None:
        assert "2024" in number_terms(doc_no="2024年第5号公告", index_no="")

    def test_key_of_another_form_forgets_spaces_and_width(self) -> None:
        assert doc_no_key("２０２４年 第５号") == doc_no_key("2024年第5号")
