"""Tables that survive as text: cells parted by tabs or pipes, or one cell a line with an empty line between rows."""

from __future__ import annotations

import re

from gongkai.domain.workplans.cell_places import due_score, unit_score
from gongkai.domain.workplans.flat_tables import read_flat
from gongkai.domain.workplans.flow import Grid, Line
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.numbering import read_mark
from gongkai.domain.workplans.web_tables import read_web_table

_MARKDOWN_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")


def extract_tables(lines: list[Line]) -> list[Line | Grid]:
    """Replace every table found in a run of lines by a grid."""
    out: list[Line | Grid] = []
    place = 0
    while place < len(lines):
        if not lines[place].text.strip(" \u3000\xa0"):
            out.append(lines[place])
            place += 1
            continue
        for reader in (_vertical, read_web_table, _wide, _listed, read_flat):
            found = reader(lines, place)
            if found and found[1] > place:
                grid, place = found
                out.append(grid)
                break
        else:
            out.append(lines[place])
            place += 1
    return out


def _useful(cells: list[str]) -> bool:
    roles = [column_role(c) for c in cells if c.strip()]
    known = [r for r in roles if r is not None]
    wanted = [r for r in known if r in UNIT_ROLES or r in TASK_ROLES or r in (Role.DUE, Role.WHEN, Role.LEADERS)]
    units_or_dates = [r for r in known if r in UNIT_ROLES or r in (Role.DUE, Role.WHEN)]
    return len(known) >= 2 and len(known) >= 0.6 * len(roles) and len(wanted) >= 2 and bool(units_or_dates)


# --- one row a line ---------------------------------------------------------------------------------------------


def _cut(text: str) -> list[str] | None:
    """Cut a line at tabs, pipes or wide gaps; None when there is nothing to cut at."""
    if "\t" in text.strip("\n"):
        return [c.strip() for c in text.split("\t")]
    if text.count("|") >= 2 or text.count("｜") >= 2:
        return [c.strip() for c in re.split("[|｜]", text.strip().strip("|｜"))]
    if re.search(r"\S(?: {2,}|\u3000{1,})\S", text):
        return list(re.split(r" {2,}|\u3000+", text.strip()))
    return None


def _style(text: str) -> str:
    return "tab" if "\t" in text.strip("\n") else "pipe" if re.search("[|｜]", text) else "gap"


def _wide(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    head = _cut(lines[start].text)
    if head is None or not _useful(head):
        return None
    style = _style(lines[start].text)
    rows, numbers = [head], [(lines[start].number, lines[start].number)]
    place, blanks = start + 1, 0
    width = len([c for c in head if c])
    while place < len(lines):
        text = lines[place].text
        if not text.strip():
            blanks += 1
            if blanks > 3:
                break
            place += 1
            continue
        if _MARKDOWN_RULE.fullmatch(text):
            numbers[-1] = (numbers[-1][0], lines[place].number)
            place += 1
            continue
        cells = _cut(text)
        if cells is None or _style(text) != style or (style != "tab" and len(cells) < 2):
            if blanks == 0 and style == "tab" and rows[1:] and _continues_cell(rows[-1], text):
                _glue(rows[-1], text)
                numbers[-1] = (numbers[-1][0], lines[place].number)
                place += 1
                continue
            break
        if style == "tab" and blanks == 0 and _breaks_cell(rows, cells, len(head)):
            rows[-1] = [*rows[-1][:-1], f"{rows[-1][-1]}\n{cells[0]}", *cells[1:]]
            numbers[-1] = (numbers[-1][0], lines[place].number)
        else:
            rows.append(cells)
            numbers.append((lines[place].number, lines[place].number))
        place, blanks = place + 1, 0
    if len(rows) < 2 or width < 2:
        return None
    return _grid(rows, numbers), place


def _breaks_cell(rows: list[list[str]], cells: list[str], width: int) -> bool:
    """Tell whether a row stops inside a cell of several lines and this line goes on with it."""
    above = rows[-1]
    if len(rows) < 2 or len(above) < 2 or len(cells) < 2 or len(above) + len(cells) - 1 != width:
        return False
    last = above[-1]
    return bool(last and cells[0]) and unit_score(last) < 0 and due_score(last) < 0 and not read_mark(cells[0])


def _continues_cell(row: list[str], text: str) -> bool:
    filled = [c for c in row if c]
    return bool(filled) and not re.match(r"\s*(?:附\s*件|备\s*注|注\s*[:：]|[一二三四五六七八九十]+、)", text)


def _glue(row: list[str], text: str) -> None:
    for c in range(len(row) - 1, -1, -1):
        if row[c]:
            row[c] += text.strip()
            return


def _grid(rows: list[list[str]], numbers: list[tuple[int, int]]) -> Grid:
    width = max(len(r) for r in rows)
    padded = tuple(tuple(r) + ("",) * (width - len(r)) for r in rows)
    no = tuple(tuple(False for _ in range(width)) for _ in rows)
    head = [c for c in rows[0] if c]
    exact = all(len(_rstrip(r)) <= len(head) for r in rows) and len(_rstrip(rows[0])) == len(head)
    return Grid(padded, no, no, tuple(numbers), exact=exact)


def _rstrip(row: list[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


# --- one cell a line, an empty line between rows ------------------------------------------------------------------


def _vertical(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    """Read a table whose cells stand one a line behind a tab; a line with the tab only is an empty cell."""
    if not lines[start].text.startswith("\t"):
        return None
    groups: list[list[Line]] = [[]]
    place = start
    while place < len(lines):
        text = lines[place].text
        if text.startswith("\t") and "\t" not in text.strip("\t\n "):
            groups[-1].append(lines[place])
        elif not text.strip():
            if groups[-1]:
                groups.append([])
            if _blank_run(lines, place) > 3:
                break
        else:
            break
        place += 1
    groups = [g for g in groups if g]
    if len(groups) < 2 or not _useful([line.text for line in groups[0]]):
        return None
    rows = [[line.text.strip() for line in group] for group in groups]
    numbers = [(group[0].number, group[-1].number) for group in groups]
    return _grid(rows, numbers), place


def _blank_run(lines: list[Line], place: int) -> int:
    count = 0
    while place + count < len(lines) and not lines[place + count].text.strip():
        count += 1
    return count


# --- one cell a line, nothing between ----------------------------------------------------------------------------


def _listed(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    """Read a table whose cells stand one a line without tabs: headings first, then rows that begin with 1, 2, 3 …"""
    head: list[str] = []
    numbers: list[int] = []
    place = start
    while place < len(lines) and len(head) < 10:
        text = lines[place].text.strip()
        if text:
            if column_role(text) is None:
                break
            head.append(text)
            numbers.append(lines[place].number)
        place += 1
    if len(head) < 3 or column_role(head[0]) is not Role.NO or not _useful(head):
        return None
    rows: list[list[str]] = [head]
    spans = [(numbers[0], numbers[-1])]
    while place < len(lines):
        text = lines[place].text.strip()
        if text == str(len(rows)):
            rows.append([text])
            spans.append((lines[place].number, lines[place].number))
        elif not text:
            pass
        elif len(rows) > 1 and len(rows[-1]) < len(head) and not re.match(r"附\s*件|备\s*注\s*[：:]|注\s*[：:]", text):
            rows[-1].append(text)
            spans[-1] = (spans[-1][0], lines[place].number)
        else:
            break
        place += 1
    return (_grid(rows, spans), place) if len(rows) > 1 else None
