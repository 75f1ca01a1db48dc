"""The list of an import: where its head is, what each row says, what is wrong with a row and what with the whole."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.document import Document, Paragraph, Table
from gongkai.domain.intake.sheet import COLUMNS, HEAD_WITHIN, SheetList, read_sheet
from gongkai.domain.issues import Severity

HEAD = ("标题", "文号", "成文日期", "公开属性", "附件路径")


def table(*rows: tuple[str, ...], first: int = 1, sheet: str | None = "Sheet1") -> Table:
    width = max(map(len, rows))
    filled = tuple((*row, *[""] * (width - len(row))) for row in rows)
    origins = tuple(tuple((r, c) for c in range(width)) for r in range(len(rows)))
    return Table(filled, origins, tuple(range(first, first + len(rows))), sheet=sheet)


def read(*rows: tuple[str, ...], **more) -> SheetList:
    return read_sheet(Document("xlsx", (table(*rows, **more),)))


def codes(found) -> list[str]:
    return [issue.code for issue in found.issues]


class TestHead:
    @pytest.mark.parametrize("above", range(HEAD_WITHIN))
    def test_is_found_below_a_title_and_notes(self, above):
        notes = [("2025年度公开信息清单",), ("填表说明：红色为必填",)] * 5
        found = read(*notes[:above], HEAD, ("关于预算的通知",))
        assert [row.text("title") for row in found.rows] == ["关于预算的通知"]

    def test_is_not_looked_for_further_down(self):
        found = read(*[("说明",)] * HEAD_WITHIN, HEAD, ("关于预算的通知",))
        assert (codes(found), found.rows) == (["intake.sheet.no_head"], ())

    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("标题（必填）", "title"),
            ("* 文件名称：", "title"),
            ("发 文 字 号", "doc_no"),
            ("责任单位[单位全称]", "issuer"),
            ("公开方式", "attribute"),
            ("不公开依据", "ground"),
            ("原文件", "path"),
        ],
    )
    def test_knows_other_names_and_passes_over_notes(self, written, key):
        value = "主动公开" if key == "attribute" else "某值"
        [row] = read((written, "标题" if key != "title" else "文号"), (value, "甲")).rows
        assert row.paths == ("某值",) if key == "path" else row.text(key) in (value, "proactive")

    def test_takes_the_first_of_two_columns_of_one_meaning_and_tells_the_other(self):
        found = read(("标题", "文件名称", "文号", "序号"), ("甲", "乙", "", "1"))
        assert (found.rows[0].text("title"), found.unknown) == ("甲", ("文件名称",))

    def test_names_every_column_that_was_expected(self):
        [issue] = read(("姓名", "电话"), ("甲", "1")).issues
        assert (issue.code, issue.values["expected"]) == ("intake.sheet.no_head", "、".join(COLUMNS.values()))

    def test_is_looked_for_in_every_sheet_and_never_in_running_text(self):
        other = table(("收支",), ("1",), sheet="说明")
        listed = table(HEAD, ("甲",), first=3, sheet="清单")
        found = read_sheet(Document("xlsx", (Paragraph("标题 文号", 1), other, listed)))
        assert [(row.number, row.text("title")) for row in found.rows] == [(4, "甲")]
        assert codes(read_sheet(Document("txt", (Paragraph("标题 文号", 1),)))) == ["intake.sheet.no_head"]

    def test_alone_is_told(self):
        assert codes(read(HEAD, ("", " "))) == ["intake.sheet.no_rows"]

    def test_warns_of_columns_that_are_not_read(self):
        found = read((*HEAD, "备注", "序号"), ("甲",))
        assert (found.unknown, [i.severity for i in found.issues]) == (("备注",), [Severity.WARNING])


class TestRow:
    def row(self, **cells: str):
        names = {
            "title": "标题",
            "doc_no": "文号",
            "written_on": "成文日期",
            "attribute": "公开属性",
            "path": "附件路径",
        }
        given = {"title": "甲", **cells}
        [row] = read(tuple(names[key] for key in given), tuple(given.values()), first=7).rows
        return row

    def test_is_numbered_as_the_sheet_numbers_it(self):
        assert self.row().number == 8

    @pytest.mark.parametrize(
        "text", ["2026-02-03", "2026-02-03 00:00:00", "2026年2月3日", "2026.2.3", "2026/2/3", "二〇二六年二月三日"]
    )
    def test_reads_dates_in_any_spelling(self, text):
        row = self.row(written_on=text)
        assert (row.day("written_on"), row.text("written_on")) == (date(2026, 2, 3), "2026-02-03")

    @pytest.mark.parametrize("text", ["2026-02-30", "明年", "45000", "2026年"])
    def test_tells_dates_that_are_none_with_row_and_value(self, text):
        [issue] = self.row(written_on=text).issues
        assert issue.code == "intake.sheet.bad_date"
        assert (issue.values["value"], issue.values["row"], issue.values["column"]) == (text, 8, "成文日期")
        assert issue.where is not None and (issue.where.line_from, issue.where.sheet) == (8, "Sheet1")

    @pytest.mark.parametrize(
        ("text", "code"), [("主动公开", "proactive"), ("依申请公开", "on_application"), ("不予公开", "withheld")]
    )
    def test_reads_the_attribute(self, text, code):
        assert self.row(attribute=text).text("attribute") == code

    def test_tells_an_attribute_that_is_none(self):
        assert [issue.code for issue in self.row(attribute="看情况").issues] == ["intake.sheet.bad_attribute"]

    def test_tells_everything_wrong_with_it_at_once(self):
        assert len(self.row(attribute="看情况", written_on="明年").issues) == 2

    def test_takes_several_files_and_either_slash(self):
        assert self.row(path="2025\\通知.docx；附表 1.xlsx\n说明.pdf | ").paths == (
            "2025/通知.docx",
            "附表 1.xlsx",
            "说明.pdf",
        )

    def test_needs_a_title_or_a_file(self):
        [row] = read(HEAD, ("", "青财字〔2026〕1号")).rows
        assert [issue.code for issue in row.issues] == ["intake.sheet.no_title"]
        assert read(HEAD, ("", "", "", "", "通知.docx")).rows[0].issues == ()

    def test_joins_a_title_that_stands_on_two_lines(self):
        assert self.row(title="关于做好\n预算公开的通知").text("title") == "关于做好预算公开的通知"

    def test_parts_a_list_of_words(self):
        [row] = read(("标题", "关键词"), ("甲", "预算、决算； 公开")).rows
        assert (row.words("keywords"), row.words("summary")) == (("预算", "决算", "公开"), ())

    @given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=6))
    def test_of_any_content_is_read_or_told(self, rows):
        found = read(HEAD, *map(tuple, rows))
        filled = [n for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
        assert [row.number for row in found.rows] == filled
