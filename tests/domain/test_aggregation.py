"""Aggregation risk: who is found, and who is reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.aggregation import (
    Mention,
    find_risks,
    looks_like_name,
    mentions_in_table,
    mentions_in_text,
    merged,
)
from gongkai.kernel.content.aggregation import shipped_aggregation

RULES = shipped_aggregation()


class TestLooksLikeName:
    @pytest.mark.parametrize("name", ["王芳", "李晓明", "欧阳修远", "司马迁"])
    def test_takes_names(self, name: str) -> None:
        assert looks_like_name(name, RULES)

    @pytest.mark.parametrize(
        "text", ["王**", "张某", "李某某", "王", "欧阳", "合计", "东湾村", "王小明同学", "Li Wei", "", "王 芳华丽"]
    )
    def test_leaves_out_what_is_masked_or_no_name(self, text: str) -> None:
        assert not looks_like_name(text, RULES)


class TestMentionsInTable:
    def test_tells_the_kinds_of_data_beside_each_name(self) -> None:
        rows = [
            ["低保发放表", "", "", ""],
            ["序号", "户主姓名", "家庭住址", "发放金额（元）"],
            ["1", "王 芳", "东湾村3组", "450"],
            ["2", "李晓明", "", "450"],
            ["合计", "", "", "900"],
        ]
        found = mentions_in_table(rows, RULES, place="附件1")
        assert found == [
            Mention("王芳", frozenset({"address", "money"}), "附件1"),
            Mention("李晓明", frozenset({"money"}), "附件1"),
        ]

    def test_leaves_out_masked_names_and_tables_without_names(self) -> None:
        assert mentions_in_table([["姓名", "金额"], ["王*", "3"]], RULES, place="") == []
        assert mentions_in_table([["单位", "金额"], ["王芳", "3"]], RULES, place="") == []

    def test_short_rows_do_no_harm(self) -> None:
        assert mentions_in_table([["金额", "姓名"], ["3"], []], RULES, place="") == []


class TestMentionsInText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("当事人：王芳，身份证号：略，住址：东湾村", {("王芳", frozenset({"identity", "address"}))}),
            ("申请人 李晓明。", {("李晓明", frozenset())}),
            ("当事人王芳菲菲儿童用品店", set()),
            ("局长王芳出席会议", set()),
            ("当事人：张某某", set()),
        ],
    )
    def test_finds_labelled_persons(self, text: str, expected: set[tuple[str, frozenset[str]]]) -> None:
        assert {(m.name, m.categories) for m in mentions_in_text(text, RULES, place="正文")} == expected


class TestFindRisks:
    def told(self, **by_name: dict[int, set[str]]) -> dict[str, dict[int, frozenset[str]]]:
        return {n: {i: frozenset(kinds) for i, kinds in items.items()} for n, items in by_name.items()}

    def test_reports_who_becomes_known_only_by_the_heap(self) -> None:
        [risk] = find_risks(self.told(王芳={1: {"address"}, 2: {"health", "money"}}), RULES)
        assert risk.together == {"address", "health", "money"}
        assert risk.added == {"address"}
        assert risk.grave

    @pytest.mark.parametrize(
        "items",
        [
            {1: {"address", "health"}},  # one item alone: the gate's matter
            {1: {"money"}, 2: {"money"}},  # twice the same tells no more
            {1: {"money", "address"}, 2: {"money"}},  # the richest item tells all
        ],
    )
    def test_leaves_out_what_the_heap_does_not_add_to(self, items: dict[int, set[str]]) -> None:
        assert find_risks(self.told(王芳=items), RULES) == []

    def test_reports_who_is_named_very_often(self) -> None:
        often = {n: {"money"} for n in range(RULES.least_mentions)}
        [risk] = find_risks(self.told(王芳=often), RULES)
        assert not risk.grave

    @given(
        st.dictionaries(
            st.integers(1, 9), st.frozensets(st.sampled_from([c.code for c in RULES.categories])), max_size=6
        )
    )
    def test_a_further_item_never_makes_a_reported_person_harmless(self, items: dict[int, frozenset[str]]) -> None:
        before = find_risks({"王芳": items}, RULES)
        more = find_risks({"王芳": {**items, 100: frozenset()}}, RULES)
        assert len(more) >= len(before)


def test_merges_what_one_item_tells() -> None:
    mentions = [Mention("王芳", frozenset({"money"}), "正文"), Mention("王芳", frozenset({"address"}), "附件1")]
    assert merged(mentions) == {"王芳": (frozenset({"money", "address"}), ("正文", "附件1"))}
