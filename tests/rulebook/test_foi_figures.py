"""The form of the annual report as shipped: rows that every result finds, labels as printed."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.figures import RowKind
from gongkai.domain.issues import Severity
from gongkai.rulebook import NotInForce, Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.messages import catalog
from gongkai.rulebook.schema import Rule, Version

ON = date(2026, 12, 31)
FORM = report_form(shipped(), on=ON)


class TestShippedForm:
    def test_has_the_tables_of_2021(self) -> None:
        assert (len(FORM.rows), len(FORM.columns), len(FORM.result_rows)) == (25, 7, 21)
        assert len(FORM.dispute_groups) * len(FORM.dispute_columns) == 15
        assert [column.label for column in FORM.columns][-2:] == ["其他", "总计"]
        assert FORM.row(RowKind.CARRIED_OUT).label == "四、结转下年度继续办理"

    def test_every_result_of_an_application_has_its_row_and_every_row_a_result(self) -> None:
        rows = {one.annual_row for one in disposition_rules(shipped(), on=ON).dispositions.values()}
        assert rows == {row.code for row in FORM.result_rows}

    def test_every_check_has_its_sentence_and_source(self) -> None:
        assert {f"foi.report.{code}" for code in FORM.checks} <= set(catalog())
        assert all(check.basis for check in FORM.checks.values())
        warnings = {code for code, check in FORM.checks.items() if check.severity is Severity.WARNING}
        assert warnings == {"disputes_plausible", "text_agrees", "fee_told"}

    def test_earlier_years_had_another_form(self) -> None:
        with pytest.raises(NotInForce):
            report_form(shipped(), on=date(2020, 12, 31))


class TestBrokenForm:
    def test_columns_the_program_does_not_count_are_refused(self) -> None:
        rules = dict(shipped().rules)
        old = rules[("cn", "annual_report.disputes")]
        (version,) = old.versions
        values = {**version.values, "groups": [{"code": "mediation", "label": "调解"}]}
        new = Version(version.in_force_from, None, version.citations, version.status, values=values)
        rules[("cn", "annual_report.disputes")] = Rule(old.id, old.layer, old.source, (new,), old.title)
        with pytest.raises(RulebookInvalid) as caught:
            report_form(Rulebook(rules), on=ON)
        assert [issue.field for issue in caught.value.issues] == ["groups"]
