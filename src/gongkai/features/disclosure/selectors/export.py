"""Items as a spreadsheet; what the actor may not see is not in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import IO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.selectors.items import ORDERS, item_rows, items_filtered
from gongkai.features.disclosure.selectors.values import ItemRow
from gongkai.kernel.accounts.actor import Actor

IN_REQUEST = 5000
"""Rows of an export that is written while a person waits; a longer one is written by a job."""
CHUNK = 1000
LONGEST = 32_767  # what one cell of a spreadsheet can hold
COLUMNS: Sequence[tuple[str, float]] = (
    ("编号", 8), ("标题", 50), ("文号", 24), ("索引号", 28), ("发布单位", 26), ("信息种类", 18), ("栏目", 26), ("公开属性", 12),
    ("状态", 12), ("限制知悉", 9), ("版次", 7), ("成文日期", 12), ("印发日期", 12), ("发布时间", 18), ("公开期限", 12), ("是否逾期", 9),
    ("复核日期", 12), ("拟稿人", 12), ("最后修改", 18),
)  # fmt: skip


def items_export_name(*, today: date) -> str:
    """Return the file name of an export made today."""
    return f"公开信息-{today.isoformat()}.xlsx"


def items_export_count(*, actor: Actor, filters: ItemFilters | None = None, today: date) -> int:
    """Return how many rows an export would have."""
    return items_filtered(actor=actor, filters=filters or ItemFilters(), today=today).count()


def items_export(*, actor: Actor, filters: ItemFilters | None = None, order: str = "changed", today: date) -> bytes:
    """Return the items the actor sees, narrowed by the filters, as an XLSX file."""
    target = BytesIO()
    items_write(target, actor=actor, filters=filters, order=order, today=today)
    return target.getvalue()


def items_write(
    target: IO[bytes],
    *,
    actor: Actor,
    filters: ItemFilters | None = None,
    order: str = "changed",
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the items the actor sees to an open file, and return how many; ``progress`` gets rows done and in all.

    Rows are read a thousand at a time and written as they come. Text is written as text, also where it begins with
    ``= + - @``.
    """
    found = items_filtered(actor=actor, filters=filters or ItemFilters(), today=today)
    ids = list(found.order_by(*ORDERS.get(order, ORDERS["changed"])).values_list("pk", flat=True))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("公开信息")
    for number, (_, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    head = []
    for name, _ in COLUMNS:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(name="黑体", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="E7EEF7")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.append(cell)
    sheet.append(head)
    written = 0
    for row in _rows(ids, today):
        sheet.append([_cell(sheet, value) for value in _values(row)])
        written += 1
        if progress is not None and written % CHUNK == 0:
            progress(written, len(ids))
    book.save(target)
    return written


def _rows(ids: Sequence[int], today: date) -> Iterator[ItemRow]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found = Item.objects.select_related("unit", "head", "created_by").in_bulk(chunk)
        yield from item_rows([found[pk] for pk in chunk if pk in found], today=today)


def _values(row: ItemRow) -> list[object]:
    return [
        row.id,
        row.title,
        row.doc_no,
        row.index_no,
        row.unit_name,
        row.kind_name,
        "、".join(row.column_names),
        row.attribute_name,
        row.state_name,
        "是" if row.access_limited else "",
        row.number,
        row.written_on,
        row.issued_on,
        timezone.localtime(row.published_at).replace(tzinfo=None) if row.published_at else None,
        row.due_on,
        "是" if row.late else "",
        row.review_on,
        row.created_by_name,
        timezone.localtime(row.changed_at).replace(tzinfo=None),
    ]


def _cell(sheet: object, value: object) -> object:
    """Return a value as the sheet takes it; only text that would be read as a formula or an error needs its own cell."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
    if not text.startswith(("=", "+", "-", "@", "#", "\t", "\r", "\n")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True  # stays text when somebody edits the cell or saves the sheet as CSV
    return cell
