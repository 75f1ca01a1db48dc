"""What a clerk marks, and what is wrong with it."""

from __future__ import annotations

import pytest

from gongkai.domain.redaction.marks import (
    MOST_MARKS,
    Mark,
    Region,
    Removed,
    Report,
    Term,
    check_marks,
    marks_of_findings,
    regions_of,
    terms_of,
)
from gongkai.domain.wording.finding import Finding, Grade
from gongkai.rulebook.messages import describe

PRIVACY = "foi.ground.art15_privacy"
GROUNDS = {PRIVACY: "条例第十五条"}


def codes(*marks: Mark, pages: int | None = 3) -> list[str]:
    return [issue.code for issue in check_marks(marks, grounds=GROUNDS, pages=pages)]


class TestCheckMarks:
    def test_finds_nothing_wrong_with_good_ones(self) -> None:
        assert codes(Mark(Term("欧阳晓岚"), PRIVACY), Mark(Region(3, 0, 0, 1, 0.5), PRIVACY, "个人住址")) == []
        assert codes(Mark(Term("欧阳晓岚"), PRIVACY), pages=None) == []

    def test_tells_everything_at_once(self) -> None:
        marks = [
            Mark(Term("王"), ""),
            Mark(Term("张三"), "foi.ground.none"),
            Mark(Term(" 张 三"), PRIVACY),
            Mark(Region(9, 0.5, 0, 0.2, 2), PRIVACY),
        ]
        issues = check_marks(marks, grounds=GROUNDS, pages=3)
        assert [issue.code for issue in issues] == [
            "redaction.ground_missing",
            "redaction.term_length",
            "redaction.ground_unknown",
            "redaction.term_twice",
            "redaction.page_unknown",
            "redaction.region_bounds",
        ]
        assert all(describe(issue) for issue in issues)

    @pytest.mark.parametrize(
        ("region", "wrong"),
        [
            (Region(1, 0, 0, 1, 1), False),
            (Region(1, -0.1, 0, 1, 1), True),
            (Region(1, 0.5, 0.5, 0.5, 0.6), True),
            (Region(1, 0.5, 0.5, 0.5005, 0.9), True),
            (Region(1, float("nan"), 0, 1, 1), True),
        ],
        ids=["page", "outside", "line", "thin", "no-number"],
    )
    def test_bounds_of_regions(self, region: Region, wrong: bool) -> None:
        assert codes(Mark(region, PRIVACY)) == ["redaction.region_bounds"] * wrong

    def test_none_too_many_and_regions_without_pages(self) -> None:
        assert codes() == ["redaction.no_marks"]
        many = [Mark(Term(f"词语{number}"), PRIVACY) for number in range(MOST_MARKS + 1)]
        assert codes(*many) == ["redaction.too_many_marks"]
        assert codes(Mark(Region(1, 0, 0, 1, 1), PRIVACY), pages=None) == ["redaction.region_without_pages"]


class TestChoosing:
    def test_longer_words_come_first(self) -> None:
        marks = [Mark(Term("张三"), PRIVACY), Mark(Region(2, 0, 0, 1, 1), PRIVACY), Mark(Term("张三丰"), PRIVACY)]
        assert terms_of(marks) == [(2, "张三丰"), (0, "张三")]
        assert regions_of(marks, 2) == [(1, Region(2, 0, 0, 1, 1))]
        assert regions_of(marks, 1) == []

    def test_personal_data_that_were_found_are_proposed_once_each(self) -> None:
        def finding(code: str, text: str) -> Finding:
            return Finding(
                code=code, grade=Grade.L1, start=0, end=len(text), text=text, rule="r", context="", shown="*"
            )

        found = [
            finding("content.person.mobile", "13812345678"),
            finding("content.person.mobile", "138 1234 5678"),
            finding("content.wording.wrong", "错字"),
        ]
        assert marks_of_findings(found, ground=PRIVACY) == [
            Mark(Term("13812345678"), PRIVACY, rule="content.person.mobile")
        ]


class TestReport:
    def test_counts_what_rests_on_which_article(self) -> None:
        removed = (
            Removed("redaction.removed.text", "第1页", 2, 0, PRIVACY, "条例第十五条"),
            Removed("redaction.removed.text", "第2页", 1, 0, PRIVACY, "条例第十五条"),
            Removed("redaction.removed.properties", ""),
        )
        assert Report(removed, ()).grounds() == {"条例第十五条": 3}
