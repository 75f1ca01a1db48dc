"""Tables that lost their columns: cells one after another, broken over lines, parted by blanks (text taken from a PDF).

The head must begin with 序号 and every row with its number. The words of a row are shared out among the columns in
order so that the sum of fits is greatest; such a table is marked as inferred.
"""

from __future__ import annotations

import re

from gongkai.domain.workplans.characters import fold, join_lines
from gongkai.domain.workplans.due_phrases import is_due_clause
from gongkai.domain.workplans.flow import Grid, Line
from gongkai.domain.workplans.labels import UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.unit_lists import placed_unit, split_units, surely_unit

_MOST_WORDS = 60
_END = re.compile(
    r"\s*(?:附\s*件|备\s*注\s*[：:]|注\s*[：:]|抄送|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)"
)


def read_flat(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    """Read a table that begins with the line ``start``, or return None; also returns the place after it."""
    if not re.match(r"\s*(?:序|编\s*号|[Nn][Oo])", lines[start].text):
        return None
    head = _read_head(lines, start)
    if head is None:
        return None
    roles, names, place = head
    rows: list[list[str]] = [list(names)]
    spans = [(lines[start].number, lines[place - 1].number)]
    repeated = {lines[i].text.strip() for i in range(start, place)}
    words: list[str] = []
    begun = place
    while place <= len(lines):
        text = lines[place].text.strip() if place < len(lines) else None
        number = len(rows) + (1 if words else 0)
        if text is None or _END.match(text) or _starts_row(text, number):
            if words:
                if len(words) > _MOST_WORDS:
                    return None
                rows.append(_share_out(words, roles))
                spans.append((lines[begun].number, lines[place - 1].number))
                words = []
            if text is None or _END.match(text):
                break
            begun = place
            words = text.split()
        elif text and text not in repeated:
            words.extend(text.split())
        place += 1
    if len(rows) < 2:
        return None
    flags = tuple(tuple(False for _ in names) for _ in rows)
    return Grid(tuple(map(tuple, rows)), flags, flags, tuple(spans), inferred=True), place


def _starts_row(text: str, number: int) -> bool:
    return bool(re.match(rf"{number}(?:\s|$)", text))


def _read_head(lines: list[Line], start: int) -> tuple[list[Role], list[str], int] | None:
    words: list[str] = []
    place = start
    while place < len(lines) and place - start < 16 and not _starts_row(lines[place].text.strip(), 1):
        words.extend(lines[place].text.split())
        place += 1
    if place >= len(lines) or place - start >= 16 or not 3 <= len(words) <= 24:
        return None
    names = _head_names(words)
    if names is None:
        return None
    roles = [role for name in names if (role := column_role(name)) is not None]
    useful = [r for r in roles if r in UNIT_ROLES or r in (Role.DUE, Role.WHEN)]
    return (roles, names, place) if roles[0] is Role.NO and len(roles) >= 3 and useful else None


def _head_names(words: list[str]) -> list[str] | None:
    """Put together headings that a line break had cut (序 号); None when a word belongs to no heading."""
    names: list[str] = []
    i = 0
    while i < len(words):
        if column_role(words[i]):
            names.append(words[i])
        elif names and column_role(names[-1] + words[i]):
            names[-1] += words[i]
        elif i + 1 < len(words) and column_role(words[i] + words[i + 1]):
            names.append(words[i] + words[i + 1])
            i += 1
        else:
            return None
        i += 1
    return names


def _share_out(words: list[str], roles: list[Role]) -> list[str]:
    """Give every column a run of the words, in order; the first word is the row's number."""
    rest, columns = words[1:], roles[1:]
    text_column = next((c for c in range(len(columns) - 1, -1, -1) if columns[c] in (Role.TEXT, Role.TASK)), None)
    count, width = len(rest), len(columns)
    best = [[-1e9] * (width + 1) for _ in range(count + 1)]
    cut = [[0] * (width + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for c in range(1, width + 1):
        for end in range(count + 1):
            for begin in range(end + 1):
                if best[begin][c - 1] <= -1e8:
                    continue
                value = best[begin][c - 1] + _fit(_joined(rest[begin:end]), columns[c - 1], c - 1 == text_column)
                if value > best[end][c]:
                    best[end][c], cut[end][c] = value, begin
    cells = [""] * width
    end = count
    for c in range(width, 0, -1):
        begin = cut[end][c]
        cells[c - 1] = _joined(rest[begin:end])
        end = begin
    return [words[0], *cells]


def _joined(words: list[str]) -> str:
    text = ""
    for word in words:
        text = join_lines(text, word)
    return text


def _fit(text: str, role: Role, main: bool) -> float:
    if not text:
        return -4.0 if main else {Role.TASK: -0.8, Role.TEXT: -0.8, Role.LEAD: -0.7}.get(role, -0.5)
    folded = fold(text)
    if folded[0] in "前底内末、，。；）":
        return -5.0
    if role in UNIT_ROLES:
        units = split_units(text).units
        plain = bool(units) and not re.search("[。；]", folded) and not folded.startswith("、")
        if not plain or folded.endswith("、") or not all(surely_unit(u) for u in units):
            return -4.0
        return 3.0 if all(placed_unit(u) for u in units) else 1.0
    if role in (Role.DUE, Role.WHEN):
        return 3.0 if is_due_clause(text) else 1.0 if is_due_clause(text, loose=True) else -3.0
    if role is Role.LEADERS:
        return 1.5 if re.fullmatch("[\u4e00-\u9fff]{2,5}(?:、[\u4e00-\u9fff]{2,5})*", folded) else -3.0
    if role is Role.NOTE:
        return -2.0 if is_due_clause(text) else -0.4
    units_only = all(surely_unit(u) for u in split_units(text).units)
    if main:
        return min(len(folded), 24) / 8 - (2.0 if units_only or is_due_clause(text) else 0.0)
    return 2.0 - max(0, len(folded) - 14) * 0.3 - (0.5 if re.search("[，。；]", folded) else 0.0)
