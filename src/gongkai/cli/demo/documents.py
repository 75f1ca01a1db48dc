"""The two plan documents of the sample city, made from the YAML beside this file.

``python -m gongkai.cli.demo.documents FOLDER`` writes them; ``examples/`` holds the result, and a test compares the two.
The same content always gives the same bytes.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from gongkai.kernel.documents.packing import repack

PLAN_NAME = "青麓市2026年政务公开工作方案.docx"
TABLE_NAME = "青麓市2026年基层政务公开标准化规范化提升行动任务分解表.xlsx"
_BODY, _HEAD, _TITLE = "仿宋", "黑体", "方正小标宋简体"


@cache
def content(name: str) -> dict[str, Any]:
    """Return a YAML file of the sample city as data."""
    text = resources.files("gongkai.cli.demo").joinpath(name).read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    assert isinstance(data, dict)
    return data


def _add(
    target: Any, text: str, *, font: str = _BODY, size: float = 16, center: bool = False, indent: bool = True
) -> Paragraph:
    paragraph: Paragraph = target.add_paragraph()
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    return paragraph


def plan_docx() -> bytes:
    """Return the yearly plan as an official document: red head, notice, numbered clauses, a table as annex."""
    plan = content("plan_text.yaml")
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    head = _add(document, f"{plan['issuer']}文件", font=_TITLE, size=30, center=True)
    head.runs[0].font.color.rgb = RGBColor(0xC8, 0x10, 0x2E)
    _add(document, plan["doc_no"], center=True)
    _add(document, plan["notice_title"], font=_TITLE, size=22, center=True)
    _add(document, plan["addressees"], indent=False)
    _add(document, plan["notice_body"])
    _add(document, plan["issuer"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add(document, plan["issued"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add(document, plan["openness"])
    document.add_page_break()
    _add(document, plan["title"], font=_TITLE, size=22, center=True)
    _add(document, plan["preamble"])
    _add(document, plan["goal"]["heading"], font=_HEAD)
    _add(document, plan["goal"]["text"])
    _add(document, plan["main_heading"], font=_HEAD)
    number = 0
    for part in plan["sections"]:
        _add(document, part["heading"], font="楷体")
        for title, text, lead, responsible, due in part["tasks"]:
            number += 1
            _add(document, f"{number}.{title}{text}〔牵头单位：{lead}；责任单位：{responsible}；完成时限：{due}〕")
    _add(document, plan["guarantee_heading"], font=_HEAD)
    for text in plan["guarantees"]:
        _add(document, text)
    document.add_page_break()
    _add(document, plan["annex_title"], font=_HEAD, indent=False)
    _add(document, plan["annex_name"], font=_TITLE, size=20, center=True)
    table = document.add_table(rows=0, cols=len(plan["annex_header"]), style="Table Grid")
    for row in [plan["annex_header"], *plan["annex"]]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return _saved(document)


def _saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


def table_xlsx() -> bytes:
    """Return the task breakdown as a sheet with a title row, merged main tasks and merged units."""
    plan = content("plan_table.yaml")
    header: list[str] = plan["header"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "任务分解表"
    sheet.append([plan["title"]])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
    sheet.append([f"{plan['doc_no']}　　{plan['issued']}"])
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(header))
    sheet.append(header)
    for number, row in enumerate(plan["rows"], 1):
        sheet.append([number, *[text or None for text in row]])
    first, last = 4, 3 + len(plan["rows"])
    for column in (2, 5):  # main task, responsible units: one merged cell over the rows that continue it
        start = first
        for line in range(first + 1, last + 2):
            if line > last or sheet.cell(line, column).value is not None:
                if line - 1 > start:
                    sheet.merge_cells(start_row=start, start_column=column, end_row=line - 1, end_column=column)
                start = line
    thin = Side(style="thin")
    for line in sheet.iter_rows(min_row=3, max_row=last, max_col=len(header)):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(name="仿宋", size=11, bold=cell.row == 3)
    sheet["A1"].font = Font(name="黑体", size=16)
    sheet["A1"].alignment = sheet["A2"].alignment = Alignment(horizontal="center")
    for letter, width in zip("ABCDEFG", (6, 18, 52, 22, 30, 20, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    stream = BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def write_examples(folder: Path) -> None:
    """Write both documents into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PLAN_NAME).write_bytes(plan_docx())
    (folder / TABLE_NAME).write_bytes(table_xlsx())


if __name__ == "__main__":
    write_examples(Path(sys.argv[1]))
