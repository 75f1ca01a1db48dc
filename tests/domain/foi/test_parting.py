"""Several matters in one paper: parts follow the applicant's numbering, and nothing that was asked is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi.parting import MOST_PARTS, Part, check_parts, left_out, propose_parts
from gongkai.rulebook.messages import describe

NUMBERED = (
    "请公开以下信息：1.学府路改造项目环评批复；2、学府路改造项目施工许可证。3.2025年度教育经费预算表（1.5亿元部分）"
)
MATTERS = ["学府路改造项目环评批复", "学府路改造项目施工许可证", "2025年度教育经费预算表（1.5亿元部分）"]


class TestProposeParts:
    @pytest.mark.parametrize(
        ("text", "subjects"),
        [
            (NUMBERED, MATTERS),
            ("一、甲文件\n二、乙文件", ["甲文件", "乙文件"]),
            ("（一）甲文件；（二）乙文件", ["甲文件", "乙文件"]),
            ("(1)甲文件，(2)乙文件", ["甲文件", "乙文件"]),
            ("①甲文件②乙文件", ["全部"]),
            ("①甲文件；②乙文件", ["甲文件", "乙文件"]),
            ("1. 甲文件\n2. 乙文件\n3. 丙文件", ["甲文件", "乙文件", "丙文件"]),
        ],
        ids=["mixed marks", "Chinese", "in brackets", "in narrow brackets", "run together", "circled", "lines"],
    )
    def test_follows_the_numbers_of_the_applicant(self, text: str, subjects: list[str]) -> None:
        assert [part.subject for part in propose_parts("全部", text)] == subjects

    @pytest.mark.parametrize(
        "text",
        ["2025年的1.5亿元预算表", "2025年第1、3季度的报表", "一份批复", "1.只有一件", "二、从二开始；三、没有一"],
        ids=["an amount", "quarters", "words", "one only", "no first"],
    )
    def test_leaves_a_paper_with_one_matter_whole(self, text: str) -> None:
        assert propose_parts("全部", text, "青教〔2025〕1号") == (Part("全部", text, "青教〔2025〕1号"),)

    def test_gives_each_part_the_words_before_the_first_number(self) -> None:
        parts = propose_parts("全部", "学府路改造项目的下列文件：1.环评批复；2.施工许可证")
        assert [part.description for part in parts] == [
            "学府路改造项目的下列文件：\n环评批复；",
            "学府路改造项目的下列文件：\n施工许可证",
        ]

    def test_gives_the_number_of_a_document_to_the_part_that_names_it(self) -> None:
        parts = propose_parts("全部", "1.青教〔2025〕1号文件；2.乙文件", "青教〔2025〕1号")
        assert [part.doc_no for part in parts] == ["青教〔2025〕1号", ""]

    @given(st.lists(st.text("甲乙丙丁戊文件批复表", min_size=1, max_size=12), min_size=1, max_size=9), st.booleans())
    def test_loses_nothing_that_was_asked(self, matters: list[str], led: bool) -> None:
        text = ("某项目的文件：" if led else "") + "；".join(f"{n}.{one}" for n, one in enumerate(matters, start=1))
        parts = propose_parts("全部", text)
        assert left_out(text, [part.description for part in parts]) == ()

    @given(st.text("1234一二三、.（）；。甲乙\n", max_size=60))
    def test_loses_nothing_whatever_was_typed(self, text: str) -> None:
        parts = propose_parts("全部", text)
        assert left_out(text, [part.description for part in parts]) == ()


class TestLeftOut:
    def test_names_the_sentences_that_stand_in_no_part(self) -> None:
        assert left_out(NUMBERED, MATTERS[:2]) == (MATTERS[2],)

    def test_asks_for_no_words_of_courtesy(self) -> None:
        assert left_out("现申请公开以下信息：" + MATTERS[0], [MATTERS[0]]) == ()

    def test_minds_neither_punctuation_nor_width(self) -> None:
        assert left_out("学府路（改造）项目，环评批复。", ["学府路改造项目环评批复"]) == ()


class TestCheckParts:
    def test_finds_nothing_wrong_with_parts_that_ask_all(self) -> None:
        assert list(check_parts(NUMBERED, [Part(one, one) for one in MATTERS])) == []

    @pytest.mark.parametrize(
        ("parts", "codes"),
        [
            ([], {"foi.split.one_part", "foi.split.left_out"}),
            ([Part("甲", NUMBERED)], {"foi.split.one_part"}),
            ([Part("甲", NUMBERED), Part("", "乙")], {"foi.split.empty_part"}),
            ([Part("甲", NUMBERED), Part("甲", NUMBERED)], {"foi.split.same_part"}),
            ([Part("甲" * 201, NUMBERED), Part("乙", "乙")], {"foi.split.part_too_long"}),
            ([Part(f"甲{n}", NUMBERED) for n in range(MOST_PARTS + 1)], {"foi.split.too_many"}),
            ([Part("甲", MATTERS[0]), Part("乙", MATTERS[1])], {"foi.split.left_out"}),
        ],
        ids=["none", "one", "empty", "twice", "too long", "too many", "left out"],
    )
    def test_tells_everything_at_once_in_plain_words(self, parts: list[Part], codes: set[str]) -> None:
        issues = list(check_parts(NUMBERED, parts))
        assert {issue.code for issue in issues} == codes
        assert all("{" not in describe(issue) for issue in issues)

    def test_something_may_be_left_out_for_a_reason(self) -> None:
        parts = [Part("甲", MATTERS[0]), Part("乙", MATTERS[1])]
        assert list(check_parts(NUMBERED, parts, reason="第三项已当面撤回")) == []
