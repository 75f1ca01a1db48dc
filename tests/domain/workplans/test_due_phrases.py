from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.workplans.due_phrases import PlanYear, clause_dues, is_due_clause, stated_dues

YEAR = PlanYear(2024, date(2024, 3, 1))


class TestStatedDues:
    @pytest.mark.parametrize(
        ("phrase", "days"),
        [
            ("9月底前", ["2024-09-30"]),
            ("2023年9月底前", ["2023-09-30"]),
            ("6月30日前", ["2024-06-30"]),
            ("2024年12月中旬", ["2024-12-20"]),
            ("11月上旬", ["2024-11-10"]),
            ("2月份", ["2024-02-29"]),
            ("第三季度", ["2024-09-30"]),
            ("2024年3季度", ["2024-09-30"]),
            ("三季度末", ["2024-09-30"]),
            ("2024年第二、三季度", ["2024-09-30"]),
            ("上半年", ["2024-06-30"]),
            ("2025年底", ["2025-12-31"]),
            ("年内", ["2024-12-31"]),
            ("2024年", ["2024-12-31"]),
            ("次年1月15日前", ["2025-01-15"]),
            ("二〇二四年十月底前", ["2024-10-31"]),
            ("2024.6.30", ["2024-06-30"]),
            ("2024-06-30 00:00:00", ["2024-06-30"]),
            ("2024/6/30", ["2024-06-30"]),
            ("20240630", ["2024-06-30"]),
            ("24年6月底", ["2024-06-30"]),
            ("8.31前", ["2024-08-31"]),
            ("3月至6月", ["2024-06-30"]),
            ("10月-次年2月", ["2025-02-28"]),
            ("2024年1月—12月", ["2024-12-31"]),
            ("分别于6月和12月底前", ["2024-06-30", "2024-12-31"]),
            ("2025年6月底、12月底前", ["2025-06-30", "2025-12-31"]),
            ("12月15日、次年1月15日前", ["2024-12-15", "2025-01-15"]),
        ],
    )
    def test_takes_the_last_day_that_the_phrase_names(self, phrase: str, days: list[str]) -> None:
        dues, issues = stated_dues(phrase, YEAR)
        assert [str(d.on) for d in dues] == days
        assert issues == []

    @pytest.mark.parametrize(
        "phrase", ["长期坚持", "持续推进", "常态化", "每季度", "每月10日前", "即时", "及时更新", "动态调整"]
    )
    def test_reads_standing_duties(self, phrase: str) -> None:
        dues, issues = stated_dues(phrase, YEAR)
        assert [(d.on, d.standing) for d in dues] == [(None, True)]
        assert issues == []

    @pytest.mark.parametrize(
        ("phrase", "day"),
        [
            ("9月底前完成并长期坚持", "2024-09-30"),
            ("全年", "2024-12-31"),
            ("长期（2024年12月底前取得阶段性成效）", "2024-12-31"),
        ],
    )
    def test_reads_a_date_and_then_a_standing_duty_as_one(self, phrase: str, day: str) -> None:
        dues, _ = stated_dues(phrase, YEAR)
        assert [(str(d.on), d.standing, d.phrase) for d in dues] == [(day, True, phrase)]

    def test_marks_what_is_to_be_done_at_once(self) -> None:
        dues, issues = stated_dues("立行立改", YEAR)
        assert dues[0].immediate
        assert [i.code for i in issues] == ["plan.due.immediate"]

    @pytest.mark.parametrize(
        ("phrase", "code"),
        [
            ("按上级要求", "plan.due.unclear"),
            ("国庆节前", "plan.due.unclear"),
            ("自发文之日起30日内", "plan.due.unclear"),
            ("2月30日", "plan.due.no_such_day"),
            ("9月前", "plan.due.strictly_before"),
        ],
    )
    def test_says_what_it_could_not_or_only_doubtfully_read(self, phrase: str, code: str) -> None:
        assert [i.code for i in stated_dues(phrase, YEAR)[1]] == [code]

    def test_reads_before_september_as_the_end_of_august(self) -> None:
        assert str(stated_dues("9月前", YEAR)[0][0].on) == "2024-08-31"

    def test_guesses_no_year(self) -> None:
        dues, issues = stated_dues("9月底前", PlanYear(None))
        assert dues[0].on is None
        assert [i.code for i in issues] == ["plan.due.no_year"]

    def test_takes_of_a_yearly_day_the_first_after_issue(self) -> None:
        assert str(stated_dues("每年1月31日前", YEAR)[0][0].on) == "2025-01-31"

    @given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    def test_reads_back_any_full_date(self, day: date) -> None:
        for phrase in (f"{day.year}年{day.month}月{day.day}日前", day.isoformat(), f"{day.year}.{day.month}.{day.day}"):
            assert [d.on for d in stated_dues(phrase, YEAR)[0]] == [day]

    @given(st.text(max_size=60))
    def test_never_raises(self, text: str) -> None:
        stated_dues(text, YEAR)
        clause_dues(text, YEAR)


class TestClauseDues:
    @pytest.mark.parametrize(
        ("clause", "days"),
        [
            ("2023年9月底前，各地完成清理", ["2023-09-30"]),
            ("在 2023 年 10 月底前完成清理", ["2023-10-31"]),
            ("年底前将发放结果公开", ["2024-12-31"]),
            ("力争2024年底前实现全覆盖", ["2024-12-31"]),
            ("到2025年底，覆盖率达到九成", ["2025-12-31"]),
            ("第一季度完成栏目调整", ["2024-03-31"]),
            ("上半年组织一次培训", ["2024-06-30"]),
            ("于6月底、12月底前分别报送", ["2024-06-30", "2024-12-31"]),
            ("在8月底前更新目录，在10月底前公开规章", ["2024-08-31", "2024-10-31"]),
        ],
    )
    def test_finds_limits(self, clause: str, days: list[str]) -> None:
        assert [str(d.on) for d in clause_dues(clause, YEAR)[0]] == days

    @pytest.mark.parametrize(
        "clause",
        [
            "2022年3月26日，召开全县培训会议",
            "从2024年开始，将公众参与作为必经程序",
            "自收到申请之日起20个工作日内予以答复",
            "文件印发之日起3日内上网公开",
            "开展前提前15个工作日公开预告",
            "截至2023年底，全市已建成专区",
            "对2020年底前建成的老旧小区",
            "推进平时抓、年终考相结合",
            "三年内完成改造",
            "根据《2024年9月底前工作安排》办理",
            "持续推进行政执法信息公开",
            "上半年共组织了三次培训",
        ],
    )
    def test_leaves_history_and_other_periods_alone(self, clause: str) -> None:
        assert clause_dues(clause, YEAR)[0] == []

    @pytest.mark.parametrize(
        ("clause", "day"), [("9月底前完成并长期坚持。", "2024-09-30"), ("公开村级项目，长期坚持。", "None")]
    )
    def test_finds_standing_duties(self, clause: str, day: str) -> None:
        assert [(str(d.on), d.standing) for d in clause_dues(clause, YEAR)[0]] == [(day, True)]


class TestIsDueClause:
    @pytest.mark.parametrize(
        "text", ["9月底前完成", "持续推进", "2024年11月底前完成", "立行立改", "6月底前完成并长期坚持"]
    )
    def test_takes_a_clause_that_is_only_a_limit(self, text: str) -> None:
        assert is_due_clause(text)

    @pytest.mark.parametrize("text", ["市司法局", "9月底前公布目录", "持续推进平台建设", ""])
    def test_leaves_other_clauses(self, text: str) -> None:
        assert not is_due_clause(text)
