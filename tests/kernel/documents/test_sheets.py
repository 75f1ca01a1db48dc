"""Lists as XLSX."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from gongkai.kernel.documents import Sheet, read_document, write_table_xlsx, write_workbook_xlsx
from gongkai.kernel.documents.sheets import MOST_CHARACTERS


def sheet_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


class TestWriteTableXlsx:
    def test_writes_title_frozen_header_and_filter(self):
        sheet = sheet_of(
            write_table_xlsx(["序号", "任务"], [[1, "公开预算"]], title="台账", widths=[6, 40], sheet="台账/2024")
        )
        assert [[c.value for c in row] for row in sheet] == [["台账", None], ["序号", "任务"], [1, "公开预算"]]
        assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A3", "A2:B3", "台账_2024")
        assert sheet.column_dimensions["B"].width == 40
        assert sheet["A3"].font.name == "宋体"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"])
    def test_never_writes_text_as_a_formula(self, text):
        cell = sheet_of(write_table_xlsx(["任务"], [[text]]))["A2"]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)

    def test_never_writes_a_formula_from_header_or_title(self):
        sheet = sheet_of(write_table_xlsx(["=1"], [], title="=2"))
        assert [sheet["A1"].data_type, sheet["A2"].data_type] == ["s", "s"]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (None, None),
            (True, "是"),
            (dt.date(2024, 9, 30), dt.datetime(2024, 9, 30)),
            (dt.datetime(2024, 9, 30, 20, 30, 5, 7, tzinfo=dt.UTC), dt.datetime(2024, 10, 1, 4, 30, 5)),
            (["甲局", "乙局"], "甲局、乙局"),
            ("坏\x0b字", "坏字"),
            (3.5, 3.5),
        ],
    )
    def test_writes_each_kind_of_value(self, value, expected):
        assert sheet_of(write_table_xlsx(["列"], [[value]]))["A2"].value == expected

    def test_styles_every_body_cell_alike(self):
        day, moment = dt.date(2024, 9, 30), dt.datetime(2024, 9, 30, 8, 30)
        sheet = sheet_of(write_table_xlsx(["列"] * 5, [["甲", day, "=1", 5, None], ["=2", day, moment, "乙", 0.5]]))
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert {(c.font.name, c.border.left.style, c.alignment.wrap_text) for c in cells} == {("宋体", "thin", True)}
        assert [c.number_format for c in cells] == [
            "General", "yyyy-mm-dd", "General", "General", "General",
            "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "General", "General",
        ]  # fmt: skip
        assert [c.quotePrefix for c in cells] == [False, False, True, False, False, True, False, False, False, False]

    def test_cuts_text_that_no_cell_holds_and_says_so_in_the_cell(self):
        value = sheet_of(write_table_xlsx(["列"], [["长" * 40_000]]))["A2"].value
        assert len(value) == MOST_CHARACTERS
        assert value.endswith("截断）")

    def test_gives_the_same_bytes_again(self):
        assert write_table_xlsx(["列"], [["甲"]]) == write_table_xlsx(["列"], [["甲"]])

    def test_is_read_back_by_our_own_reader(self):
        data = write_table_xlsx(["单位", "期限"], [["县财政局", dt.date(2024, 9, 30)]])
        assert next(read_document(data, name="x.xlsx").tables()).rows == (("单位", "期限"), ("县财政局", "2024-09-30"))

    def test_rejects_a_row_longer_than_its_header(self):
        with pytest.raises(ValueError, match="row 2"):
            write_table_xlsx(["列"], [[1, 2]])

    def test_makes_sheet_names_fit_and_differ(self):
        data = write_workbook_xlsx(
            [Sheet(["a"], [], name="长" * 40), Sheet(["a"], [], name="长" * 40), Sheet(["a"], [], name="[]")]
        )
        names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
        assert names == ["长" * 31, "长" * 28 + "(2)", "__"]
