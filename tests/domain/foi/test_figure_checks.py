"""The relations between the figures: each broken one is named, all at once."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from gongkai.domain.foi.figure_checks import (
    check_applications,
    check_disputes,
    check_disputes_plausible,
    check_ledger,
    check_levels,
    check_text,
)
from gongkai.domain.foi.figures import ApplicantClass, ReportedCase, application_figures
from gongkai.domain.issues import Issue, Severity
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.messages import describe

FORM = report_form(shipped(), on=date(2026, 12, 31))
CASES = [
    ReportedCase("a", ApplicantClass.NATURAL_PERSON, date(2026, 1, 5), date(2026, 2, 1), "granted"),
    ReportedCase("b", ApplicantClass.BUSINESS, date(2026, 6, 1), date(2026, 7, 1), "refused_repeat"),
    ReportedCase("c", ApplicantClass.BUSINESS, date(2025, 6, 1)),
]
COUNTED = application_figures(CASES, year=2026, form=FORM)
DISPUTES: dict[str, dict[str, object]] = {
    group.code: {"upheld": 1, "corrected": 0, "other": 0, "pending": 1, "total": 2} for group in FORM.dispute_groups
}


def changed(cell: str, value: object) -> dict[str, dict[str, object]]:
    numbers: dict[str, dict[str, object]] = deepcopy(COUNTED.numbers())  # type: ignore[arg-type]
    row, column = cell.split(".")
    numbers[row][column] = value
    return numbers


def codes(issues: tuple[Issue, ...]) -> list[str]:
    assert all(describe(issue) and issue.basis for issue in issues)
    return sorted(issue.code.removeprefix("foi.report.") for issue in issues)


class TestTableThree:
    @pytest.mark.parametrize(
        ("cell", "value", "expected"),
        [
            ("new_received.natural_person", 2, ["balance", "row_adds_up"]),
            ("carried_in.total", 5, ["balance", "row_adds_up"]),
            ("granted.natural_person", 2, ["results_add_up", "row_adds_up"]),
            ("result_total.business", 2, ["balance", "results_add_up", "row_adds_up"]),
            ("carried_out.total", 0, ["balance", "row_adds_up"]),
            ("partial.other_org", None, ["not_empty"]),
            ("partial.other_org", "/", ["not_empty"]),
            ("partial.other_org", -1, ["whole_number"]),
            ("partial.other_org", 1.5, ["whole_number"]),
            ("partial.other_org", True, ["whole_number"]),
        ],
    )
    def test_each_broken_relation_is_named(self, cell: str, value: object, expected: list[str]) -> None:
        assert codes(check_applications(changed(cell, value), FORM)) == expected

    def test_the_carry_over_of_the_year_before_must_come_in(self) -> None:
        previous = application_figures(CASES, year=2025, form=FORM).numbers()
        assert check_applications(COUNTED.numbers(), FORM, previous=previous) == ()
        numbers = changed("carried_in.business", 2)
        issues = check_applications(numbers, FORM, previous=previous)
        (issue,) = [one for one in issues if one.code == "foi.report.carried_over"]
        assert "商业企业" in describe(issue)
        assert issue.field == "t3.carried_in.business"

    def test_an_empty_table_lacks_all_175_cells(self) -> None:
        assert codes(check_applications({}, FORM)) == ["not_empty"] * 175


class TestTableFour:
    def test_totals_and_cells_are_checked(self) -> None:
        assert check_disputes(DISPUTES, FORM) == ()
        broken = deepcopy(DISPUTES)
        broken["lawsuit_after"]["total"] = 3
        broken["reconsideration"]["other"] = "-"
        assert codes(check_disputes(broken, FORM)) == ["disputes_add_up", "not_empty"]

    def test_more_disputes_than_decisions_are_only_a_warning(self) -> None:
        (issue,) = check_disputes_plausible(COUNTED.numbers(), DISPUTES, FORM)
        assert issue.severity is Severity.WARNING
        assert "6件" in describe(issue)
        assert check_disputes_plausible(changed("result_total.total", 6), DISPUTES, FORM) == ()


class TestLedger:
    def test_typed_figures_must_be_those_of_the_cases(self) -> None:
        (issue,) = check_ledger(changed("granted.natural_person", 7), COUNTED, FORM)
        assert describe(issue) == "填写为7的“（一）予以公开”的“自然人”，按台账应为1。"


class TestLevels:
    def test_a_report_over_several_organs_is_their_sum(self) -> None:
        one = COUNTED.numbers()
        both = {row: {column: 2 * number for column, number in cells.items()} for row, cells in one.items()}
        assert check_levels(both, [one, one], FORM, table="t3") == ()
        (issue,) = check_levels({**both, "granted": {**both["granted"], "total": 9}}, [one, one], FORM, table="t3")
        assert (issue.field, issue.values["sum"]) == ("t3.granted.total", 2)


class TestText:
    TEXT = (
        "2026年，本年新收政府信息公开申请2件，上年结转1件，共收到政府信息公开申请3件，结转下年度继续办理1件。"
        "发生行政复议2件，行政诉讼4件。"
    )

    def test_numbers_in_the_text_agree_with_the_tables(self) -> None:
        assert check_text(self.TEXT, COUNTED.numbers(), DISPUTES, FORM) == ()

    def test_each_that_does_not_is_a_warning(self) -> None:
        text = self.TEXT.replace("申请2件", "申请12件").replace("诉讼4件", "诉讼1件")
        issues = check_text(text, COUNTED.numbers(), DISPUTES, FORM)
        assert [(issue.values["words"], issue.severity) for issue in issues] == [
            ("本年新收", Severity.WARNING),
            ("行政诉讼", Severity.WARNING),
        ]
        assert "12件" in describe(issues[0])
