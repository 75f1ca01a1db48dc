"""Which column a cell of a text table belongs to, told by what it looks like.

Tables copied from web pages keep their cells in order and lose the rest: merged cells leave gaps, rows shift, in the
worst case not even the rows are marked. ``place_cells`` shares a run of cells out among rows and columns so that the
sum of fits is greatest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from gongkai.domain.workplans.characters import fold, squeeze
from gongkai.domain.workplans.due_phrases import PlanYear, is_due_clause, points
from gongkai.domain.workplans.labels import UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.numbering import RANK, read_mark
from gongkai.domain.workplans.unit_lists import looks_like_unit, surely_unit
from gongkai.domain.workplans.unit_phrases import parse_cell

_NEVER = -1e9
_NAMES = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[、，/ ][\u4e00-\u9fff]{2,4})*")
_HEADING_ROLES = (Role.TASK, Role.PATH, Role.TEXT)
_PROGRESS = re.compile("推进中|已完成|未完成|进行中|未启动|已启动|完成|[√×]|是|否|正在.{1,8}|\\d{1,3}%")
_EVENT_LIMIT = re.compile(
    r"(?:次月|每月|每季|每年|当月|当天|次日).{0,12}|.{0,20}(?:\d+|[一二三四五六七八九十]+)个?(?:工作日|日|天)内?.{0,6}"
)
# What a row that stops before this column, or begins after it, loses.
_SKIPPED = {
    Role.NO: 0.3, Role.PATH: 0.2, Role.TASK: 0.4, Role.TEXT: 2.0, Role.TARGET: 0.6, Role.LEAD: 0.8,
    Role.RESPONSIBLE: 1.0, Role.COOPERATING: 0.4, Role.LEADERS: 0.5, Role.DUE: 0.8, Role.WHEN: 0.8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a stream: its text, its lines, whether a row surely or probably begins with it.

    ``begins`` is 1.0 where a row certainly begins, 0.0 where nothing is known, less where it certainly does not;
    ``loose`` tells that the cell above may go on in it.
    """

    text: str
    first: int
    last: int
    begins: float = 0.0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, its name, whether it holds the clause, the style of number its headings carry."""

    role: Role | None
    name: str
    main: bool = False
    style: str = ""


@lru_cache(maxsize=8192)
def unit_score(text: str) -> float:
    """Return how much a cell reads like the units of a row: 3.0 surely, 1.0 perhaps, negative for a clause."""
    folded = fold(text).strip()
    if len(folded) > 300 or re.search("。.", folded) or not folded:
        return -4.0
    read = parse_cell(text, Role.RESPONSIBLE)
    units = (*read.lead_units, *read.responsible_units)
    if not units:
        return -4.0
    if all(surely_unit(u) or fold(u) in ("各地", "各级") for u in units):
        return 3.0
    good = sum(1 for u in units if looks_like_unit(u) and len(u) <= 18 and not re.search("[，；“”《》]", fold(u)))
    if good == len(units):
        return 2.0 if len(units) > 1 or len(folded) <= 10 else 0.8
    if good >= 0.6 * len(units) and len(units) > 2:
        return 1.0
    return -3.0


@lru_cache(maxsize=8192)
def due_score(text: str) -> float:
    """Return how much a cell reads like a time limit."""
    folded = fold(text).strip()
    if is_due_clause(text) or folded in ("/", "-", "—"):
        return 3.0
    if len(folded) > 60 or re.search("。.", folded):
        return -4.0
    if is_due_clause(text, loose=True) or _EVENT_LIMIT.fullmatch(folded):
        return 2.0
    dated = points(squeeze(text)[0], PlanYear(2000), numeric=True)
    if dated:
        covered = sum(p.end - p.start for p in dated)
        return 1.5 if len(folded) <= 24 or covered >= 0.3 * len(folded) else -0.5
    return -4.0


def fit(text: str, column: Column, *, two_texts: bool) -> float:
    """Return how well a cell fits a column; ``two_texts`` tells that headings and clauses stand in columns apart."""
    folded = fold(text).strip()
    digits = bool(re.fullmatch(r"[\d.]{1,5}|[一二三四五六七八九十]{1,3}", folded))
    role = column.role
    if role is Role.NO:
        return 4.0 if digits else -6.0
    if digits and role is not Role.PROGRESS:
        return -5.0
    if role in UNIT_ROLES:
        return unit_score(text)
    if role in (Role.DUE, Role.WHEN):
        return due_score(text)
    if role is Role.LEADERS:
        return 1.5 if _NAMES.fullmatch(folded) and unit_score(text) < 3 and due_score(text) < 1 else -2.0
    if role is Role.PROGRESS:
        return 1.5 if _PROGRESS.fullmatch(folded) else 0.1 if len(folded) < 40 else -1.5
    other = 2.5 if due_score(text) >= 3 or unit_score(text) >= 3 else 1.0 if unit_score(text) >= 2 else 0.0
    if column.main:
        sentence = 0.5 if re.search("[。；]$", folded) else 0.0
        return min(len(folded), 36) / 14 + sentence - other
    if role in (Role.TASK, Role.PATH, Role.TEXT):
        if not two_texts:
            return min(len(folded), 36) / 14 - other
        mark = read_mark(text)
        styled = 1.0 if column.style and mark and mark.style == column.style else -1.0 if column.style else 0.0
        return 2.0 + styled - max(0, len(folded) - 30) * 0.06 - other
    if role is Role.TARGET:
        return 1.0 - other
    return 0.2 - (1.0 if other else 0.0)


def place_cells(cells: list[Cell], columns: list[Column]) -> list[list[tuple[int, int]]]:
    """Share the cells out among rows; a row is a list of (cell, column) with rising columns."""
    width = len(columns)
    two_texts = any(c.main for c in columns) and sum(1 for c in columns if c.role in (Role.TASK, Role.TEXT)) > 1
    fits = [[fit(cell.text, column, two_texts=two_texts) for column in columns] for cell in cells]
    skip = [_SKIPPED.get(column.role, 0.1) if column.role else 0.1 for column in columns]
    skip = [
        2.0 if column.main else min(s, 0.6) if column.role is Role.TEXT else s
        for s, column in zip(skip, columns, strict=True)
    ]
    # A heading merged downwards is missing at the head of the rows that follow: that costs little.
    heads = [
        s * 0.5 if column.role in _HEADING_ROLES and not column.main else s
        for s, column in zip(skip, columns, strict=True)
    ]
    before = [sum(heads[:c]) for c in range(width)]
    after = [sum(skip[c + 1 :]) for c in range(width)]
    score = [[_NEVER] * width for _ in cells]
    came: list[list[int]] = [[-2] * width for _ in cells]
    for i, cell in enumerate(cells):
        section = _section(cell.text)
        best_end, end_column = 0.0, -1
        if i:
            ends = [score[i - 1][c] - _closing(cells, i - 1, c, came, after) for c in range(width)]
            end_column = max(range(width), key=lambda c: ends[c])
            best_end = ends[end_column]
        for c in range(width):
            begins = cell.begins if cell.begins >= 0 or not i else -8.0
            value = best_end - before[c] + fits[i][c] + begins + (0.3 if section and c == 0 else 0.0)
            came[i][c] = -1 - end_column - 1
            if i and cell.begins < 1.0:
                for p in range(c):
                    joined = score[i - 1][p] - sum(skip[p + 1 : c]) + fits[i][c] - max(0.0, cell.begins)
                    if joined > value:
                        value, came[i][c] = joined, p
                if i and cell.loose:
                    joined = score[i - 1][c] + fits[i][c] * 0.5 - 1.2
                    if joined > value and fits[i][c] > 0 and columns[c].role is not Role.NO:
                        value, came[i][c] = joined, c
            score[i][c] = value
    return _rows(cells, score, came, after, width)


def _closing(cells: list[Cell], i: int, c: int, came: list[list[int]], after: list[float]) -> float:
    """Return what it costs to end a row with this cell; a heading alone in its row leaves nothing open."""
    alone = came[i][c] < 0
    if alone and c == 0 and _section(cells[i].text):
        return min(after[c], 0.9)
    return after[c]


def _section(text: str) -> bool:
    mark = read_mark(text)
    return mark is not None and RANK[mark.style] <= RANK["cn_half"] and len(text) <= 60


def _rows(
    cells: list[Cell], score: list[list[float]], came: list[list[int]], after: list[float], width: int
) -> list[list[tuple[int, int]]]:
    if not cells:
        return []
    i = len(cells) - 1
    c = max(range(width), key=lambda k: score[i][k] - _closing(cells, i, k, came, after))
    rows: list[list[tuple[int, int]]] = []
    row: list[tuple[int, int]] = []
    while i >= 0:
        row.insert(0, (i, c))
        previous = came[i][c]
        if previous < 0:
            rows.insert(0, row)
            row, c = [], -previous - 2
        else:
            c = previous
        i -= 1
    return rows


def columns_of(names: list[str], cells: list[Cell], *, most: int) -> list[Column]:
    """Return the columns of a head, with those it does not name: row numbers, further levels of headings.

    ``most`` is the greatest number of cells in a row, where rows are known.
    """
    roles = [column_role(name) for name in names]
    texts = [i for i, r in enumerate(roles) if r is Role.TEXT] or [i for i, r in enumerate(roles) if r is Role.TASK]
    main = texts[-1] if texts else next((i for i, r in enumerate(roles) if r in (Role.PATH, Role.TARGET)), None)
    columns = [Column(role, name, main=i == main) for i, (role, name) in enumerate(zip(roles, names, strict=True))]
    numbers = sum(1 for cell in cells if cell.text.strip().isdigit() and len(cell.text.strip()) <= 3)
    place = main if main is not None else 0
    if Role.NO not in roles and numbers >= 2:
        columns.insert(place, Column(Role.NO, "序号"))
    headings = [
        i
        for i, column in enumerate(columns)
        if column.role in _HEADING_ROLES
        and not column.main
        and (main is None or column.name != names[main])
        and i < next((k for k, other in enumerate(columns) if other.main), len(columns))
    ]
    styles = _heading_styles(cells)
    if headings and len(styles) > len(headings) and (most == 0 or most > len(columns)):
        spare = columns[headings[0]]
        levels = [Column(spare.role, spare.name, style=s) for s in styles[: len(styles) - len(headings) + 1]]
        columns[headings[0] : headings[0] + 1] = levels
    elif len(headings) > 1 and len(styles) == len(headings):
        for i, style in zip(headings, styles, strict=True):
            columns[i] = replace(columns[i], style=style)
    return columns


def _heading_styles(cells: list[Cell]) -> list[str]:
    """Return the styles of Chinese numbers that short cells begin with, outermost first."""
    styles = {mark.style for cell in cells if len(cell.text) <= 60 and (mark := read_mark(cell.text))}
    return [s for s in ("chapter", "cn", "cn_paren") if s in styles]
