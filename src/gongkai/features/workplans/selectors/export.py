"""The ledger as a spreadsheet, written row by row so that its length does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gongkai.features.workplans.models import WorkItem
from gongkai.features.workplans.selectors.filters import ItemFilters
from gongkai.features.workplans.selectors.items import item_rows, items_filtered
from gongkai.features.workplans.selectors.values import ItemRow, UnitLabel
from gongkai.kernel.accounts.actor import Actor

CHUNK = 1000
IN_REQUEST = 5000
"""Rows that are written while a person waits: about a millisecond a row; what is longer is written by a job."""
LONGEST = 32_767  # what one cell of a spreadsheet can hold
COLUMNS: Sequence[tuple[str, float]] = (
    ("编号", 8), ("年度", 7), ("方案", 30), ("序号", 8), ("章节", 24), ("任务", 44), ("条款原文", 60), ("牵头单位", 24),
    ("责任单位", 30), ("配合单位", 20), ("完成时限", 12), ("时限原文", 20), ("长期坚持", 9), ("状态", 9), ("亮灯", 9),
    ("逾期天数", 9), ("挂账", 7), ("完成比例（%）", 9), ("分解任务", 9), ("已完成分解", 10), ("佐证材料", 9), ("状态说明", 24),
)  # fmt: skip


def items_export_name(*, today: date) -> str:
    """Return the file name of an export made today."""
    return f"政务公开工作台账-{today.isoformat()}.xlsx"


def items_export_count(*, actor: Actor, filters: ItemFilters | None = None, today: date) -> int:
    """Return how many rows an export would have."""
    return items_filtered(actor=actor, filters=filters or ItemFilters(), today=today).count()


def items_export(*, actor: Actor, filters: ItemFilters | None = None, today: date) -> bytes:
    """Return the items the actor sees, narrowed by the filters, as an XLSX file in the order of the plans."""
    target = BytesIO()
    items_write(target, actor=actor, filters=filters, today=today)
    return target.getvalue()


def items_write(
    target: IO[bytes],
    *,
    actor: Actor,
    filters: ItemFilters | None = None,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the items the actor sees to an open file, and return how many; ``progress`` gets rows done and in all.

    Rows are read a thousand at a time and written as they come. Text is written as text, also where it begins with
    ``= + - @``.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for n, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes = "A2"
    head = []
    for name, _ in COLUMNS:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(name="黑体", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="E7EEF7")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.append(cell)
    sheet.append(head)
    ids = list(
        items_filtered(actor=actor, filters=filters or ItemFilters(), today=today)
        .order_by("-plan_id", "sort_order", "pk")
        .values_list("pk", flat=True)
    )
    tell = progress or (lambda done, total: None)
    written = 0
    for start in range(0, len(ids), CHUNK):
        tell(start, len(ids))
        for row, clause in _rows(ids[start : start + CHUNK], today):
            sheet.append([_cell(sheet, value) for value in _values(row, clause)])
            written += 1
    book.save(target)
    tell(written, written)
    return written


def _rows(chunk: Sequence[int], today: date) -> Iterator[tuple[ItemRow, str]]:
    """Yield the items with their clauses; the same few queries for every chunk."""
    found = WorkItem.objects.select_related("plan").in_bulk(chunk)
    items = [found[pk] for pk in chunk if pk in found]
    for item, row in zip(items, item_rows(items, today=today), strict=True):
        yield row, item.text


def _values(row: ItemRow, clause: str) -> list[object]:
    return [
        row.id,
        row.plan_year,
        row.plan_title,
        row.number,
        " / ".join(row.path),
        row.title,
        clause,
        _names(row.lead),
        _names(row.responsible),
        _names(row.cooperating),
        row.due_on,
        row.due_phrase,
        "是" if row.standing else "",
        row.state_name,
        row.light_name,
        row.overdue_days or None,
        "是" if row.carried_over else "",
        row.percent,
        row.children or None,
        row.children_done if row.children else None,
        row.evidence_count or None,
        row.state_reason,
    ]


def _names(labels: Sequence[UnitLabel]) -> str:
    return "、".join(label.text for label in labels)


def _cell(sheet: object, value: object) -> object:
    """Return a value as the sheet takes it; only text that would be read as a formula or an error needs a cell of its own."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    if not text.startswith(("=", "+", "-", "@", "#", "\t", "\r", "\n")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True  # stays text when somebody edits the cell or saves the sheet as CSV
    return cell
