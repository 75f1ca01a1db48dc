"""The sheet of units (XLSX import and export): its columns, reading one row, and planning what an import would change.

Every row is checked and every problem told at once; nothing is written while one row has an error. Rows may stand in
any order. A row is matched to a unit on file by name under its superior, so importing twice changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gongkai.domain.issues import Issue, Where, has_errors
from gongkai.domain.organizations.checks import Tree, Units, check_unit
from gongkai.domain.organizations.kinds import LABELS, UnitKind, read_kind
from gongkai.domain.organizations.names import name_key, tidy_name
from gongkai.domain.organizations.resolve import DatedName, NamedUnit

#: Columns by field, in the order of the sheet.
COLUMNS: dict[str, str] = {
    "name": "单位名称",
    "short_name": "简称",
    "kind": "单位类型",
    "parent": "上级单位",
    "division_code": "行政区划代码",
    "aliases": "曾用简称/别名",
    "functions": "主要职能",
    "address": "办公地址",
    "office_hours": "办公时间",
    "phone": "联系电话",
    "head_name": "负责人",
    "founded_on": "成立日期",
    "dissolved_on": "撤销日期",
}
REQUIRED = ("name", "kind", "parent")
DIRECTORY = ("functions", "address", "office_hours", "phone", "head_name")
SHOWN = 40
LIMITS = {
    "name": 120,
    "short_name": 60,
    "functions": 4000,
    "address": 200,
    "office_hours": 200,
    "phone": 80,
    "head_name": 60,
}
_SPELLINGS = {name_key(label): field for field, label in COLUMNS.items()} | {
    "别名": "aliases",
    "曾用简称": "aliases",
    "曾用名": "aliases",
    "名称": "name",
    "类型": "kind",
    "上级": "parent",
    "上级单位名称": "parent",
    "区划代码": "division_code",
    "电话": "phone",
    "地址": "address",
    "职能": "functions",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: the sheet's row number, the values by field, and the dates understood."""

    number: int
    values: Mapping[str, str]
    kind: UnitKind | None
    founded_on: date | None
    dissolved_on: date | None

    @property
    def name(self) -> str:
        """Return the name in the form in which it is stored."""
        return tidy_name(self.values.get("name", ""))

    @property
    def aliases(self) -> tuple[str, ...]:
        """Return the aliases, in order and once each."""
        parts = re.split(r"[、,，;；/\n]+", self.values.get("aliases", ""))
        return tuple(dict.fromkeys(tidy_name(part) for part in parts if part.strip()))


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would do with one row: ``unit_id`` None creates; ``fields`` are new values by field.

    ``parent`` is a unit id, or (negative) the row of the parent that is created too, or None for the top.
    """

    row: Row
    unit_id: int | None
    parent: int | None
    fields: Mapping[str, object]
    new_aliases: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether the row is on file exactly as it stands."""
        return self.unit_id is not None and not self.fields and not self.new_aliases


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes of an import in the order in which they can be written (superiors first), and all issues."""

    changes: tuple[Change, ...]
    issues: tuple[Issue, ...]
    rows: int

    @property
    def refused(self) -> bool:
        """Tell whether any row has an error, so that nothing may be written."""
        return has_errors(self.issues)


def read_header(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the column index of each known field, or None when this row is no header (name and kind are missing)."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        field = _SPELLINGS.get(name_key(re.sub(r"[*＊]|[（(].*?必填.*?[)）]", "", cell)))
        if field is not None:
            found.setdefault(field, index)
    return found if {"name", "kind"} <= found.keys() else None


def read_date(text: str) -> date | None:
    """Read a date as people write it: 2019-03-01, 2019/3/1, 2019.3.1, 2019年3月1日, 20190301; None if it is none."""
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text.strip())
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _start(text: str) -> str:
    """Return enough of a cell to find it again; a sentence is no place for a whole paragraph."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def read_row(number: int, values: Mapping[str, str]) -> tuple[Row, list[Issue]]:
    """Read one row of texts by field; returns what could be read and everything wrong with its cells."""
    issues: list[Issue] = []
    values = {field: text.strip() for field, text in values.items()}

    def wrong(code: str, field: str, **found: object) -> None:
        where = Where(number, number, column=COLUMNS[field])
        issues.append(Issue(code, field, found, where=where))

    if not values.get("name"):
        wrong("orgs.name.missing", "name")
    kind = read_kind(values.get("kind", ""))
    if kind is None:
        expected = "、".join(LABELS.values())
        wrong("orgs.kind.unknown", "kind", kind=_start(values.get("kind", "")), expected=expected)
    dates: dict[str, date | None] = {}
    for field in ("founded_on", "dissolved_on"):
        text = values.get(field, "")
        dates[field] = read_date(text) if text else None
        if text and dates[field] is None:
            wrong("orgs.sheet.date", field, text=_start(text))
    for field, limit in LIMITS.items():
        if len(values.get(field, "")) > limit:
            wrong("orgs.sheet.too_long", field, length=len(values[field]), limit=limit)
    row = Row(number, values, kind, dates["founded_on"], dates["dissolved_on"])
    return row, issues


