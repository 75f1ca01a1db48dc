"""A plan document comes in: read, understood, kept as an import that people look at before anything is on the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.domain.document import Document, Paragraph
from gongkai.domain.issues import Issue
from gongkai.domain.workplans import Plan, plan_as_dict, read_plan
from gongkai.domain.workplans.characters import clean
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import PlanImport
from gongkai.features.workplans.selectors.imports import duplicate_issue, duplicate_plan
from gongkai.features.workplans.services.writing import require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.documents import Limits, read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.services import file_attach, file_store
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.messages import describe


def plan_upload(
    *, actor: Actor, upload: Any, name: str = "", owner_id: int, now: datetime, force: bool = False
) -> PlanImport:
    """Read an uploaded plan document and keep it as an import to be looked at; nothing is on the ledger yet.

    ``upload`` is Django's uploaded file, bytes, or a path. ``owner_id`` is the unit whose plan it is. With ``force`` a
    document that does not look like a plan is taken, too. A file that cannot be read, is no plan, or was imported
    before is refused with every reason, and nothing is stored. Raises NotPermitted, Refused (DocumentRefused).
    """
    require(permissions.can_manage_plan(actor, owner_id), "导入这个单位的工作方案")
    name = name or str(getattr(upload, "name", "")) or "未命名"
    data = _bytes_of(upload)
    limits = Limits(max_bytes=settings.UPLOAD_LIMIT_BYTES)
    document = read_document(data, name=Path(name).name, limits=limits)
    plan = read_plan(document)
    digest = sha256(data).hexdigest()
    issues = [] if plan.is_plan or force else [*plan.issues] or [Issue("workplans.import.not_a_plan", field="file")]
    with transaction.atomic():
        if not Unit.objects.select_for_update(no_key=True).filter(pk=owner_id).exists():
            issues.append(Issue("workplans.unit.unknown", field="owner_id", values={"unit": owner_id}))
        issues += _known_already(owner_id, digest, plan.doc_no)
        if issues:
            raise Refused(issues)
        file = file_store(actor=actor, upload=data, name=name, unit_id=owner_id, now=now)
        row = PlanImport.objects.create(
            file=file,
            name=file.name,
            sha256=digest,
            owner_id=owner_id,
            source=source_lines(document),
            parsed=plan_as_dict(plan, describe=describe),
            heading=_heading(plan),
            tasks=working_copy(plan),
            created_by_id=actor.user_id,
            created_at=now,
            changed_at=now,
        )
        file_attach(actor=actor, file=file, target_type="workplans.import", target_id=row.pk, now=now)
        record(
            actor=actor,
            action="workplans.import.upload",
            target_type="workplans.import",
            target_id=row.pk,
            summary=f"上传工作方案“{plan.title or name}”，识别出{len(row.tasks)}项任务",
            unit_id=owner_id,
            details={"file": file.pk, "sha256": digest, "kind": plan.kind.value, "forced": force},
            now=now,
        )
    return row


def _bytes_of(upload: Any) -> bytes:
    if isinstance(upload, Path):
        return upload.read_bytes()
    if isinstance(upload, bytes):
        return upload
    if hasattr(upload, "seek"):
        upload.seek(0)
    data: bytes = upload.read(settings.UPLOAD_LIMIT_BYTES + 1)  # one byte more than allowed is refused by the reader
    return data


def _known_already(owner_id: int, digest: str, doc_no: str) -> list[Issue]:
    issues = []
    if (plan := duplicate_plan(owner_id=owner_id, sha256=digest, doc_no=doc_no)) is not None:
        issues.append(duplicate_issue(plan))
    same = PlanImport.objects.filter(owner_id=owner_id, sha256=digest, state=PlanImport.State.OPEN).first()
    if same is not None:
        issues.append(
            Issue("workplans.import.duplicate_import", field="file", values={"name": same.name, "import": same.pk})
        )
    return issues


def source_lines(document: Document) -> list[dict[str, Any]]:
    """Return the document line by line for the left side of the preview; a table row is one line."""
    lines: list[dict[str, Any]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                lines.append({"line": block.line, "text": clean(block.label + block.text).strip()})
            continue
        for r, row in enumerate(block.rows):
            cells = [clean(t).strip() for c, t in enumerate(row) if block.origins[r][c] == (r, c) and t.strip()]
            if cells:
                lines.append({"line": block.lines[r], "text": " ｜ ".join(cells), "sheet": block.sheet or ""})
    return lines


def _heading(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title[:300],
        "doc_no": plan.doc_no[:100],
        "year": plan.year,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else "",
        "kind": plan.kind.value,
    }


def working_copy(plan: Plan) -> list[dict[str, Any]]:
    """Return the tasks of a plan, parts behind their task, as people may correct them.

    A document that is nothing but a timetable has its entries as tasks, each due on its last day.
    """
    tasks: list[dict[str, Any]] = []
    read = plan_as_dict(plan, describe=describe)
    for n, task in enumerate(read["tasks"], 1):
        _collect(task, f"t{n}", None, tasks)
    return tasks or [_from_timetable(entry, n) for n, entry in enumerate(read["schedule"], 1)]


def _from_timetable(entry: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Return an entry of a timetable as a task."""
    return {
        "key": f"t{n}",
        "parent_key": "",
        "no": str(n),
        "path": [entry["annex"]] if entry["annex"] else [],
        "title": (entry["text"] or entry["when"])[:300],
        "text": entry["text"],
        "lead_units": [],
        "responsible_units": list(dict.fromkeys(entry["units"])),
        "cooperating_units": [],
        "due_on": entry["to"] or "",
        "standing": False,
        "due_phrase": entry["when"][:200],
        "milestones": [],
        "duties": [],
        "shared_duty": False,
        "kind": "task",
        "target": "",
        "note": "",
        "line_from": entry["source"]["line_from"],
        "line_to": entry["source"]["line_to"],
        "issues": [],
        "dropped": "",
    }


