"""Tables three and four from the cases: every figure knows its cases, every relation holds whatever the cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.foi.figure_checks import check_applications, check_disputes, check_ledger
from gongkai.domain.foi.figures import (
    ApplicantClass,
    Dispute,
    ReportedCase,
    application_figures,
    dispute_figures,
    reversal_rate,
)
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.messages import describe

FORM = report_form(shipped(), on=date(2026, 12, 31))
RESULTS = [row.code for row in FORM.result_rows]
PERSON, FIRM = ApplicantClass.NATURAL_PERSON, ApplicantClass.BUSINESS


def case(
    ref: str, received: date, closed: date | None = None, row: str = "", applicant: ApplicantClass = PERSON
) -> ReportedCase:
    return ReportedCase(ref, applicant, received, closed, row or ("granted" if closed else ""))


class TestApplicationFigures:
    CASES = (
        case("old", date(2025, 12, 20), date(2026, 1, 15)),
        case("long", date(2024, 11, 1)),
        case("new", date(2026, 3, 1), date(2026, 3, 20), "denied_third_party", FIRM),
        case("open", date(2026, 12, 31)),
        case("late", date(2026, 12, 1), date(2027, 1, 4)),
        case("done", date(2025, 3, 1), date(2025, 4, 1)),
        case("next", date(2027, 1, 1)),
    )

    def test_every_figure_knows_its_cases(self) -> None:
        cells = application_figures(self.CASES, year=2026, form=FORM).cells
        assert cells["new_received"]["total"].refs == ("new", "open", "late")
        assert cells["new_received"]["business"].refs == ("new",)
        assert cells["carried_in"]["natural_person"].refs == ("old", "long")
        assert cells["granted"]["natural_person"].refs == ("old",)
        assert cells["denied_third_party"]["business"].refs == ("new",)
        assert cells["result_total"]["total"].refs == ("old", "new")
        assert cells["carried_out"]["total"].refs == ("long", "open", "late")
        assert cells["refused_repeat"]["total"].number == 0

    def test_table_three_has_25_rows_and_7_columns(self) -> None:
        cells = application_figures((), year=2026, form=FORM).cells
        assert [len(cells), *{len(row) for row in cells.values()}] == [25, 7]

    def test_the_last_day_of_the_year_is_inside(self) -> None:
        found = application_figures([case("a", date(2026, 1, 1), date(2026, 12, 31))], year=2026, form=FORM).numbers()
        assert (found["new_received"]["total"], found["granted"]["total"], found["carried_out"]["total"]) == (1, 1, 0)

    def test_what_cannot_be_counted_is_told_at_once_and_left_out(self) -> None:
        found = application_figures(
            [
                case("a", date(2026, 2, 1), date(2026, 1, 1), "nowhere"),
                ReportedCase("b", PERSON, date(2026, 1, 1), None, "granted"),
                case("c", date(2026, 1, 1)),
            ],
            year=2026,
            form=FORM,
        )
        assert [issue.code for issue in found.issues] == [
            "foi.report.case_without_row",
            "foi.report.case_days",
            "foi.report.case_open_with_row",
        ]
        assert all(describe(issue) for issue in found.issues)
        assert found.cells["new_received"]["total"].refs == ("c",)


DAYS = st.integers(0, 365 * 4 - 1).map(lambda days: date(2024, 1, 1) + timedelta(days=days))


@st.composite
def some_cases(draw: st.DrawFn) -> list[ReportedCase]:
    cases = []
    for number in range(draw(st.integers(0, 25))):
        received = draw(DAYS)
        closed = draw(st.none() | st.integers(0, 500).map(lambda days, day=received: day + timedelta(days=days)))
        row = draw(st.sampled_from(RESULTS)) if closed else ""
        cases.append(ReportedCase(f"c{number}", draw(st.sampled_from(ApplicantClass)), received, closed, row))
    return cases


class TestLaws:
    @settings(max_examples=30, deadline=None)
    @given(cases=some_cases())
    def test_whatever_the_cases_the_relations_hold_year_after_year(self, cases: list[ReportedCase]) -> None:
        previous = None
        for year in range(2024, 2030):
            found = application_figures(cases, year=year, form=FORM)
            assert check_applications(found.numbers(), FORM, previous=previous) == ()
            assert check_ledger(found.numbers(), found, FORM) == ()
            previous = found.numbers()

    @settings(max_examples=30, deadline=None)
    @given(cases=some_cases())
    def test_a_closed_case_stands_in_one_row_of_one_year(self, cases: list[ReportedCase]) -> None:
        years = [application_figures(cases, year=year, form=FORM) for year in range(2024, 2031)]
        seen = [ref for found in years for row in RESULTS for ref in found.cells[row]["total"].refs]
        assert sorted(seen) == sorted(one.ref for one in cases if one.closed_on)


class TestDisputeFigures:
    DISPUTES = (
        Dispute("r1", RemedyKind.RECONSIDERATION, date(2025, 12, 1), date(2026, 1, 30), RemedyOutcome.UPHELD),
        Dispute("r2", RemedyKind.RECONSIDERATION, date(2026, 5, 1), date(2026, 6, 1), RemedyOutcome.CORRECTED),
        Dispute("r3", RemedyKind.RECONSIDERATION, date(2026, 12, 1), date(2027, 1, 5), RemedyOutcome.CORRECTED),
        Dispute("s1", RemedyKind.LAWSUIT_DIRECT, date(2024, 5, 1)),
        Dispute("s2", RemedyKind.LAWSUIT_AFTER, date(2024, 5, 1), date(2025, 5, 1), RemedyOutcome.OTHER),
        Dispute("s3", RemedyKind.LAWSUIT_AFTER, date(2027, 1, 1)),
    )

    def test_has_fifteen_numbers_in_the_order_of_the_form(self) -> None:
        numbers = dispute_figures(self.DISPUTES, year=2026, form=FORM).numbers()
        assert [n for group in numbers.values() for n in group.values()] == [
            1,
            1,
            0,
            1,
            3,
            0,
            0,
            0,
            1,
            1,
            0,
            0,
            0,
            0,
            0,
        ]
        assert check_disputes(numbers, FORM) == ()

    def test_what_ends_next_year_is_pending_this_year(self) -> None:
        cells = dispute_figures(self.DISPUTES, year=2026, form=FORM).cells
        assert cells["reconsideration"]["pending"].refs == ("r3",)

    def test_the_rate_of_corrections_counts_what_ended(self) -> None:
        assert reversal_rate(dispute_figures(self.DISPUTES, year=2026, form=FORM)) == (1, 2)

    def test_disputes_half_told_are_left_out_and_named(self) -> None:
        found = dispute_figures(
            [
                Dispute("x", RemedyKind.RECONSIDERATION, date(2026, 1, 1), date(2026, 2, 1)),
                Dispute("y", RemedyKind.RECONSIDERATION, date(2026, 1, 1), None, RemedyOutcome.OTHER),
                Dispute("z", RemedyKind.RECONSIDERATION, date(2026, 2, 1), date(2026, 1, 1), RemedyOutcome.OTHER),
            ],
            year=2026,
            form=FORM,
        )
        assert [issue.values["ref"] for issue in found.issues] == ["x", "y", "z"]
        assert all(describe(issue) for issue in found.issues)
        assert not any(cell.number for row in found.cells.values() for cell in row.values())


@pytest.mark.parametrize("applicant", list(ApplicantClass))
def test_each_kind_of_applicant_has_its_column(applicant: ApplicantClass) -> None:
    cells = application_figures([case("a", date(2026, 1, 1), applicant=applicant)], year=2026, form=FORM).cells
    assert cells["new_received"][applicant.value].refs == ("a",)
