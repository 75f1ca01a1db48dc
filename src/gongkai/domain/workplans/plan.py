"""From a document to a plan: the reader's one entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gongkai.domain.document import Document, Table
from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.annexes import relate
from gongkai.domain.workplans.characters import clean, squeeze, tidy
from gongkai.domain.workplans.clauses import segments
from gongkai.domain.workplans.due_phrases import PlanYear
from gongkai.domain.workplans.frame import Head, is_meta_row, is_title_like, read_date, read_head, year_of
from gongkai.domain.workplans.headers import cells_of
from gongkai.domain.workplans.kinds import decide
from gongkai.domain.workplans.model import FramePart, Kind, Plan, ScheduleEntry, Task
from gongkai.domain.workplans.numbering import read_mark
from gongkai.domain.workplans.outline import OutlineReader
from gongkai.domain.workplans.parts import Part, read_parts
from gongkai.domain.workplans.schedules import entry
from gongkai.domain.workplans.tables import read_grid, unread_table

_FIRST_LEADS = re.compile(
    "(?:排名?|列|排列|列名|排序)(?:在|于)?(?:第一位?|首位|前|最前)(?:面)?的?(?:单位|部门|科室)?[，]?(?:为|是|系)(?:该项任务)?的?(?:牵头|主办|主责)"
    "|第一(?:个|家)?(?:责任)?(?:单位|部门|科室)(?:为|是|系)(?:牵头|主办|主责)"
)


@dataclass(slots=True)
class _Collected:
    """What was found so far; ``grid_tasks`` are the tasks that came from tables."""

    body: list[Task] = field(default_factory=list)
    annexed: list[Task] = field(default_factory=list)
    grid_tasks: list[Task] = field(default_factory=list)
    schedule: list[ScheduleEntry] = field(default_factory=list)
    frame: list[FramePart] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def read_plan(document: Document) -> Plan:
    """Read a document as a yearly plan.

    Never raises on any text. What is no plan comes back with ``kind`` ``not_a_plan``, no tasks, and the reason as an
    issue; what could not be understood comes back as issues with their lines.
    """
    parts, frame = read_parts(document)
    heads = [read_head(part.loose) for part in parts]
    head = _joint_head(parts, heads)
    stem = tidy(document.name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    year = year_of(head)
    named = None
    if not head.title and is_title_like(stem):
        head.plan_title = stem
    if year is None and "年" in stem:
        year = named = year_of(Head(plan_title=stem))
    # The day of a website says nothing about which limits had passed when the plan was issued.
    plan_year = PlanYear(year, None if head.issued_on == head.published_on else head.issued_on)
    collected = _Collected(frame=[*frame, *(p for h in heads for p in h.parts)])
    for part, part_head in zip(parts, heads, strict=True):
        _read_part(part, part_head, plan_year, collected)
    if named:
        collected.issues.append(Issue("plan.year.from_name", "year", {"year": named}, Severity.NOTICE))
    return _finish(document, collected, head, year)


def _joint_head(parts: list[Part], heads: list[Head]) -> Head:
    """Complete the main part's head: a title from a table or an annex, a date from the end of the text."""
    head = heads[0]
    if not head.title:
        candidates = [parts[0].table_title(), *(h.title for h in heads[1:]), *(p.table_title() for p in parts[1:])]
        head.plan_title = next((c for c in candidates if c), "")
    if head.issued_on is None:
        dates = [read_date(para.text) for part in parts for para in part.dates]
        head.issued_on = next((d for d in dates if d), None) or head.published_on
    for other in heads[1:]:
        head.doc_no = head.doc_no or other.doc_no
    return head


