"""The public table of a plan as CSV."""

from __future__ import annotations

import csv
from io import StringIO

from gongkai.features.workplans import selectors

COLUMNS = ("序号", "章节", "任务", "条款原文", "单位", "完成时限", "时限原文", "长期坚持", "进展", "完成比例")
NOTE_COLUMNS = ("最近进展", "进展日期")
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Signs by which a spreadsheet takes a cell for a formula."""


def plan_csv(plan: selectors.PublicPlan) -> bytes:
    """Return the table in UTF-8 with a mark that spreadsheets need; notes only where the owner shows them."""
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(COLUMNS + (NOTE_COLUMNS if plan.show_notes else ()))
    for item in plan.items:
        row = [
            item.number,
            " / ".join(item.path),
            item.title,
            item.text,
            "、".join(item.units),
            item.due_on.isoformat() if item.due_on else "",
            item.due_phrase,
            "是" if item.standing else "",
            item.light_name,
            f"{item.percent}%",
        ]
        if plan.show_notes:
            row += [item.latest_note, item.latest_on.isoformat() if item.latest_on else ""]
        writer.writerow([_safe(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RISKY) else cell