def plan_import(rows: Sequence[Row], units: Units, details: Mapping[int, Mapping[str, str]]) -> Plan:
    """Plan what importing ``rows`` would change.

    ``units`` are all units on file by id; ``details`` are their short name and directory fields. Rows whose cells
    could not be read should not be passed. Empty cells leave what is on file; a unit on file that no row names stays.
    """
    issues: list[Issue] = []
    targets = _match_rows(rows, units, issues)
    working = dict(units)
    changes = []
    for row in rows:
        unit_id, parent = targets[row.number]
        key = unit_id if unit_id is not None else -row.number
        old = units.get(key)
        working[key] = _as_it_will_be(row, key, parent, old)
        changes.append(_change(row, unit_id, parent, old, details.get(key, {})))
    tree = Tree(working)
    for row in rows:
        unit_id, parent = targets[row.number]
        if parent is None and row.values.get("parent"):
            continue  # the superior is unknown or ambiguous: told already
        for issue in check_unit(working[unit_id if unit_id is not None else -row.number], tree):
            column = COLUMNS.get(issue.field or "name", COLUMNS["name"])
            issues.append(replace(issue, where=Where(row.number, row.number, column=column)))
    ordered = sorted(issues, key=lambda i: (i.where.line_from if i.where else 0, i.code))
    return Plan(_superiors_first(changes), tuple(ordered), len(rows))


def _match_rows(rows: Sequence[Row], units: Units, issues: list[Issue]) -> dict[int, tuple[int | None, int | None]]:
    """Find for each row the unit on file (or None) and its superior (id, minus row number, or None)."""
    on_file: dict[str, list[int]] = defaultdict(list)
    for unit in units.values():
        on_file[name_key(unit.names[-1].text)].append(unit.id)
    in_sheet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        in_sheet[name_key(row.name)].append(row)
    own: dict[int, int | None] = {}
    for row in rows:
        own[row.number] = _on_file(row, on_file.get(name_key(row.name), []), units)
    for (_, key), count in Counter((name_key(r.values.get("parent", "")), name_key(r.name)) for r in rows).items():
        for row in in_sheet[key][1:] if count > 1 else ():
            first = in_sheet[key][0]
            if name_key(first.values.get("parent", "")) == name_key(row.values.get("parent", "")):
                values = {"name": row.name, "first": first.number}
                issues.append(
                    Issue(
                        "orgs.sheet.twice", "name", values, where=Where(row.number, row.number, column=COLUMNS["name"])
                    )
                )
    return {row.number: (own[row.number], _parent(row, own, in_sheet, on_file, units, issues)) for row in rows}


def _on_file(row: Row, found: Sequence[int], units: Units) -> int | None:
    wanted = _path(row.values.get("parent", ""))
    same = [u for u in found if _stands_under(u, wanted, units)]
    if len(same) == 1:
        return same[0]
    # A unit that moves to another superior keeps its row when its name is the only one of its kind.
    return found[0] if len(found) == 1 and row.kind not in (UnitKind.INTERNAL_OFFICE, UnitKind.VILLAGE) else None


def _path(text: str) -> list[str]:
    return [name_key(part) for part in re.split(r"[/／>]", text) if part.strip()]


