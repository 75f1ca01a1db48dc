"""Excel workbooks (XLSX): one table a sheet, merged ranges resolved, values as a reader sees them."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.domain.document import Block, Document, Table
from gongkai.domain.issues import Issue, Severity, Where
from gongkai.kernel.documents.errors import notice, refusal, warning
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.mending import values_only
from gongkai.kernel.documents.xlsx_scan import SheetFacts, scan

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ZEROS = re.compile(r"0{2,}")
_PERCENT = re.compile(r"0(?:\.(0+))?%")


MOST_BLANKS = 50_000
"""Rows and cells that are only formatted, above which they are thrown away before the workbook is built."""


@dataclass
class _Reading:
    name: str
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    cells: int = 0


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read a workbook.

    Formulas give the value that was last stored; dates come as ISO text, percentages with their sign; hidden sheets,
    rows and columns are read and named in a notice; empty rows and columns at the end are cut. ``Table.lines`` are
    the sheet's own row numbers, and rows and columns above and left of the first value are kept empty.

    Raises DocumentRefused when rows or cells go beyond the limits or all sheets are empty.
    """
    facts = scan(data, name=name, limits=limits)
    reading = _Reading(name=name, limits=limits)
    if sum(fact.empty for fact in facts) > MOST_BLANKS:
        data = values_only(data)
    book = _load(data, reading)
    for sheet in book.worksheets:
        _sheet(sheet, reading)
    if not reading.blocks:
        raise refusal("document.empty", name=name)
    charts = len(book.sheetnames) - len(book.worksheets)
    if charts:
        reading.issues.append(notice("document.xlsx.charts", name=name, count=charts))
    reading.issues += _uncached(facts, name=name)
    return Document(format="xlsx", name=name, blocks=tuple(reading.blocks), issues=tuple(reading.issues))


def _load(data: bytes, reading: _Reading) -> openpyxl.Workbook:
    """Open the workbook; one whose styles, drawings or names openpyxl rejects is read for its values alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about extensions it drops; none of them holds text
        try:
            return openpyxl.load_workbook(BytesIO(data), data_only=True)
        except Exception:
            # Programs that write XLSX by themselves get fonts, fills or names wrong that no reader of values needs.
            book = openpyxl.load_workbook(BytesIO(values_only(data)), data_only=True)
    reading.issues.append(notice("document.xlsx.values_only", name=reading.name))
    return book


def _sheet(sheet: Worksheet, reading: _Reading) -> None:
    texts: dict[tuple[int, int], str] = {}
    # Only the cells that are there: one formatted cell in the last corner would make iter_rows visit 17 thousand million.
    for cell in sheet._cells.values():
        if cell.value is not None and (text := cell_text(cell)):
            texts[(cell.row - 1, cell.column - 1)] = text
    if not texts:
        return
    height = max(r for r, _ in texts) + 1
    width = max(c for _, c in texts) + 1
    reading.cells += height * width
    if height > reading.limits.max_rows:
        raise refusal("document.too_many_rows", name=reading.name, limit=reading.limits.max_rows)
    if reading.cells > reading.limits.max_cells:
        raise refusal("document.too_many_cells", name=reading.name, limit=reading.limits.max_cells)
    rows = [[texts.get((r, c), "") for c in range(width)] for r in range(height)]
    origins = [[(r, c) for c in range(width)] for r in range(height)]
    for area in sheet.merged_cells.ranges:
        top, left = area.min_row - 1, area.min_col - 1
        for r in range(top, min(area.max_row, height)):
            for c in range(left, min(area.max_col, width)):
                rows[r][c], origins[r][c] = texts.get((top, left), ""), (top, left)
    reading.blocks.append(
        Table(
            rows=tuple(map(tuple, rows)),
            origins=tuple(map(tuple, origins)),
            lines=tuple(range(1, height + 1)),
            sheet=sheet.title,
        )
    )
    _hidden(sheet, reading, height=height, width=width)
    _error_cells(sheet, texts, reading)


def _hidden(sheet: Worksheet, reading: _Reading, *, height: int, width: int) -> None:
    if sheet.sheet_state != "visible":
        reading.issues.append(notice("document.xlsx.hidden_sheet", name=reading.name, sheet=sheet.title))
    rows = [n for n, d in sheet.row_dimensions.items() if d.hidden and n <= height]
    if rows:
        shown = "、".join(map(str, rows[:20])) + (" 等" if len(rows) > 20 else "")
        reading.issues.append(notice("document.xlsx.hidden_rows", name=reading.name, sheet=sheet.title, rows=shown))
    columns: list[int] = []
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min is not None and dimension.max is not None:
            columns += range(dimension.min, min(dimension.max, width) + 1)
    if columns:
        shown = "、".join(get_column_letter(n) for n in sorted(set(columns))[:20])
        reading.issues.append(
            notice("document.xlsx.hidden_columns", name=reading.name, sheet=sheet.title, columns=shown)
        )


def _error_cells(sheet: Worksheet, texts: dict[tuple[int, int], str], reading: _Reading) -> None:
    broken = [at for at, text in texts.items() if text.startswith("#") and text in _ERRORS]
    if broken:
        row, column = min(broken)
        reading.issues.append(
            Issue(
                "document.xlsx.error_cells",
                field="file",
                values={
                    "name": reading.name,
                    "sheet": sheet.title,
                    "count": len(broken),
                    "cell": f"{get_column_letter(column + 1)}{row + 1}",
                },
                severity=Severity.WARNING,
                where=Where(row + 1, row + 1, sheet=sheet.title, column=get_column_letter(column + 1)),
            )
        )


_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def _uncached(facts: list[SheetFacts], *, name: str) -> list[Issue]:
    """Warn of formulas whose result was never stored: their cells read as empty."""
    count = sum(fact.uncached for fact in facts)
    first = next((fact.first_uncached for fact in facts if fact.uncached), "")
    return [warning("document.xlsx.uncached_formulas", name=name, count=count, cell=first)] if count else []


def cell_text(cell: Any) -> str:
    """Return a cell's value as a reader of the sheet sees it, without losing digits."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "General")
    text = _ESCAPED.sub(lambda m: chr(int(m.group(1), 16)), str(value))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _number(value: int | float, form: str) -> str:
    percent = _PERCENT.fullmatch(form)
    if percent:
        return f"{value * 100:.{len(percent.group(1) or '')}f}%"
    if _ZEROS.fullmatch(form) and value == int(value):
        return f"{int(value):0{len(form)}d}"
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return str(int(value))
    return format(value, ".15g")
