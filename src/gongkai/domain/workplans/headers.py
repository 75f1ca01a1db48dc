"""Finding the head of a table and what its columns hold."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.domain.workplans.characters import squeeze
from gongkai.domain.workplans.flow import Grid
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.unit_lists import looks_like_unit, split_units


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a table: its first and last row, the role and the name of every column."""

    first: int
    last: int
    roles: tuple[Role | None, ...]
    names: tuple[str, ...]

    def columns(self, *roles: Role) -> list[int]:
        """Return the columns of the given roles, left to right."""
        return [c for c, role in enumerate(self.roles) if role in roles]


def cells_of(grid: Grid, row: int) -> list[tuple[int, str]]:
    """Return the cells that begin in this row (merged ones once) and are not empty."""
    return [
        (c, text)
        for c, text in enumerate(grid.rows[row])
        if text.strip() and not grid.left[row][c] and not grid.above[row][c]
    ]


def is_header_row(grid: Grid, row: int) -> bool:
    """Tell whether most cells of a row are column headings and at least two say what we look for."""
    cells = cells_of(grid, row)
    roles = [column_role(text) for _, text in cells]
    known = [role for role in roles if role is not None]
    if len(known) < 2 or len(known) < 0.6 * len(cells):
        return False
    useful = [r for r in known if r in UNIT_ROLES or r in TASK_ROLES or r in (Role.DUE, Role.WHEN, Role.LEADERS)]
    return len(useful) >= 2 or (len(useful) == 1 and Role.NO in known)


def find_header(grid: Grid, start: int = 0) -> Header | None:
    """Return the first head at or after row ``start``, with a second row of headings taken in."""
    for row in range(start, len(grid.rows)):
        if is_header_row(grid, row):
            return _read_header(grid, row)
    return None


def _read_header(grid: Grid, row: int) -> Header:
    last = row
    while last + 1 < len(grid.rows) and _continues_header(grid, last + 1):
        last += 1
    roles: list[Role | None] = []
    names: list[str] = []
    for c in range(len(grid.rows[row])):
        texts: list[str] = []
        for r in range(row, last + 1):
            text = grid.rows[r][c].strip()
            if text and text not in texts:
                texts.append(text)
        period = next((t for t in reversed(texts) if column_role(t) is Role.PERIOD), None)
        lowest = Role.PERIOD if period else next((column_role(t) for t in reversed(texts) if column_role(t)), None)
        if len(texts) > 1 and column_role(texts[0]) in UNIT_ROLES and lowest in (None, Role.NOTE, Role.NO):
            lowest = column_role(texts[0])
        roles.append(lowest)
        names.append(period or (texts[-1] if texts else ""))
    checked = [_believe(grid, last, c, role, names[c]) for c, role in enumerate(roles)]
    return Header(row, last, tuple(checked), tuple(names))


def _believe(grid: Grid, last: int, column: int, role: Role | None, name: str) -> Role | None:
    """Take 单位 or 部门 alone for a column of units only when its cells read like units (箱 and 支 do not)."""
    if role not in UNIT_ROLES or len(squeeze(name)[0]) > 2:
        return role
    texts = [row[column] for row in grid.rows[last + 1 :] if row[column].strip()]
    units = [units[0] for units in (split_units(t).units for t in texts) if units]
    good = sum(1 for u in units if len(u) > 1 and looks_like_unit(u))
    return role if good * 2 >= len(texts) else None


def _continues_header(grid: Grid, row: int) -> bool:
    """Tell whether a row is a further row of headings under merged ones."""
    cells = cells_of(grid, row)
    if not cells or not any(grid.above[row]) and not _spans(grid, row - 1):
        return False
    known = sum(1 for _, text in cells if column_role(text) is not None)
    under = all(
        grid.left[row - 1][c] or (c + 1 < len(grid.left[row - 1]) and grid.left[row - 1][c + 1]) for c, _ in cells
    )
    short = all(len(text) <= 8 for _, text in cells)
    return (known == len(cells) or (under and short and not any(t.isdigit() for _, t in cells))) and not same_header(
        grid, row - 1, row
    )


def _spans(grid: Grid, row: int) -> bool:
    return any(grid.left[row])


def same_header(grid: Grid, one: int, other: int) -> bool:
    """Tell whether two rows carry the same headings (a head repeated at a page break)."""
    return [t for t in grid.rows[one] if t.strip()] == [t for t in grid.rows[other] if t.strip()]