def _collect(data: Mapping[str, Any], key: str, parent: Mapping[str, Any] | None, tasks: list[dict[str, Any]]) -> None:
    """Append a task and its parts. A part without a time limit of its own is bound by that of its task."""
    cooperating = list(dict.fromkeys(data["cooperating_units"]))
    dates = sorted({due["on"] for due in data["due"] if due["on"]})
    limit = {
        "due_on": dates[-1] if dates else "",
        "standing": any(due["standing"] for due in data["due"]),
        "due_phrase": "；".join(_phrases(due["phrase"] for due in data["due"]))[:200],
    }
    if parent is not None and not data["due"]:
        limit = {name: parent[name] for name in limit}
    # A duty of every day is looked at like a standing one: nobody counts 365 checks a year.
    daily = [p for p in data["periodic"] if p["period"] == "day"]
    tasks.append(
        {
            "key": key,
            "parent_key": parent["key"] if parent else "",
            "no": data["no"],
            "path": data["path"],
            "title": data["title"][:300],
            "text": data["text"],
            "lead_units": list(dict.fromkeys(data["lead_units"])),
            "responsible_units": [u for u in dict.fromkeys(data["responsible_units"]) if u not in cooperating],
            "cooperating_units": cooperating,
            **limit,
            "standing": limit["standing"] or bool(daily),
            "milestones": [{"on": d, "phrase": _phrase_of(data["due"], d)} for d in dates[:-1]],
            "duties": [
                {"period": p["period"], "times": p["count"], "phrase": p["phrase"]}
                for p in data["periodic"]
                if p["period"] != "day" and 1 <= p["count"] <= 1000
            ],
            "shared_duty": data["shared_duty"],
            "kind": data["kind"],
            "target": data["target"],
            "note": data["note"],
            "line_from": data["source"]["line_from"],
            "line_to": data["source"]["line_to"],
            "issues": [issue["message"] for issue in data["issues"]],
            "dropped": "",
        }
    )
    own = tasks[-1]
    for n, part in enumerate(data.get("parts", ()), 1):
        _collect(part, f"{key}.{n}", own, tasks)


def _phrases(phrases: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _phrase_of(dues: Iterable[Mapping[str, Any]], day: str) -> str:
    return next((due["phrase"] for due in dues if due["on"] == day), "")
