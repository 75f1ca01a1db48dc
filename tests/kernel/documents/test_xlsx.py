"""Excel workbooks: values as read, merged ranges, hidden parts."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from gongkai.kernel.documents import DocumentRefused, Limits, read_document, xlsx
from tests.kernel.documents.samples import changed_zip, member, saved, xlsx_bytes


def codes(document) -> list[str]:
    return [issue.code for issue in document.issues]


def first_table(book) -> tuple:
    return next(read_document(saved(book), name="x.xlsx").tables())


class TestValues:
    @pytest.mark.parametrize(
        ("value", "form", "expected"),
        [
            ("县财政局", None, "县财政局"),
            (12, None, "12"),
            (2.0, None, "2"),
            (0.1 + 0.2, None, "0.3"),
            (0.85, "0%", "85%"),
            (0.8567, "0.0%", "85.7%"),
            (7, "00", "07"),
            (True, None, "TRUE"),
            (dt.date(2024, 9, 30), None, "2024-09-30"),
            (dt.datetime(2024, 9, 30, 8, 30), None, "2024-09-30 08:30"),
            (dt.time(8, 30), None, "08:30:00"),
            (dt.date(2024, 9, 30), 'yyyy"年"m"月"', "2024-09-30"),
            ("第一行\r\n第二行", None, "第一行\n第二行"),
            ("甲_x000D_\n乙", None, "甲\n乙"),
        ],
    )
    def test_are_written_as_a_reader_sees_them(self, value, form, expected):
        book = openpyxl.Workbook()
        book.active["A1"] = value
        if form:
            book.active["A1"].number_format = form
        assert first_table(book).rows == ((expected,),)

    def test_formulas_give_their_stored_value(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "=1+1"
        data = saved(book)
        sheet = member(data, "xl/worksheets/sheet1.xml").replace(b"<v/>", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
        assert b"<v>2</v>" in sheet
        document = read_document(changed_zip(data, replace={"xl/worksheets/sheet1.xml": sheet}), name="x.xlsx")
        assert next(document.tables()).rows == (("2",),)
        assert document.issues == ()

    def test_formulas_without_a_stored_value_are_reported(self):
        book = openpyxl.Workbook()
        book.active.append(["合计", "=1+1"])
        document = read_document(saved(book), name="x.xlsx")
        assert next(document.tables()).rows == (("合计",),)
        assert [(i.code, i.values["cell"]) for i in document.issues] == [("document.xlsx.uncached_formulas", "B1")]

    def test_error_values_are_kept_and_reported(self):
        book = openpyxl.Workbook()
        book.active.append(["甲", "#REF!"])
        document = read_document(saved(book), name="x.xlsx")
        assert next(document.tables()).rows == (("甲", "#REF!"),)
        assert codes(document) == ["document.xlsx.error_cells"]


class TestSheets:
    def test_resolves_merged_ranges(self):
        found = next(read_document(xlsx_bytes(), name="x.xlsx").tables())
        assert found.rows[0] == ("云溪县2024年政务公开任务分解表",) * 3
        assert found.origins[0] == ((0, 0),) * 3
        assert (found.lines, found.sheet) == ((1, 2, 3, 4), "任务分解表")

    def test_cuts_empty_rows_and_columns_at_the_end_only(self):
        book = openpyxl.Workbook()
        book.active["B3"] = "值"
        book.active["Z900"].font = openpyxl.styles.Font(bold=True)
        found = first_table(book)
        assert found.rows == (("", ""), ("", ""), ("", "值"))
        assert found.lines == (1, 2, 3)

    def test_clips_a_merged_range_that_runs_over_the_edge(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "标题"
        book.active.merge_cells("A1:XFD1")
        book.active["B2"] = "值"
        assert first_table(book).rows == (("标题", "标题"), ("", "值"))

    def test_gives_one_table_a_sheet_and_skips_empty_sheets(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "一"
        book.create_sheet("空")
        book.create_sheet("二")["A1"] = "二"
        assert [t.sheet for t in read_document(saved(book), name="x.xlsx").tables()] == ["Sheet", "二"]

    def test_reads_hidden_parts_and_names_them(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["甲", "乙", "丙"])
        sheet.append(["一", "二", "三"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        other = book.create_sheet("藏")
        other["A1"] = "隐"
        other.sheet_state = "veryHidden"
        document = read_document(saved(book), name="x.xlsx")
        assert [t.rows[-1] for t in document.tables()] == [("一", "二", "三"), ("隐",)]
        assert codes(document) == [
            "document.xlsx.hidden_rows",
            "document.xlsx.hidden_columns",
            "document.xlsx.hidden_sheet",
        ]


class TestBlanks:
    def test_a_formatted_corner_costs_nothing(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "值"
        book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
        assert first_table(book).rows == (("值",),)

    def test_a_value_in_the_last_corner_is_refused(self):
        book = openpyxl.Workbook()
        book.active["XFD1048576"] = "值"
        with pytest.raises(DocumentRefused):
            read_document(saved(book), name="x.xlsx")

    def test_formatted_rows_do_not_count_as_rows(self, monkeypatch):
        monkeypatch.setattr(xlsx, "MOST_BLANKS", 20)
        book = openpyxl.Workbook()
        book.active.append(["期限", dt.date(2024, 9, 30)])
        for row in range(2, 60):
            book.active.cell(row, 1).font = openpyxl.styles.Font(bold=True)
        book.active.row_dimensions[1].hidden = True
        document = read_document(saved(book), name="x.xlsx", limits=Limits(max_rows=5))
        assert next(document.tables()).rows == (("期限", "2024-09-30"),)
        assert codes(document) == ["document.xlsx.hidden_rows"]


class TestMending:
    @pytest.mark.parametrize(
        ("part", "old", "new"),
        [
            ("xl/styles.xml", b'<family val="2"', b'<family val="99"'),
            ("xl/styles.xml", b"<borders", b"<borders bad='1'"),
            ("xl/workbook.xml", b"<definedNames/>", b"<definedNames><definedName/></definedNames>"),
            (
                "xl/worksheets/sheet1.xml",
                b"<pageMargins",
                b'<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId9"/><pageMargins',
            ),
            ("xl/worksheets/sheet1.xml", b'<pageMargins left="0.75"', b'<pageMargins left="wide"'),
        ],
    )
    def test_reads_the_values_of_a_workbook_with_faulty_trimmings(self, part, old, new):
        book = openpyxl.Workbook()
        book.active.append(["期限", dt.date(2024, 9, 30), 0.5])
        book.active["C1"].number_format = "0%"
        data = saved(book)
        content = member(data, part)
        assert old in content
        document = read_document(changed_zip(data, replace={part: content.replace(old, new)}), name="x.xlsx")
        assert next(document.tables()).rows == (("期限", "2024-09-30", "50%"),)

    def test_passes_over_a_relationship_to_nowhere(self):
        data = xlsx_bytes()
        rels = member(data, "xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/gone.xml"/></Relationships>',
        )
        document = read_document(changed_zip(data, replace={"xl/_rels/workbook.xml.rels": rels}), name="x.xlsx")
        assert len(list(document.tables())) == 1
