"""Reading the tables of an annual report as they are pasted from a document: numbers by row and column.

What stands before the numbers of a line (headings, labels) is passed over; a line without a cell for every column is none
of the table. What a cell holds is taken as it stands, so that the checks can say what is wrong with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gongkai.domain.foi.figures import ReportForm
from gongkai.domain.issues import Issue

Table = dict[str, dict[str, object]]
_CELL = re.compile(r"(?:-?\d[\d,]*(?:\.\d+)?|/|-|—|——)?")


def read_applications(text: str, form: ReportForm) -> tuple[Table, tuple[Issue, ...]]:
    """Read table three: a line for each row of the form, in its order; one issue when the lines do not come out even."""
    columns = [column.code for column in form.columns]
    return _read(text, [row.code for row in form.rows], columns, "三")


def read_disputes(text: str, form: ReportForm) -> tuple[Table, tuple[Issue, ...]]:
    """Read table four: all groups in one line as the form prints it, or a line for each group."""
    groups, columns = [group.code for group in form.dispute_groups], [one.code for one in form.dispute_columns]
    at_once = _lines(text, len(groups) * len(columns))
    if len(at_once) != 1:
        return _read(text, groups, columns, "四")
    cells = iter(at_once[0])
    return {group: {column: next(cells) for column in columns} for group in groups}, ()


def _read(text: str, rows: Sequence[str], columns: Sequence[str], table: str) -> tuple[Table, tuple[Issue, ...]]:
    lines = _lines(text, len(columns))
    if len(lines) != len(rows):
        values = {"table": table, "rows": len(rows), "columns": len(columns), "found": len(lines)}
        return {}, (Issue("foi.report.table_lines", "table", values),)
    return {row: dict(zip(columns, line, strict=True)) for row, line in zip(rows, lines, strict=True)}, ()


def _lines(text: str, width: int) -> list[list[object]]:
    """The last cells of every line that has enough of them; between tabs a cell may be empty."""
    found = []
    for line in text.splitlines():
        plain = unicodedata.normalize("NFKC", line).rstrip("\r\n")
        cells = [cell.strip() for cell in plain.split("\t")] if "\t" in plain else plain.split()
        last = cells[-width:]
        if len(last) == width and any(last) and all(_CELL.fullmatch(cell) for cell in last):
            found.append([_value(cell) for cell in last])
    return found


def _value(cell: str) -> object:
    digits = cell.replace(",", "")
    return int(digits) if digits.isdigit() else cell or None