def _read_part(part: Part, head: Head, plan_year: PlanYear, collected: _Collected) -> None:
    later = bool(collected.body)
    annex = part.label if later else ""
    outline = OutlineReader(plan_year, annex=annex).read(part.roots)
    tasks = collected.annexed if later else collected.body
    tasks.extend(outline.tasks)
    collected.schedule.extend(outline.schedule)
    collected.frame.extend(outline.frame)
    collected.issues.extend(outline.issues)
    for para, when, text in part.timed:
        who = next((s.assignment for s in segments(text) if s.assignment), None)
        units = tuple(dict.fromkeys((*who.lead_units, *who.responsible_units))) if who else ()
        timed, issues = entry(when, units, para.where, plan_year, text=tidy(segments(text)[0].text), annex=annex)
        collected.schedule.append(timed)
        collected.issues.extend(issues)
    in_body: list[Task] = []
    for grid, section in part.grids:
        reading = read_grid(grid, plan_year, annex=annex, title=f"{head.title}{section}", count=len(in_body))
        if not reading.understood:
            rows = [" ".join(t for _, t in cells_of(grid, r)) for r in range(len(grid.rows))]
            if sum(map(is_meta_row, rows)) * 2 > sum(1 for row in rows if row):
                collected.frame.append(FramePart("meta", tidy("；".join(rows)), grid.where(0, len(rows) - 1)))
                continue
            collected.issues.append(unread_table(grid))
            continue
        read = [t if _heads(section, t.path) else replace(t, path=(section, *t.path)) for t in reading.tasks]
        in_body.extend(read)
        collected.schedule.extend(reading.schedule)
        collected.frame.extend(reading.frame)
        collected.issues.extend(reading.issues)
    collected.grid_tasks.extend(in_body)
    # A table beside numbered text restates it as an annex would.
    (collected.annexed if later or outline.tasks else collected.body).extend(in_body)


def _heads(section: str, path: tuple[str, ...]) -> bool:
    """Tell whether the path needs no heading of the text before it: there is none, or it has one of that level."""
    outer, inner = read_mark(section), read_mark(path[0]) if path else None
    return not section or (outer is not None and inner is not None and outer.style == inner.style)


def _finish(document: Document, collected: _Collected, head: Head, year: int | None) -> Plan:
    related = relate(collected.body, collected.annexed)
    text = document.text()
    from_grids = {id(t) for t in collected.grid_tasks}
    tables = sum(1 for t in related.tasks if id(t) in from_grids)
    split = any(id(p) in from_grids for t in related.tasks for p in t.parts)
    kind, reasons = decide(head.title, related.tasks, collected.schedule, tables, text, split)
    frame = tuple(sorted((*collected.frame, *related.frame), key=lambda f: f.source.line_from))
    if kind is Kind.NOT_A_PLAN:
        issues = (*reasons, *document.issues)
        return Plan(head.title, head.doc_no, year, head.issued_on, kind, issues=issues, frame=frame)
    tasks = related.tasks
    problems = [*document.issues, *collected.issues, *related.issues]
    if _FIRST_LEADS.search(squeeze(text)[0]):
        tasks = tuple(_first_leads(t) for t in tasks)
        problems.append(Issue("plan.units.first_leads", "lead_units", {}, Severity.NOTICE))
    if not any(t.lead_units or t.responsible_units for t in tasks) and tasks:
        problems.append(Issue("plan.units.none", "tasks", {"count": len(tasks)}, Severity.WARNING))
        tasks = tuple(replace(t, issues=tuple(i for i in t.issues if i.code != "plan.units.missing")) for t in tasks)
    if year is None:
        problems.append(Issue("plan.year.unknown", "year", {}, Severity.WARNING))
    schedule = tuple(collected.schedule)
    problems.extend(_unread(document, tasks, schedule, frame, problems))
    return Plan(head.title, head.doc_no, year, head.issued_on, kind, tasks, schedule, tuple(problems), frame)


def _first_leads(task: Task) -> Task:
    """Make the first responsible unit lead where the document says that it does (排在第一位的为牵头单位)."""
    parts = tuple(_first_leads(p) for p in task.parts)
    if task.lead_units or len(task.responsible_units) < 2:
        return replace(task, parts=parts)
    return replace(
        task, parts=parts, lead_units=task.responsible_units[:1], responsible_units=task.responsible_units[1:]
    )


def _unread(
    document: Document,
    tasks: tuple[Task, ...],
    schedule: tuple[ScheduleEntry, ...],
    frame: tuple[FramePart, ...],
    issues: list[Issue],
) -> list[Issue]:
    """Report every line that no task, entry, frame part or issue covers."""
    covered: set[int] = set()
    places = [t.source for t in tasks] + [e.source for e in schedule] + [f.source for f in frame]
    places += [p.source for t in tasks for p in t.parts]
    places += [i.where for i in issues if i.where]
    for where in places:
        covered.update(range(where.line_from, where.line_to + 1))
    found: list[Issue] = []
    for number, text in _source_lines(document):
        if number in covered or not text:
            continue
        found.append(Issue("plan.line.unread", None, {"text": text[:40]}, Severity.WARNING, Where(number, number)))
    return found


def _source_lines(document: Document) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines.extend((n, tidy(" ".join(row))) for n, row in zip(block.lines, block.rows, strict=True))
        else:
            lines.append((block.line, tidy(clean(block.label + block.text))))
    return lines
