from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.wording import Finding, Grade, Hit, Lexicon, Term, without_overlaps


def hits(lexicon: Lexicon, text: str) -> list[Hit]:
    """Find the words one by one: slow, and plainly right."""
    found = []
    for number, word in enumerate(lexicon.words):
        at = text.find(word)
        while at >= 0:
            found.append((number, at, at + len(word)))
            at = text.find(word, at + 1)
    return found


def check(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(f.rule, f.text) for f in lexicon.find(text, hits(lexicon, text))]


def term(rule: str, *words: str, grade: Grade = Grade.L3, **more: object) -> Term:
    return Term(rule, grade, "正", words=words, **more)  # type: ignore[arg-type]


class TestTerm:
    @pytest.mark.parametrize(
        "fields",
        [{}, {"words": ("甲",), "pattern": "乙", "anchors": ("乙",)}, {"pattern": "乙"}, {"words": ("",)}],
    )
    def test_refuses_what_cannot_be_looked_for(self, fields: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="R1"):
            Term("R1", Grade.L3, "正", **fields)  # type: ignore[arg-type]


class TestFind:
    def test_tells_what_stands_there_and_what_to_write(self) -> None:
        lexicon = Lexicon([term("R1", "峻工", category="错字", remark="人名除外")])
        text = "第一行\n工程已经峻工验收"
        (finding,) = lexicon.find(text, hits(lexicon, text))
        assert finding == Finding(
            code="content.wording",
            grade=Grade.L3,
            start=8,
            end=10,
            text="峻工",
            shown="峻工",
            rule="R1",
            replacement="正",
            context="工程已经峻工验收",
            remark="人名除外",
            category="错字",
        )

    def test_words_inside_an_exception_are_right(self) -> None:
        lexicon = Lexicon([term("R1", "四个意思", exceptions=("有四个意思",))])
        assert check(lexicon, "这句话有四个意思") == []
        assert check(lexicon, "增强四个意思") == [("R1", "四个意思")]

    def test_an_exception_that_holds_the_word_twice(self) -> None:
        lexicon = Lexicon([term("R1", "甲", exceptions=("甲乙甲",))])
        assert check(lexicon, "甲乙甲") == []
        assert check(lexicon, "甲乙丙甲") == [("R1", "甲"), ("R1", "甲")]

    def test_allowed_phrases_silence_what_lies_inside_them(self) -> None:
        lexicon = Lexicon([term("R1", "帐户"), term("R2", "户管理办法实施")], allowed=["帐户管理办法"])
        assert check(lexicon, "帐户管理办法") == []
        assert check(lexicon, "帐户管理办法、帐户") == [("R1", "帐户")]
        assert check(lexicon, "帐户管理办法实施") == [("R2", "户管理办法实施")]

    def test_a_pattern_is_tried_only_on_lines_with_its_anchor(self) -> None:
        rule = Term("R1", Grade.L4, "截至", pattern="截止(?=目前|[0-9]{4}年)", anchors=("截止",))
        assert check(Lexicon([rule]), "报名截止日期\n截止2024年，截止目前") == [("R1", "截止"), ("R1", "截止")]

    def test_lower_grades_leave_cited_titles_alone(self) -> None:
        lexicon = Lexicon([term("R1", "法制政府"), term("R2", "国物院", grade=Grade.L1)])
        assert check(lexicon, "《法制政府纲要》和《国物院通知》") == [("R2", "国物院")]
        assert check(lexicon, "《纲要》法制政府《通知》") == [("R1", "法制政府")]
        assert check(lexicon, "《未写完法制政府") == [("R1", "法制政府")]

    def test_the_graver_then_the_longer_of_two_that_overlap_is_kept(self) -> None:
        lexicon = Lexicon([term("R1", "合同签定"), term("R2", "签定单位", grade=Grade.L2), term("R3", "签定")])
        assert check(lexicon, "合同签定单位") == [("R2", "签定单位")]
        assert check(lexicon, "合同签定") == [("R1", "合同签定")]

    def test_one_word_in_two_rules_gives_one_finding(self) -> None:
        lexicon = Lexicon([term("R2", "峻工"), term("R1", "峻工")])
        assert lexicon.words == ("峻工",)
        assert check(lexicon, "峻工") == [("R1", "峻工")]

    @given(
        st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=8), st.text("甲乙丙丁", max_size=40)
    )
    def test_findings_are_words_of_the_lexicon_and_never_overlap(self, words: list[str], text: str) -> None:
        lexicon = Lexicon([term(f"R{n}", word) for n, word in enumerate(words)])
        findings = lexicon.find(text, hits(lexicon, text))
        assert all(f.text in words and f.text == text[f.start : f.end] for f in findings)
        assert all(a.end <= b.start for a, b in zip(findings, findings[1:], strict=False))
        assert bool(findings) == any(word in text for word in words)

    @given(st.permutations(range(8)))
    def test_the_order_of_the_input_makes_no_difference(self, order: list[int]) -> None:
        findings = [
            Finding("content.wording", Grade.L3 if n % 3 else Grade.L2, n, n + 1 + n % 4, "x" * (1 + n % 4), f"R{n}")
            for n in range(8)
        ]
        assert without_overlaps([findings[n] for n in order]) == without_overlaps(findings)
