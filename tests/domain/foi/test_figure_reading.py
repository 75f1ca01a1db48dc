"""Tables pasted from a report: read by row and column, whatever stands beside the numbers."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.figure_checks import check_applications, check_disputes
from gongkai.domain.foi.figure_reading import read_applications, read_disputes
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.messages import describe

FORM = report_form(shipped(), on=date(2026, 12, 31))
NEW, TOTAL, OUT = 0, 23, 24


def pasted(between: str = "\t", **lines: str) -> str:
    """Table three of a year with one application of a citizen, granted; ``lines`` replaces the cells of rows (r0, r1 …)."""
    told = []
    for number, row in enumerate(FORM.rows):
        ones = number in (NEW, TOTAL) or row.code == "granted"
        cells = lines.get(f"r{number}", between.join(["1" if ones else "0", *["0"] * 5, "1" if ones else "0"]))
        told.append(between.join(filter(None, [row.group, row.label.replace(" ", ""), cells])))
    return "\n".join(["三、收到和处理政府信息公开申请情况", between.join(one.label for one in FORM.columns), *told])


class TestTableThree:
    @pytest.mark.parametrize("between", ["\t", "  ", "　"])
    def test_is_read_with_headings_and_labels_beside_it(self, between: str) -> None:
        numbers, issues = read_applications(pasted(between), FORM)
        assert issues == () and check_applications(numbers, FORM) == ()
        assert numbers["granted"] == {
            **dict.fromkeys((c.code for c in FORM.columns), 0),
            "natural_person": 1,
            "total": 1,
        }

    def test_what_a_cell_holds_is_told_by_the_checks(self) -> None:
        numbers, issues = read_applications(pasted(r5="\t/\t1.5\t1,024\t0\t0\t0"), FORM)
        assert issues == ()
        row = numbers[FORM.rows[5].code]
        assert list(row.values()) == [None, "/", "1.5", 1024, 0, 0, 0]
        codes = [issue.code for issue in check_applications(numbers, FORM)]
        assert codes.count("foi.report.not_empty") == 2 and codes.count("foi.report.whole_number") == 1

    def test_full_width_digits_are_digits(self) -> None:
        numbers, _ = read_applications(pasted(r0="１\t０\t0\t0\t0\t0\t１"), FORM)
        assert numbers[FORM.rows[NEW].code]["natural_person"] == 1

    @pytest.mark.parametrize("text", ["", "没有表格", "1\t2\t3", pasted().rsplit("\n", 1)[0]])
    def test_lines_that_do_not_come_out_even_are_told(self, text: str) -> None:
        numbers, (issue,) = read_applications(text, FORM)
        assert numbers == {} and "25" in describe(issue)


class TestTableFour:
    ROW = [1, 0, 0, 0, 1, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0]

    def test_in_one_line_as_the_form_prints_it(self) -> None:
        numbers, issues = read_disputes("结果维持\t总计\n" + "\t".join(map(str, self.ROW)), FORM)
        assert issues == () and check_disputes(numbers, FORM) == ()
        groups = [group.code for group in FORM.dispute_groups]
        assert numbers[groups[0]]["upheld"] == 1 and numbers[groups[1]]["pending"] == 2

    def test_in_a_line_for_each_group(self) -> None:
        lines = [
            "\t".join([group.label, *map(str, self.ROW[5 * at : 5 * at + 5])])
            for at, group in enumerate(FORM.dispute_groups)
        ]
        assert read_disputes("\n".join(lines), FORM)[0] == read_disputes(" ".join(map(str, self.ROW)), FORM)[0]

    def test_lines_that_do_not_come_out_even_are_told(self) -> None:
        numbers, (issue,) = read_disputes("1 2 3", FORM)
        assert numbers == {} and "表四" in describe(issue)
