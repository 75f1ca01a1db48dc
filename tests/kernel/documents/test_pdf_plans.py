"""A task breakdown issued as PDF gives the same tasks as the sheet it was printed from."""

from __future__ import annotations

import io

import openpyxl
import pytest

from gongkai.cli.demo.documents import table_xlsx
from gongkai.domain.workplans import read_plan
from gongkai.kernel.documents import read_document
from tests.kernel.documents.pdf_samples import GRID, flowing, page_break, table, text

WIDTHS = [28.0, 62.0, 130.0, 66.0, 76.0, 62.0, 40.0]


def sheet_rows() -> tuple[list[str], list[list[str]], list[tuple[int, int, int]]]:
    """The lines above the table, its rows, and its merged cells (column, first row, last row)."""
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx())).active
    rows = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    spans = [(m.min_col - 1, m.min_row - 3, m.max_row - 3) for m in sheet.merged_cells.ranges if m.min_row >= 3]
    return [rows[0][0], rows[1][0]], rows[2:], spans


def tasks_of(data: bytes, name: str) -> list[tuple]:
    plan = read_plan(read_document(data, name=name))
    return [
        (t.no, t.path, t.title, t.text, t.lead_units, t.responsible_units, t.cooperating_units, t.due, t.note)
        for t in plan.tasks
    ]


class TestPlansInPdf:
    @pytest.fixture
    def expected(self) -> list[tuple]:
        tasks = tasks_of(table_xlsx(), "x.xlsx")
        assert len(tasks) == 13
        return tasks

    def test_gives_the_tasks_of_the_sheet(self, expected):
        above, rows, spans = sheet_rows()
        merged = [("SPAN", (c, first), (c, last)) for c, first, last in spans]
        data = flowing(*map(text, above), table(rows, GRID, *merged, widths=WIDTHS), numbered=True)
        assert tasks_of(data, "x.pdf") == expected

    def test_gives_them_over_three_pages_with_a_repeated_head(self, expected):
        above, rows, spans = sheet_rows()
        head, *body = rows
        ends = sorted({last for column, _, last in spans if column == 1} | {len(body)})
        cuts = [0, ends[0], ends[2], len(body)]
        parts = []
        for first, last in zip(cuts, cuts[1:], strict=False):
            merged = [
                ("SPAN", (c, top - first), (c, bottom - first))
                for c, top, bottom in spans
                if first < top and bottom <= last
            ]
            parts += [table([head, *body[first:last]], GRID, *merged, widths=WIDTHS), page_break()]
        data = flowing(*map(text, above), *parts[:-1], numbered=True)
        document = read_document(data, name="x.pdf")
        assert (document.pages, len(list(document.tables()))) == (3, 1)
        assert tasks_of(data, "x.pdf") == expected
