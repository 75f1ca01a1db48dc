"""Answers given often: places for facts, what the case fills, what must not be left."""

from __future__ import annotations

import pytest

from gongkai.domain.foi.answer_texts import check_answer, filled, fitting, places, places_left, writable
from tests.kernel.letters.samples import RULES

FORM = RULES.letters["L14_not_exist"]


class TestPlaces:
    def test_are_filled_from_the_case_and_the_others_stay(self) -> None:
        texts = {"facts": "你申请的“【所需信息】”，经检索【系统名称】没有查到"}
        assert filled(texts, {"所需信息": "验收报告"}) == {"facts": "你申请的“验收报告”，经检索【系统名称】没有查到"}
        assert places(texts) == ("所需信息", "系统名称")
        assert filled(texts, {"所需信息": ""}) == texts

    def test_what_is_put_in_is_not_read_again(self) -> None:
        assert filled({"facts": "【所需信息】"}, {"所需信息": "【今天】", "今天": "x"}) == {"facts": "【今天】"}

    def test_left_ones_are_told_by_field(self) -> None:
        issues = places_left(FORM, {"facts": "经查【系统】，【系统】", "search_done": "已查", "other": "【x】"})
        assert [(issue.code, issue.field) for issue in issues] == [("foi.answer.place_left", "facts")]
        assert issues[0].values["places"] == "【系统】"

    def test_the_year_of_a_document_number_is_no_place(self) -> None:
        assert places({"facts": "青政办【2026】3号、【 2025 】7号，【文号】"}) == ("文号",)
        assert places_left(FORM, {"facts": "青政办【2026】3号"}) == ()


class TestCheck:
    def test_takes_texts_for_what_the_clerk_writes_only(self) -> None:
        assert {"facts", "search_done"} <= set(writable(FORM))
        assert not {"addressee", "legal_basis", "remedy", "conclusion", "date", "received_on"} & set(writable(FORM))

    @pytest.mark.parametrize(
        ("title", "texts", "codes"),
        [
            ("未查到", {"facts": "经查"}, []),
            ("", {"facts": "经查"}, ["foi.answer.title"]),
            ("未查到", {"facts": " "}, ["foi.answer.empty"]),
            ("未查到", {"remedy": "三个月"}, ["foi.answer.field"]),
            ("未查到", {"facts": "字" * 5001}, ["foi.answer.too_long"]),
        ],
        ids=["fine", "no title", "empty", "remedies", "too long"],
    )
    def test_tells_what_is_wrong(self, title: str, texts: dict[str, str], codes: list[str]) -> None:
        assert [issue.code for issue in check_answer(FORM, title=title, texts=texts)] == codes

    def test_counts_the_words_that_stand_in_what_was_asked(self) -> None:
        assert fitting(words="征收 补偿 征收 预算", asked="土地征收补偿方案") == 2
        assert fitting(words="", asked="土地") == 0