def _stands_under(unit_id: int, path: Sequence[str], units: Units) -> bool:
    """Tell whether the superiors of a unit end in ``path`` (nearest last); an empty path means the top."""
    parent = units[unit_id].parent_id
    if not path:
        return parent is None
    for wanted in reversed(path):
        if parent is None or name_key(units[parent].names[-1].text) != wanted:
            return False
        parent = units[parent].parent_id
    return True


def _parent(
    row: Row,
    own: Mapping[int, int | None],
    in_sheet: Mapping[str, Sequence[Row]],
    on_file: Mapping[str, Sequence[int]],
    units: Units,
    issues: list[Issue],
) -> int | None:
    text = row.values.get("parent", "")
    path = _path(text)
    if not path:
        unit_id = own[row.number]
        # An empty cell leaves a unit on file where it stands.
        return units[unit_id].parent_id if unit_id is not None else None
    candidates = {own[r.number] or -r.number for r in in_sheet.get(path[-1], ())}
    candidates |= {u for u in on_file.get(path[-1], ()) if len(path) == 1 or _stands_under(u, path[:-1], units)}
    where = Where(row.number, row.number, column=COLUMNS["parent"])
    if len(candidates) == 1:
        return next(iter(candidates))
    code = "orgs.sheet.parent_unknown" if not candidates else "orgs.sheet.parent_ambiguous"
    issues.append(Issue(code, "parent", {"parent": text, "count": len(candidates)}, where=where))
    return None


def _as_it_will_be(row: Row, key: int, parent: int | None, old: NamedUnit | None) -> NamedUnit:
    aliases = [*(old.aliases if old else ())]
    short = tidy_name(row.values.get("short_name", ""))
    known = {name_key(n.text) for n in (*aliases, *(old.names if old else ()))}
    for text in (*((short,) if short and short != row.name else ()), *row.aliases):
        if name_key(text) not in known and name_key(text) != name_key(row.name):
            known.add(name_key(text))
            aliases.append(DatedName(text))
    names = (*old.names[:-1], replace(old.names[-1], text=row.name)) if old else (DatedName(row.name),)
    return NamedUnit(
        id=key,
        kind=str(row.kind or UnitKind.OTHER),
        parent_id=parent,
        names=names,
        aliases=tuple(aliases),
        founded_on=row.founded_on or (old.founded_on if old else None),
        dissolved_on=row.dissolved_on or (old.dissolved_on if old else None),
        division_code=row.values.get("division_code", "") or (old.division_code if old else ""),
    )


def _change(
    row: Row, unit_id: int | None, parent: int | None, old: NamedUnit | None, details: Mapping[str, str]
) -> Change:
    """Compare a row with what is on file, field by field; empty cells say nothing."""
    new: dict[str, object] = {"name": row.name, "kind": str(row.kind)}
    for field in ("short_name", *DIRECTORY):
        if text := row.values.get(field, ""):
            new[field] = tidy_name(text) if field == "short_name" else text
    if code := row.values.get("division_code", ""):
        new["division_code"] = code
    new |= {f: d for f, d in (("founded_on", row.founded_on), ("dissolved_on", row.dissolved_on)) if d}
    if old is None:
        return Change(row, None, parent, new, row.aliases)
    now: dict[str, object] = {
        "name": old.names[-1].text,
        "kind": old.kind,
        "division_code": old.division_code,
        "founded_on": old.founded_on,
        "dissolved_on": old.dissolved_on,
        **details,
    }
    fields = {field: value for field, value in new.items() if now.get(field) != value}
    if parent != old.parent_id:
        fields["parent"] = parent
    known = {name_key(n.text) for n in (*old.aliases, *old.names)}
    added = tuple(alias for alias in row.aliases if name_key(alias) not in known)
    return Change(row, unit_id, parent, fields, added)


def _superiors_first(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Order changes so that a superior that is created comes before what stands under it; circles are left as they are."""
    waiting = list(changes)
    created = {-change.row.number for change in changes if change.unit_id is None}
    ordered: list[Change] = []
    while waiting:
        ready = [c for c in waiting if c.parent not in created]
        if not ready:
            return (*ordered, *waiting)
        ordered += ready
        done = {change.row.number for change in ready}
        created -= {-number for number in done}
        waiting = [change for change in waiting if change.row.number not in done]
    return tuple(ordered)
