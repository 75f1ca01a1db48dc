"""Which applications ask for the same information."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi.repeats import Asked, Why, repeated_requests


def groups(*asked: Asked, applicants: int = 3) -> list[tuple[tuple[int, ...], int, tuple[Why, ...]]]:
    found = repeated_requests(asked, applicants=applicants, share=0.5)
    return [(one.cases, one.applicants, one.why) for one in found]


class TestRepeatedRequests:
    def test_needs_so_many_different_people(self) -> None:
        same = [Asked(n, "甲", "学府路改造环评批复") for n in range(1, 6)]
        assert groups(*same) == []
        assert groups(*same, Asked(6, "乙", "学府路改造环评批复"), Asked(7, "丙", "学府路改造环评批复")) == [
            ((1, 2, 3, 4, 5, 6, 7), 3, (Why.WORDING,))
        ]

    def test_joins_by_document_number_however_it_is_typed(self) -> None:
        found = groups(
            Asked(1, "甲", "一份批复", "青发改〔2025〕3号"),
            Asked(2, "乙", "环评文件", "青发改[2025]3号"),
            Asked(3, "丙", "别的说法", "青发改（2025）3 号"),
        )
        assert found == [((1, 2, 3), 3, (Why.DOC_NO,))]

    def test_joins_by_the_record_that_was_given(self) -> None:
        found = groups(*(Asked(n, str(n), f"说法{n * 7919}", records=("aa",)) for n in range(1, 4)))
        assert found == [((1, 2, 3), 3, (Why.RECORD,))]

    def test_joins_like_wording_and_leaves_unlike_apart(self) -> None:
        found = groups(
            Asked(1, "甲", "学府路改造项目环境影响评价批复"),
            Asked(2, "乙", "学府路改造项目的环境影响评价批复"),
            Asked(3, "丙", "学府路改造项目环境影响评价批复文件"),
            Asked(4, "丁", "东湾镇2025年低保名单公示情况"),
        )
        assert found == [((1, 2, 3), 3, (Why.WORDING,))]

    def test_says_everything_that_is_alike(self) -> None:
        found = groups(
            Asked(1, "甲", "环评批复", "青环〔2025〕1号"),
            Asked(2, "乙", "环评批复"),
            Asked(3, "丙", "另一个说法", "青环〔2025〕1号"),
        )
        assert found == [((1, 2, 3), 3, (Why.DOC_NO, Why.WORDING))]

    def test_nothing_asked_is_nothing_alike(self) -> None:
        assert groups(*(Asked(n, str(n), "") for n in range(9))) == []

    @given(
        st.lists(
            st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from(["一二三四五", "六七八九十", "环评批复文件"])),
            max_size=20,
        )
    )
    def test_every_case_is_in_one_group_at_most(self, rows: list[tuple[str, str]]) -> None:
        asked = [Asked(n, who, what) for n, (who, what) in enumerate(rows)]
        found = repeated_requests(asked, applicants=2, share=0.5)
        cases = [case for one in found for case in one.cases]
        assert len(cases) == len(set(cases))
        assert all(len({asked[case].applicant for case in one.cases}) == one.applicants >= 2 for one in found)

    @given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["一二三四五", "六七八九十"])), max_size=12))
    def test_the_order_changes_no_group(self, rows: list[tuple[str, str]]) -> None:
        asked = [Asked(n, who, what) for n, (who, what) in enumerate(rows)]
        there = {frozenset(one.cases) for one in repeated_requests(asked, applicants=2, share=0.5)}
        back = {frozenset(one.cases) for one in repeated_requests(asked[::-1], applicants=2, share=0.5)}
        assert there == back
