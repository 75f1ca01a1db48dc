"""How the rows of an annex stand to the tasks of the body: as their parts, in their stead, or beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.characters import squeeze
from gongkai.domain.workplans.model import FramePart, Task
from gongkai.domain.workplans.numbering import read_mark


@dataclass(frozen=True, slots=True)
class Relation:
    """The tasks of the plan after body and annexes were brought together."""

    tasks: tuple[Task, ...]
    issues: tuple[Issue, ...] = ()
    frame: tuple[FramePart, ...] = ()


def relate(body: list[Task], annex: list[Task]) -> Relation:
    """Bring the tasks of the body and the rows of the annexes together without counting anything twice.

    Rows that restate a task of the body become its ``parts``, unless the body names no units: then the rows are the
    tasks and the clauses they restate are kept as frame. Rows that restate nothing are tasks of their own; if none restates anything and the body names no
    unit at all, the body is a letter and its points are measures.
    """
    if not body or not annex:
        return Relation(tuple(body or annex))
    keys = [(_key(task.title), _key(task.text)) for task in body]
    matches = [_match(row, keys) for row in annex]
    matched = [m for m in matches if m is not None]
    if not matched:
        if any(map(_has_units, annex)) and not any(map(_has_units, body)):
            # Points of the letter that hands the plan on.
            body = [replace(task, kind="guarantee") for task in body]
        return Relation((*body, *annex))
    restated = set(matched)
    label = annex[0].annex or "附表"
    with_units = sum(1 for i in restated if _has_units(body[i]))
    rows_with_units = sum(1 for row in annex if _has_units(row))
    if with_units < len(restated) / 2 and rows_with_units >= len(annex) / 2:
        kept = [task for i, task in enumerate(body) if i not in restated]
        frame = tuple(FramePart("restated", body[i].text, body[i].source) for i in sorted(restated))
        issue = Issue(
            "plan.annex.replaces",
            "tasks",
            {"annex": label, "rows": len(annex), "count": len(restated)},
            Severity.NOTICE,
            _where(annex),
        )
        return Relation((*kept, *annex), (issue,), frame)
    tasks = list(body)
    for i in restated:
        parts = tuple(row for row, m in zip(annex, matches, strict=True) if m == i)
        tasks[i] = _with_parts(body[i], parts)
    alone = [row for row, m in zip(annex, matches, strict=True) if m is None]
    values: dict[str, object] = {"annex": label, "rows": len(matched), "count": len(restated), "alone": len(alone)}
    issue = Issue("plan.annex.parts", "tasks", values, Severity.NOTICE, _where(annex))
    return Relation((*tasks, *alone), (issue,))


def _where(annex: list[Task]) -> Where:
    return Where(annex[0].source.line_from, annex[-1].source.line_to)


def _has_units(task: Task) -> bool:
    return bool(task.lead_units or task.responsible_units)


def _key(text: str) -> str:
    return squeeze(text)[0].strip("。；，：.")


def _match(row: Task, body: list[tuple[str, str]]) -> int | None:
    """Return the place of the task that a row restates; ``body`` holds the titles and texts of the tasks as keys."""
    headings = {_key(_without_number(h)) for h in (row.title, *row.path[-1:]) if h}
    for i, (title, _) in enumerate(body):
        if title in headings:
            return i
    text = _key(row.text)
    if len(text) < 12:
        return None
    for i, (_, whole) in enumerate(body):
        if text in whole or (len(whole) >= 12 and whole in text):
            return i
    return next((i for i, (_, whole) in enumerate(body) if text[:24] in whole), None)


def _without_number(heading: str) -> str:
    mark = read_mark(heading)
    return heading[mark.length :] if mark else heading


def _with_parts(task: Task, parts: tuple[Task, ...]) -> Task:
    """Hang the parts under the task; what the body leaves open is taken from them."""
    changed = replace(task, parts=parts)
    if not _has_units(task):
        lead = tuple(dict.fromkeys(u for p in parts for u in p.lead_units))
        others = tuple(dict.fromkeys(u for p in parts for u in p.responsible_units))
        issues = tuple(i for i in task.issues if i.code != "plan.units.missing")
        changed = replace(
            changed, lead_units=lead, responsible_units=others, issues=issues if lead or others else task.issues
        )
    if not task.due:
        changed = replace(changed, due=tuple(dict.fromkeys(d for p in parts for d in p.due)))
    return changed
