"""Rows of a table with their inherited cells: what a merged cell covers, and what an empty one takes from above."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.domain.issues import Where
from gongkai.domain.workplans.characters import fold, tidy
from gongkai.domain.workplans.flow import Grid
from gongkai.domain.workplans.headers import Header, cells_of, is_header_row, same_header
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.model import FramePart
from gongkai.domain.workplans.numbering import read_mark

_NOTE_ROW = re.compile(
    r"(?:备\s*注|注\d*|说\s*明|填表说明|填报说明)\s*[：.．、].*|(?:填表人|填报人|审核人|制表|联系人|填报单位|单位（盖章）).*",
    re.S,
)


_DITTO = re.compile("同上|同前|〃|″|＂|\"|''|〞|”")


@dataclass(slots=True)
class Row:
    """One data row. ``cells[c]`` is the text in force in column c; ``own[c]`` tells that it stood in this row."""

    where: Where
    cells: list[str]
    own: list[bool]
    sections: tuple[str, ...]
    empty_units: bool = False


@dataclass(slots=True)
class Rows:
    """The data rows of a table and its other parts."""

    rows: list[Row] = field(default_factory=list)
    frame: list[FramePart] = field(default_factory=list)
    text_column: int | None = None
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


def lay_out(grid: Grid, header: Header) -> Rows:
    """Read the rows below the head."""
    result = Rows()
    result.text_column = _text_column(grid, header)
    task_columns = header.columns(*TASK_ROLES)
    if result.text_column is not None:
        text = result.text_column
        result.before = [c for c in task_columns if c < text and header.roles[c] is not Role.TARGET]
        result.after = [c for c in task_columns if c > text or (c < text and header.roles[c] is Role.TARGET)]
    for r in range(header.first):
        texts = "".join(text for _, text in cells_of(grid, r))
        if texts.strip():
            result.frame.append(FramePart("table_title", tidy(texts), grid.where(r)))
    result.frame.append(FramePart("table_header", "｜".join(header.names), grid.where(header.first, header.last)))
    sections: list[str] = []
    previous: Row | None = None
    note_open = False
    for r in range(header.last + 1, len(grid.rows)):
        cells = cells_of(grid, r)
        if not any(t.strip() for t in grid.rows[r]):
            continue
        if is_header_row(grid, r) and _same_head(grid, header, r):
            result.frame.append(FramePart("table_header", "｜".join(t for _, t in cells), grid.where(r)))
            continue
        only = cells[0][1] if len({t for t in grid.rows[r] if t.strip()}) == 1 and cells else ""
        if only and (_NOTE_ROW.fullmatch(only) or (note_open and not only.isdigit())):
            result.frame.append(FramePart("note", tidy(only), grid.where(r)))
            note_open = True
            continue
        if only and _is_section(only, grid, r, header, result):
            mark = read_mark(only)
            keep = 0 if mark is None or not sections else _depth(sections, only)
            sections[keep:] = [tidy(only)]
            result.frame.append(FramePart("heading", tidy(only), grid.where(r)))
            previous = None
            continue
        row = _row(grid, r, header, result, tuple(sections), previous)
        if previous is not None and _continues(row, previous, header, result):
            _append(previous, row)
            continue
        result.rows.append(row)
        previous = row
    return result


def _same_head(grid: Grid, header: Header, r: int) -> bool:
    cells = [t for _, t in cells_of(grid, r)]
    return same_header(grid, header.first, r) or all(column_role(t) is not None for t in cells)


def _depth(sections: list[str], text: str) -> int:
    mark = read_mark(text)
    for depth, section in enumerate(sections):
        other = read_mark(section)
        if other and mark and other.style == mark.style:
            return depth
    return len(sections)


def _is_section(text: str, grid: Grid, r: int, header: Header, rows: Rows) -> bool:
    """Tell whether a row with one cell only is a heading over the rows that follow."""
    folded = fold(text).strip()
    if len(folded) > 60 or folded.isdigit() or folded.endswith(("。", "；")):
        return False
    spans = len(grid.rows[r]) > 1 and all(grid.left[r][1:])
    column = next(c for c, t in enumerate(grid.rows[r]) if t.strip())
    first = min([*rows.before, *([rows.text_column] if rows.text_column is not None else [])], default=0)
    mark = read_mark(text)
    return spans or (mark is not None and column <= first) or (column == 0 and header.roles[0] in (Role.NO, None))


def _text_column(grid: Grid, header: Header) -> int | None:
    """Return the column that carries the clause: of the task columns the one with the longest texts."""
    columns = [c for c in header.columns(*TASK_ROLES) if header.roles[c] is not Role.TARGET]
    columns = [c for c in columns if header.roles[c] is not Role.PATH] or columns or header.columns(Role.TARGET)
    if not columns:
        return None

    def weight(c: int) -> float:
        texts = [
            grid.rows[r][c]
            for r in range(header.last + 1, len(grid.rows))
            if grid.rows[r][c].strip() and not grid.above[r][c] and not grid.left[r][c]
        ]
        longest = sum(len(t) for t in texts) / len(texts) if texts else -1.0
        return longest * 2 if header.roles[c] is Role.TEXT else longest

    return max(columns, key=lambda c: (weight(c), c))


def _row(grid: Grid, r: int, header: Header, rows: Rows, sections: tuple[str, ...], previous: Row | None) -> Row:
    width = len(header.roles)
    cells, own = [""] * width, [False] * width
    for c in range(width):
        text = grid.rows[r][c].strip() if c < len(grid.rows[r]) else ""
        if text and grid.left[r][c] and c and grid.rows[r][c - 1].strip() == text and header.roles[c] not in UNIT_ROLES:
            continue
        if previous is not None and _DITTO.fullmatch(text):
            text = previous.cells[c]
        cells[c], own[c] = text, bool(text) and not grid.above[r][c]
    row = Row(grid.where(r), cells, own, sections)
    heads = [*header.columns(Role.NO), *rows.before]
    if previous is not None:
        _inherit_headings(row, previous, header, rows)
    begins_task = not heads or any(own[c] for c in heads) or previous is None
    unit_columns = [c for c in range(width) if header.roles[c] in UNIT_ROLES]
    carried = [*unit_columns, *header.columns(Role.DUE, Role.LEADERS)]
    if previous is not None and rows.text_column is not None:
        # A unit at the left of its tasks stands for all of them until the next one.
        for c in unit_columns:
            if c < rows.text_column and not cells[c]:
                cells[c] = previous.cells[c]
    row.empty_units = bool(unit_columns) and not any(cells[c] for c in unit_columns)
    if previous is not None and heads and (not begins_task or row.empty_units) and cells[rows.text_column or 0]:
        for c in carried:
            if not cells[c] and previous.cells[c] and (not begins_task or c in unit_columns):
                cells[c] = previous.cells[c]
    return row


def _inherit_headings(row: Row, previous: Row, header: Header, rows: Rows) -> None:
    """An empty heading cell takes the one above, unless a heading to its left has changed."""
    changed = False
    numbers = header.columns(Role.NO)
    for c in rows.before:
        if row.own[c]:
            changed = True
        elif not row.cells[c] and not changed:
            row.cells[c] = previous.cells[c]
    if not any(row.own[c] for c in rows.before):
        for n in numbers:
            if not row.cells[n]:
                row.cells[n] = previous.cells[n]


def _continues(row: Row, previous: Row, header: Header, rows: Rows) -> bool:
    """Tell whether a row is the rest of the one above, cut by a page break: its text goes on mid-sentence."""
    text = rows.text_column
    if text is None or not row.own[text] or not previous.cells[text]:
        return False
    others = [
        c
        for c in range(len(row.cells))
        if c != text and row.own[c] and header.roles[c] in (*UNIT_ROLES, Role.NO, Role.DUE)
    ]
    ended = fold(previous.cells[text]).rstrip()[-1:] in "。；！？）〕”…"
    return (
        not others
        and not any(row.own[c] for c in rows.before)
        and not ended
        and len(previous.cells[text]) > 20
        and bool(header.columns(Role.NO))
    )


def _append(previous: Row, row: Row) -> None:
    for c, text in enumerate(row.cells):
        if row.own[c] and text:
            previous.cells[c] += text
    previous.where = Where(previous.where.line_from, row.where.line_to, previous.where.page, previous.where.sheet)
