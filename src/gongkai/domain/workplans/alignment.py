"""Putting the cells of a text table back into their columns when merged cells have shifted them.

Every row is laid over the columns so that the sum of fits is greatest: a cell that reads like a list of units fits a
column of units, a numbered short line a heading, a sentence the column of text. Order is kept.
"""

from __future__ import annotations

import re

from gongkai.domain.workplans.characters import fold
from gongkai.domain.workplans.flow import Grid
from gongkai.domain.workplans.headers import Header
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.numbering import RANK, read_mark
from gongkai.domain.workplans.unit_lists import split_units, surely_unit

_DATE_LIKE = re.compile(r"\d|月|季度|年|长期|持续|常态|底|半年")


def realign(grid: Grid, header: Header) -> tuple[Grid, Header]:
    """Return the grid with every row's cells in their columns, and the head widened to match."""
    body = list(range(header.last + 1, len(grid.rows)))
    named = [(role, header.names[c]) for c, role in enumerate(header.roles) if header.names[c]]
    most = max((len(_filled(grid.rows[r])) for r in body if not _is_head(grid.rows[r])), default=0)
    columns = _widen(named, most - len(named))
    styles = _heading_styles(grid, body)
    width = len(columns)
    rows: list[tuple[str, ...]] = [row if r <= header.last else () for r, row in enumerate(grid.rows)]
    for r in range(len(grid.rows)):
        rows[r] = _head_row(grid.rows[r], columns) if r not in body else _place(grid.rows[r], columns, styles)
    flags = tuple(tuple(False for _ in range(width)) for _ in rows)
    fixed = Grid(tuple(rows), flags, flags, grid.lines, exact=False, sheet=grid.sheet, page=grid.page)
    roles, names = tuple(role for role, _ in columns), tuple(name for _, name in columns)
    return fixed, Header(header.first, header.last, roles, names)


def _filled(row: tuple[str, ...]) -> list[str]:
    return [c for c in row if c.strip()]


def _is_head(row: tuple[str, ...]) -> bool:
    cells = _filled(row)
    return len(cells) >= 2 and all(column_role(c) is not None for c in cells)


def _widen(named: list[tuple[Role | None, str]], missing: int) -> list[tuple[Role | None, str]]:
    """Let the first task heading cover as many columns as the widest row needs."""
    place = next((i for i, (role, _) in enumerate(named) if role in TASK_ROLES), None)
    if place is None or missing <= 0:
        return named
    return [*named[:place], *([named[place]] * missing), *named[place:]]


def _heading_styles(grid: Grid, body: list[int]) -> list[str]:
    """Return the styles of numbers that short cells begin with, outermost first."""
    styles = set()
    for r in body:
        for cell in grid.rows[r]:
            mark = read_mark(cell) if 0 < len(cell) <= 60 else None
            if mark:
                styles.add(mark.style)
    return sorted(styles, key=lambda s: RANK.get(s, 99))


def _head_row(row: tuple[str, ...], columns: list[tuple[Role | None, str]]) -> tuple[str, ...]:
    cells = _filled(row)
    return tuple([*cells, *([""] * (len(columns) - len(cells)))][: len(columns)])


def _place(row: tuple[str, ...], columns: list[tuple[Role | None, str]], styles: list[str]) -> tuple[str, ...]:
    if _is_head(row):
        return _head_row(row, columns)
    cells = [(c, text) for c, text in enumerate(row) if text.strip()]
    width = len(columns)
    if len(cells) > width:
        cells = [*cells[: width - 1], (cells[width - 1][0], "；".join(t for _, t in cells[width - 1 :]))]
    first_task = next((i for i, (role, _) in enumerate(columns) if role in TASK_ROLES), 0)
    last_task = max((i for i, (role, _) in enumerate(columns) if role in TASK_ROLES), default=0)
    # best[i][j]: the best sum for the first i cells within the first j columns.
    worst = -1e9
    best = [[0.0] * (width + 1)] + [[worst] * (width + 1) for _ in cells]
    for i, (place, text) in enumerate(cells, 1):
        for j in range(i, width + 1):
            fit = _fit(text, columns[j - 1][0], j - 1, first_task, last_task, styles) - 0.2 * abs(place - (j - 1))
            best[i][j] = max(best[i][j - 1] if j > i else worst, best[i - 1][j - 1] + fit)
    out = [""] * width
    j = width
    for i in range(len(cells), 0, -1):
        while j > i and best[i][j] == best[i][j - 1]:
            j -= 1
        out[j - 1] = cells[i - 1][1]
        j -= 1
    return tuple(out)


def _fit(text: str, role: Role | None, column: int, first_task: int, last_task: int, styles: list[str]) -> float:
    folded = fold(text)
    if role in UNIT_ROLES:
        if "。" in folded.rstrip("。"):
            return -4.0
        units = split_units(text).units
        return 3.0 if units and all(surely_unit(u) for u in units) else 0.5 if len(folded) < 40 else -3.0
    if role in TASK_ROLES:
        sentence = len(folded) > 40 or "。" in folded.rstrip("。") or (folded.endswith("。") and len(folded) > 12)
        mark = read_mark(text)
        if column == last_task and last_task > first_task:
            return 3.0 if (sentence or folded.endswith("。")) and not (mark and len(folded) < 30) else -1.0
        if mark and len(folded) <= 60:
            rank = styles.index(mark.style) if mark.style in styles else 0
            return 3.0 if rank == column - first_task else 1.5
        return -2.0 if sentence and last_task > first_task else 0.5
    if role is Role.NO:
        return 3.0 if folded.strip().isdigit() else -3.0
    if role in (Role.DUE, Role.WHEN):
        return 2.5 if _DATE_LIKE.search(folded) and len(folded) <= 30 else -1.0
    return 0.2
