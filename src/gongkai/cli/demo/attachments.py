"""The files that hang on items of the sample city: sheets of a table, forms to fill in, drafts; and one with a flaw."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx import Document
from openpyxl import load_workbook

from gongkai.cli.demo.flaws import identity_number
from gongkai.cli.demo.texts import Text
from gongkai.kernel.documents import write_table_xlsx
from gongkai.kernel.documents.packing import repack
from gongkai.kernel.documents.sheets import Sheet, write_workbook_xlsx


def files_of(text: Text) -> list[tuple[str, bytes]]:
    """Return name and bytes of each file of an item."""
    made = [_file(spec, text) for spec in text.attach]
    if text.story.get("flawed") == "hidden_sheet":
        made.append((f"{text.title}.xlsx", _with_hidden_sheet()))
    return made


def _file(spec: Mapping[str, Any], text: Text) -> tuple[str, bytes]:
    name = str(spec["name"])
    match spec["as"]:
        case "xlsx":
            head, *rows = spec["table"]
            return f"{name}.xlsx", write_table_xlsx(head, rows, title=name)
        case "tables":
            tables = [block["value"] for block in text.body if block["type"] == "table"]
            sheets = [
                Sheet(columns=table["head"], rows=table["rows"], title=table["caption"] or name, name=f"表{number}")
                for number, table in enumerate(tables, 1)
            ]
            return f"{name}.xlsx", write_workbook_xlsx(sheets)
        case _:
            return f"{name}.docx", _letter(name, spec)


def _letter(name: str, spec: Mapping[str, Any]) -> bytes:
    document = Document()
    document.add_heading(name, level=1)
    for line in spec.get("paras") or ():
        document.add_paragraph(line)
    if spec.get("form"):
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for label in spec["form"]:
            table.add_row().cells[0].text = label
    stream = BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


def _with_hidden_sheet() -> bytes:
    """Return a list that is fit to be shown, with the sheet it was taken from left in, hidden."""
    shown = write_table_xlsx(
        ["村", "户数", "金额（元）"],
        [["柳湾村", 41, 61500], ["石板村", 36, 54000], ["上湖村", 49, 73500]],
        title="分村发放情况",
    )
    book = load_workbook(BytesIO(shown))
    sheet = book.create_sheet("原始登记")
    sheet.append(["户主", "身份证号码", "金额"])
    sheet.append(["柳某某", identity_number(), 1500])
    sheet.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return repack(stream.getvalue())
