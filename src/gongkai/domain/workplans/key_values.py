"""Tables that stand upright: names of columns at the left, their contents at the right, one block a task."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.domain.issues import Where
from gongkai.domain.workplans.characters import tidy
from gongkai.domain.workplans.flow import Grid
from gongkai.domain.workplans.headers import Header, cells_of
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.model import FramePart
from gongkai.domain.workplans.table_rows import Row, Rows


@dataclass(slots=True)
class _Record:
    first: int
    last: int
    items: list[tuple[Role, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Records:
    """The blocks of an upright table, each as a head with one row, and the table's other parts."""

    blocks: list[tuple[Header, Rows]] = field(default_factory=list)
    frame: list[FramePart] = field(default_factory=list)


def read_records(grid: Grid) -> Records | None:
    """Read an upright table; None when its left cells are not names of columns."""
    records: list[_Record] = []
    result = Records()
    keyed = 0
    for r in range(len(grid.rows)):
        pairs = _pairs(grid, r)
        if not pairs:
            text = " ".join(t for _, t in cells_of(grid, r))
            if text.strip():
                result.frame.append(FramePart("table_title", tidy(text), grid.where(r)))
            continue
        keyed += 1
        seen = {role for role, _, _ in records[-1].items} if records else set()
        if not records or (pairs[0][0] in (Role.NO, Role.TASK) and pairs[0][0] in seen):
            records.append(_Record(r, r))
        records[-1].items.extend(pairs)
        records[-1].last = r
    roles = {role for record in records for role, _, _ in record.items}
    if keyed < 3 or keyed < 0.6 * len(grid.rows) or not roles & UNIT_ROLES or not roles & TASK_ROLES:
        return None
    result.blocks = [_block(record, grid) for record in records]
    return result


def _pairs(grid: Grid, r: int) -> list[tuple[Role, str, str]]:
    cells = [t for _, t in cells_of(grid, r)]
    pairs: list[tuple[Role, str, str]] = []
    for place in range(0, len(cells), 2):
        role = column_role(cells[place])
        if role is None:
            return []
        pairs.append((role, cells[place], cells[place + 1] if place + 1 < len(cells) else ""))
    return pairs


def _block(record: _Record, grid: Grid) -> tuple[Header, Rows]:
    roles = tuple(role for role, _, _ in record.items)
    header = Header(0, 0, roles, tuple(name for _, name, _ in record.items))
    where = Where(grid.lines[record.first][0], grid.lines[record.last][1], grid.page, grid.sheet)
    values = [value for _, _, value in record.items]
    rows = Rows(rows=[Row(where, values, [bool(v) for v in values], ())])
    texts = [c for c, role in enumerate(roles) if role is Role.TEXT] or [
        c for c, r in enumerate(roles) if r is Role.TASK
    ]
    text = texts[0] if texts else next((c for c, r in enumerate(roles) if r in TASK_ROLES), None)
    rows.text_column = text
    if text is not None:
        rows.before = [c for c in header.columns(Role.PATH, Role.TASK) if c < text]
        rows.after = [c for c in header.columns(Role.TEXT, Role.TASK, Role.TARGET) if c > text]
    return header, rows
