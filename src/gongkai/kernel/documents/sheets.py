"""Writing lists as XLSX: title, frozen header, Chinese fonts, and no text that a spreadsheet would run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.kernel.documents.packing import repack

BEIJING = ZoneInfo("Asia/Shanghai")
MOST_CHARACTERS = 32_767
"""What one cell of a spreadsheet can hold, in characters."""
MEASURED_ROWS = 300
"""Rows whose content decides the width of a column."""
_CUT = "…（内容过长，此处截断）"
_NAME_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``widths`` are column widths in characters, guessed from the content when empty."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    name: str = "Sheet1"
    title: str = ""
    widths: Sequence[float] = ()


def write_table_xlsx(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "",
    widths: Sequence[float] = (),
    sheet: str = "Sheet1",
    font: str = "宋体",
) -> bytes:
    """Write one table as an XLSX file.

    Values may be text, numbers, dates, datetimes (aware ones are written in Beijing time), booleans (是/否), None (empty)
    or sequences of text (joined by 、). Text is always written as text, also when it starts with ``= + - @``. Raises ValueError when a row is longer than ``columns``.
    """
    return write_workbook_xlsx([Sheet(columns, rows, name=sheet, title=title, widths=widths)], font=font)


def write_workbook_xlsx(sheets: Sequence[Sheet], *, font: str = "宋体") -> bytes:
    """Write several tables, one a sheet; names are cut to what a workbook allows and made unique.

    The same content gives the same bytes. Raises ValueError when there is no sheet or a row is too long.
    """
    if not sheets:
        raise ValueError("a workbook needs at least one sheet")
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.name, taken)), sheet, font=font)
    target = BytesIO()
    book.save(target)
    return repack(target.getvalue())


def _fill(target: Worksheet, sheet: Sheet, *, font: str) -> None:
    width = len(sheet.columns)
    top = 1
    if sheet.title:
        _write(target.cell(1, 1), sheet.title).font = Font(name="黑体", size=16, bold=True)
        target.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
        target.row_dimensions[1].height = 30
        if width > 1:
            target.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        top = 2
    head_font = Font(name="黑体", size=11, bold=True)
    fill = PatternFill("solid", fgColor="E7EEF7")
    for c, name in enumerate(sheet.columns, 1):
        cell = _write(target.cell(top, c), name)
        cell.font, cell.fill, cell.border = head_font, fill, _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    widest = [_display_width(name) for name in sheet.columns]
    styles = _BodyStyles(font)
    bottom = top
    for bottom, row in enumerate(sheet.rows, top + 1):
        if len(row) > width:
            raise ValueError(f"row {bottom} has {len(row)} values for {width} columns")
        for c, value in enumerate(row, 1):
            cell = styles.write(target.cell(bottom, c), value)
            if bottom <= MEASURED_ROWS:
                widest[c - 1] = max(widest[c - 1], _display_width(cell.value))
    for c in range(1, width + 1):
        given = sheet.widths[c - 1] if c <= len(sheet.widths) else min(max(widest[c - 1] + 2, 8), 60)
        target.column_dimensions[get_column_letter(c)].width = given
    target.freeze_panes = f"A{top + 1}"
    if width and bottom > top:
        target.auto_filter.ref = f"A{top}:{get_column_letter(width)}{bottom}"
    target.print_title_rows = f"{top}:{top}"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


class _BodyStyles:
    """Writes body cells; each kind of value is styled once and the style shared, which makes long lists ten times faster."""

    def __init__(self, font: str) -> None:
        self._font = Font(name=font, size=11)
        self._alignment = Alignment(vertical="top", wrap_text=True)
        self._known: dict[tuple[str, bool], Any] = {}

    def write(self, cell: Cell | MergedCell, value: object) -> Cell:
        """Put a value into a body cell and style it."""
        written = _write(cell, value)
        # A cell's number format and its mark as quoted text were set with the value; the rest is the same for all.
        key = (written.number_format if written.data_type == "d" else "", bool(written.quotePrefix))
        if key not in self._known:
            written.font, written.border, written.alignment = self._font, _BORDER, self._alignment
            self._known[key] = written._style
        written._style = self._known[key]
        return written


def _write(cell: Cell | MergedCell, value: object) -> Cell:
    """Put a value into a cell; text never becomes a formula."""
    assert isinstance(cell, Cell)  # values are written before cells are merged
    if value is None or value == "":
        return cell
    if isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, dt.datetime):
        local = value.astimezone(BEIJING) if value.tzinfo else value
        cell.value = local.replace(tzinfo=None, microsecond=0)
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    elif isinstance(value, dt.date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return cell
    elif isinstance(value, (int, float, Decimal)):
        cell.value = value
        return cell
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = sorted(map(str, value)) if isinstance(value, (set, frozenset)) else map(str, value)
        value = "、".join(parts)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(_CUT)] + _CUT
    cell.value = text
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        cell.quotePrefix = True  # stays text when somebody edits the cell or saves the sheet as CSV
    return cell


def _display_width(value: object) -> int:
    """Return the widest line of a value in half-width characters."""
    if value is None:
        return 0
    if isinstance(value, dt.date):
        return 16 if isinstance(value, dt.datetime) else 10
    return max((sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in str(value)[:400].split("\n")), default=0)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = ILLEGAL_CHARACTERS_RE.sub("", name).translate(_NAME_FORBIDDEN).strip("'").strip()[:31] or "Sheet1"
    unique, count = base, 2
    while unique.lower() in taken:
        suffix = f"({count})"
        unique, count = base[: 31 - len(suffix)] + suffix, count + 1
    taken.add(unique.lower())
    return unique
