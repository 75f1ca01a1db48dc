"""Tables of tasks and timetables: from a grid to tasks and schedule entries."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.alignment import realign
from gongkai.domain.workplans.characters import fold, squeeze, tidy
from gongkai.domain.workplans.clauses import segments
from gongkai.domain.workplans.due_phrases import PlanYear, is_due_clause
from gongkai.domain.workplans.flow import Grid
from gongkai.domain.workplans.headers import Header, cells_of, find_header
from gongkai.domain.workplans.key_values import read_records
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role
from gongkai.domain.workplans.model import Assignment, FramePart, ScheduleEntry, Task
from gongkai.domain.workplans.numbering import read_mark
from gongkai.domain.workplans.schedules import entry
from gongkai.domain.workplans.table_rows import Row, Rows, lay_out
from gongkai.domain.workplans.tasks import build_task
from gongkai.domain.workplans.tree import split_title
from gongkai.domain.workplans.unit_phrases import only_units, parse_assignment, parse_cell, split_names

_TICK = re.compile(r"[√✓✔●○■★☆xX×是/\-—]+")

# Columns of the catalogs of what is to be disclosed, which are no plans.
_OF_CATALOGS = re.compile(
    "公开(?:方式|时限|主体|渠道|依据|形式|对象|载体|责任主体|渠道和载体|内容（要素）)|(?:事项|信息)类别|[一二三四]级事项"
)


@dataclass(slots=True)
class TableReading:
    """What a table holds; ``understood`` is False when it is no table of tasks or dates."""

    tasks: list[Task] = field(default_factory=list)
    schedule: list[ScheduleEntry] = field(default_factory=list)
    frame: list[FramePart] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    title: str = ""
    understood: bool = True


def read_grid(grid: Grid, plan_year: PlanYear, *, annex: str = "", title: str = "", count: int = 0) -> TableReading:
    """Read one table; ``title`` is the heading above it, ``count`` the number of tasks in the tables before."""
    header = find_header(grid)
    if header is None or not _readable(header):
        records = read_records(grid)
        if records is None:
            return TableReading(understood=False)
        upright = TableReading(frame=records.frame)
        for head, rows in records.blocks:
            _read_tasks(head, rows, upright, plan_year, annex, count)
        return upright
    if not grid.exact:
        grid, header = realign(grid, header)
    rows = lay_out(grid, header)
    reading = TableReading(frame=rows.frame)
    if grid.inferred:
        where = grid.where(0, len(grid.lines) - 1)
        reading.issues.append(Issue("plan.table.inferred", "tasks", {"rows": len(rows.rows)}, Severity.WARNING, where))
    reading.title = next((f.text for f in rows.frame if f.kind == "table_title"), "")
    if _is_schedule(header, rows, title + reading.title):
        _read_schedule(header, rows, reading, plan_year, annex)
    else:
        _read_tasks(header, rows, reading, plan_year, annex, count)
        if not reading.tasks:
            _read_headings(rows, reading, plan_year, annex)
    return reading


def _read_headings(rows: Rows, reading: TableReading, plan_year: PlanYear, annex: str) -> None:
    """Take the headings of a table whose other cells are empty for its tasks: nothing else of them is left."""
    for part in rows.frame:
        mark = read_mark(part.text)
        if part.kind == "heading" and mark:
            text = part.text[mark.length :]
            reading.tasks.append(
                build_task(
                    no=mark.shown,
                    path=(),
                    title=split_title(text)[0],
                    text=text,
                    assignment=None,
                    plan_year=plan_year,
                    source=part.source,
                    annex=annex,
                )  # fmt: skip
            )


def _readable(header: Header) -> bool:
    known = set(header.roles)
    if sum(1 for name in header.names if _OF_CATALOGS.fullmatch(squeeze(name)[0])) >= 2:
        return False
    return bool(known & (UNIT_ROLES | {Role.DUE, Role.WHEN, Role.LEADERS, Role.PERIOD})) and bool(
        known & TASK_ROLES or (known & {Role.DUE, Role.WHEN} and known & UNIT_ROLES)
    )


def _is_schedule(header: Header, rows: Rows, title: str) -> bool:
    times = header.columns(Role.WHEN, Role.DUE)
    if not times:
        return False
    if rows.text_column is None:
        return True
    timetable = bool(re.search("安排表|日程|排期|时间表|开放日|活动", title))
    plain = any(squeeze(header.names[c])[0] in ("时间", "日期") for c in times)
    if header.columns(Role.LEAD):
        return timetable and bool(header.columns(Role.WHEN))
    return bool(header.columns(Role.WHEN)) or (timetable and plain)


def _read_schedule(header: Header, rows: Rows, reading: TableReading, plan_year: PlanYear, annex: str) -> None:
    times = header.columns(Role.WHEN) or header.columns(Role.DUE)
    for row in rows.rows:
        who = _assignment(header, row)
        texts = [row.cells[c] for c in header.columns(*TASK_ROLES) if row.cells[c]]
        notes = [row.cells[c] for c in header.columns(Role.NOTE) if row.cells[c]]
        when = next((row.cells[c] for c in times if row.cells[c]), "")
        units = tuple(dict.fromkeys((*who.lead_units, *who.responsible_units)))
        text = tidy("；".join([*texts, *notes]))
        read, issues = entry(when, units, row.where, plan_year, text=text, annex=annex)
        reading.schedule.append(read)
        reading.issues.extend(issues)


def _read_tasks(header: Header, rows: Rows, reading: TableReading, plan_year: PlanYear, annex: str, count: int) -> None:
    sizes = _group_sizes(rows)
    for i, row in enumerate(rows.rows):
        text_column = rows.text_column
        text = row.cells[text_column].strip() if text_column is not None else ""
        sections, over = _section_units(row.sections)
        path = [*sections, *(_heading(row.cells[c]) for c in rows.before if row.cells[c])]
        path = [p for k, p in enumerate(path) if k == 0 or p != path[k - 1]]
        if not text and path and any(row.own[c] for c in rows.before):
            text = next(row.cells[c] for c in reversed(rows.before) if row.cells[c]).strip()
        if not text:
            reading.issues.append(_unread_row(row))
            continue
        title = ""
        if path and rows.before and row.cells[rows.before[-1]] and sizes[i] == 1 and len(path[-1]) <= 60:
            title = path.pop()
            mark = read_mark(title)
            title = (title[mark.length :] if mark else title).rstrip("。：:")
        body = text
        for c in rows.after:
            if row.cells[c] and header.roles[c] is not Role.TARGET:
                body += f"\n{header.names[c]}：{row.cells[c]}"
        periods = [(header.names[c], row.cells[c]) for c in header.columns(Role.PERIOD) if row.cells[c]]
        body += "".join(f"\n{name}：{cell}" for name, cell in periods if not _TICK.fullmatch(cell))
        mark = read_mark(body)
        if mark:
            body = body[mark.length :]
        who = _assignment(header, row)
        handed = over is not None and not who.has_units
        if over is not None and handed:
            who = replace(over, leaders=who.leaders, due_text=who.due_text or over.due_text)
        number = next((row.cells[c] for c in header.columns(Role.NO) if row.cells[c]), "")
        reading.tasks.append(
            build_task(
                no=tidy(number) or str(count + len(reading.tasks) + 1),
                path=tuple(path),
                title=title or split_title(body)[0],
                text=body.strip(),
                assignment=who,
                plan_year=plan_year,
                source=row.where,
                due_texts=(*_due_texts(header, row), *(name for name, _ in periods)),
                target=_join(header, row, Role.TARGET, skip=text_column),
                note=_join(header, row, Role.NOTE, Role.PROGRESS, Role.CONTACT, None),
                annex=annex,
                issues=(Issue("plan.units.from_group", "responsible_units", {"title": title}, Severity.NOTICE),)
                if handed
                else (),
                inherited=row.empty_units and any(row.cells[c] for c in header.columns(*UNIT_ROLES)),
            )
        )


def _section_units(sections: tuple[str, ...]) -> tuple[list[str], Assignment | None]:
    """Return the headings over a row without their brackets of units, and the units of the innermost that has any."""
    names: list[str] = []
    units: Assignment | None = None
    for section in sections:
        found = segments(section)[0]
        names.append(found.text if found.assignment else section)
        mark = read_mark(section)
        bare = section[mark.length :] if mark else section
        if found.assignment and found.assignment.has_units:
            units = found.assignment
        elif only_units(bare):
            units = parse_assignment(bare)
    return names, units


def _due_texts(header: Header, row: Row) -> list[str]:
    """Return the cells of time limits; a bare 6 in a column headed 完成时限（月） is June."""
    texts = []
    for c in header.columns(Role.DUE, Role.WHEN):
        text = row.cells[c].strip()
        if re.fullmatch(r"1[0-2]|0?[1-9]", text) and "月" in header.names[c]:
            text += "月"
        if text:
            texts.append(text)
    if not texts:
        # Some tables keep the limit among the remarks.
        texts = [row.cells[c] for c in header.columns(Role.NOTE) if is_due_clause(row.cells[c])]
    return texts


def _heading(text: str) -> str:
    """Return a cell as a heading of a path: without the stop that some tables put behind it."""
    heading = tidy(text)
    return heading if fold(heading[:-1]).count("。") else heading.rstrip("。；;：:")


def _group_sizes(rows: Rows) -> list[int]:
    """Return for every row how many rows share its last heading cell."""
    groups: list[int] = []
    for i, row in enumerate(rows.rows):
        new = i == 0 or not rows.before or any(row.own[c] for c in rows.before)
        groups.append((groups[-1] + 1 if groups else 0) if new else groups[-1])
    sizes = Counter(groups)
    return [sizes[g] for g in groups]


def _join(header: Header, row: Row, *roles: Role | None, skip: int | None = None) -> str:
    found = [(header.names[c], row.cells[c]) for c, role in enumerate(header.roles) if role in roles and c != skip]
    filled = [(name, text) for name, text in found if text]
    if len(filled) == 1 and Role.PROGRESS not in roles:
        return tidy(filled[0][1])
    return "；".join(f"{name}：{tidy(text)}" if name else tidy(text) for name, text in filled)


def _assignment(header: Header, row: Row) -> Assignment:
    """Put together what the columns of units and leaders say."""
    lead: list[str] = []
    responsible: list[str] = []
    cooperating: list[str] = []
    leaders: list[str] = []
    phrases: list[str] = []
    dues: list[str] = []
    issues: list[Issue] = []
    shared = open_list = False
    for c, role in enumerate(header.roles):
        text = row.cells[c]
        if not text or text in ("/", "—", "-", "无"):
            continue
        if role is Role.LEADERS:
            leaders.extend(split_names(text))
        if role not in UNIT_ROLES:
            continue
        read = parse_cell(text, role)
        for mine, theirs in (
            (lead, read.lead_units),
            (responsible, read.responsible_units),
            (cooperating, read.cooperating_units),
        ):
            mine.extend(u for u in theirs if u not in mine)
        leaders.extend(read.leaders)
        if read.due_text:
            dues.append(read.due_text)
        issues.extend(read.issues)
        shared, open_list = shared or read.shared, open_list or read.open_list
        phrases.append(f"{tidy(header.names[c])}：{read.phrase}")
    return Assignment(
        tuple(lead), tuple(responsible), tuple(cooperating), tuple(leaders), "；".join(dues), shared, open_list,
        "；".join(phrases), {}, tuple(issues),
    )  # fmt: skip


def _unread_row(row: Row) -> Issue:
    text = tidy(" ".join(c for c in row.cells if c))[:40]
    return Issue("plan.row.unread", "tasks", {"text": text}, Severity.WARNING, row.where)


def unread_table(grid: Grid) -> Issue:
    """Return the issue for a table that holds neither tasks nor dates."""
    first = tidy(" ".join(t for _, t in cells_of(grid, 0)))[:40] if grid.rows else ""
    where = Where(grid.lines[0][0], grid.lines[-1][1], grid.page, grid.sheet) if grid.lines else None
    return Issue("plan.table.unknown", "tasks", {"text": first}, Severity.WARNING, where)
