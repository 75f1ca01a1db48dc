"""A plan in the short form in which the expected results are kept: who does what by when, on which lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gongkai.domain.document import Document, from_lines
from gongkai.domain.workplans import Plan, Task

SAMPLES = Path(__file__).parents[2] / "data" / "plans"
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


def sample(name: str) -> Document:
    """Return a sample plan as a document."""
    return from_lines((SAMPLES / name).read_text(encoding="utf-8"), name=name)


def seed(number: int) -> Document | None:
    """Return one of the real documents, or None where they are not at hand."""
    found = sorted(SEEDS.glob(f"{number:03d}_*.txt"))
    return from_lines(found[0].read_text(encoding="utf-8"), name=f"S{number}") if found else None


def expected(name: str) -> dict[str, Any]:
    """Return the reviewed result for a sample or seed."""
    data: dict[str, Any] = json.loads((SAMPLES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return data


def short(plan: Plan) -> dict[str, Any]:
    """Return a plan in short form."""
    return {
        "title": plan.title,
        "doc_no": plan.doc_no,
        "year": plan.year,
        "issued_on": str(plan.issued_on) if plan.issued_on else None,
        "kind": plan.kind.value,
        "tasks": [short_task(task) for task in plan.tasks],
        "schedule": [
            {"when": e.when, "from": _day(e.starts_on), "to": _day(e.ends_on), "units": list(e.units)}
            for e in plan.schedule
        ],
        "issues": [issue.code for issue in plan.issues],
    }


def short_task(task: Task) -> dict[str, Any]:
    """Return a task in short form; what is empty is left out."""
    data: dict[str, Any] = {
        "no": task.no,
        "path": list(task.path),
        "title": task.title,
        "lead": list(task.lead_units),
        "responsible": list(task.responsible_units),
        "cooperating": list(task.cooperating_units),
        "leaders": list(task.leaders),
        "due": [[_day(d.on), "standing" if d.standing else "", d.phrase] for d in task.due],
        "periodic": [[p.count, p.period.value] for p in task.periodic],
        "shared": task.shared_duty,
        "kind": "" if task.kind == "task" else task.kind,
        "target": task.target,
        "note": task.note,
        "lines": [task.source.line_from, task.source.line_to],
        "issues": [issue.code for issue in task.issues],
        "parts": [short_task(part) for part in task.parts],
    }
    return {key: value for key, value in data.items() if value}


def units_and_dates(plan: Plan) -> dict[str, Any]:
    """Return of a plan only who and by when, without any of its words: the form kept for the real documents."""
    kept = ("no", "lead", "responsible", "shared", "periodic", "kind", "lines")

    def strip(task: dict[str, Any]) -> dict[str, Any]:
        data = {key: task[key] for key in kept if key in task}
        if "due" in task:
            data["due"] = [due[:2] for due in task["due"]]
        if "parts" in task:
            data["parts"] = [strip(part) for part in task["parts"]]
        return data

    data = short(plan)
    return {**data, "tasks": [strip(task) for task in data["tasks"]]}


def _day(day: object) -> str | None:
    return str(day) if day else None
