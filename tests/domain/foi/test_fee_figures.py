"""The processing fee in the annual report: what was asked for and received in a year, said in one sentence."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi.fee_figures import FeeNotice, check_fee_section, fee_figures
from gongkai.domain.issues import Severity
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.messages import describe

FORM = report_form(shipped(), on=date(2026, 12, 31))
NOTICES = (
    FeeNotice("a", date(2025, 12, 20), 10_000, date(2026, 1, 10), 10_000),
    FeeNotice("b", date(2026, 3, 1), 430_000, date(2026, 3, 20), 430_000),
    FeeNotice("c", date(2026, 12, 28), 20_000),
)


class TestFeeFigures:
    def test_counts_what_was_asked_and_what_came_in_each_in_its_year(self) -> None:
        figures = fee_figures(NOTICES, year=2026)
        assert (figures.sent, figures.asked_fen) == (("b", "c"), 450_000)
        assert (figures.paid, figures.paid_fen) == (("a", "b"), 440_000)
        assert figures.sentence == ("2026年度发出政府信息公开信息处理费收费通知2件，总金额4500元，实际收取4400元。")

    def test_a_year_without_fees_says_so(self) -> None:
        assert fee_figures(NOTICES, year=2024).sentence == "2024年度没有收取政府信息公开信息处理费。"


class TestCheckFeeSection:
    def test_fees_that_the_report_keeps_silent_about_are_a_warning(self) -> None:
        (issue,) = check_fee_section("无。", {}, fee_figures(NOTICES, year=2026), FORM)
        assert issue.severity is Severity.WARNING
        assert "4500元" in describe(issue)

    def test_so_are_cases_that_ended_for_want_of_payment(self) -> None:
        lapsed = {"other_no_payment": {"total": 1}}
        assert check_fee_section("无。", lapsed, fee_figures((), year=2026), FORM)
        assert check_fee_section("本年度未收取信息处理费。", lapsed, fee_figures((), year=2026), FORM) == ()

    def test_where_there_were_none_nothing_is_asked(self) -> None:
        assert check_fee_section("无。", {"other_no_payment": {"total": 0}}, fee_figures((), year=2026), FORM) == ()
