"""A plan as plain data, ready for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gongkai.domain.issues import Issue, Where
from gongkai.domain.workplans.model import Due, Plan, ScheduleEntry, Task

Describe = Callable[[Issue], str]


def _code(issue: Issue) -> str:
    return issue.code


def plan_as_dict(plan: Plan, *, describe: Describe = _code) -> dict[str, Any]:
    """Return the plan in the form that ``gongkai plan read --json`` prints; see docs/domain/plan-reading.md.

    ``describe`` turns an issue into its sentence (``gongkai.rulebook.messages.describe``); without it the code stands
    in the sentence's place, since the domain knows no message files.
    """
    return {
        "title": plan.title,
        "doc_no": plan.doc_no,
        "year": plan.year,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "kind": plan.kind.value,
        "tasks": [task_as_dict(task, describe=describe) for task in plan.tasks],
        "schedule": [_entry(entry) for entry in plan.schedule],
        "issues": _issues(plan.issues, describe),
    }


def task_as_dict(task: Task, *, describe: Describe = _code) -> dict[str, Any]:
    """Return one task with its parts."""
    data: dict[str, Any] = {
        "no": task.no,
        "path": list(task.path),
        "title": task.title,
        "text": task.text,
        "lead_units": list(task.lead_units),
        "responsible_units": list(task.responsible_units),
        "cooperating_units": list(task.cooperating_units),
        "leaders": list(task.leaders),
        "shared_duty": task.shared_duty,
        "open_list": task.open_list,
        "due": [_due(due) for due in task.due],
        "periodic": [{"count": p.count, "period": p.period.value, "phrase": p.phrase} for p in task.periodic],
        "kind": task.kind,
        "annex": task.annex,
        "target": task.target,
        "note": task.note,
        "phrase": task.phrase,
        "source": _source(task.source),
        "issues": _issues(task.issues, describe),
    }
    if task.parts:
        data["parts"] = [task_as_dict(part, describe=describe) for part in task.parts]
    return data


def _due(due: Due) -> dict[str, Any]:
    return {
        "on": due.on.isoformat() if due.on else None,
        "standing": due.standing,
        "phrase": due.phrase,
        "immediate": due.immediate,
        "source": due.source,
    }


def _entry(entry: ScheduleEntry) -> dict[str, Any]:
    return {
        "when": entry.when,
        "from": entry.starts_on.isoformat() if entry.starts_on else None,
        "to": entry.ends_on.isoformat() if entry.ends_on else None,
        "units": list(entry.units),
        "text": entry.text,
        "annex": entry.annex,
        "source": _source(entry.source),
    }


def _source(where: Where) -> dict[str, Any]:
    data: dict[str, Any] = {"line_from": where.line_from, "line_to": where.line_to}
    if where.page is not None:
        data["page"] = where.page
    if where.sheet is not None:
        data["sheet"] = where.sheet
    return data


def _issues(issues: Iterable[Issue], describe: Describe) -> list[dict[str, Any]]:
    return [
        {
            "code": issue.code,
            "severity": issue.severity.value,
            "message": describe(issue),
            "field": issue.field,
            **({"line_from": issue.where.line_from, "line_to": issue.where.line_to} if issue.where else {}),
        }
        for issue in issues
    ]
