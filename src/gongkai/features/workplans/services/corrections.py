"""Correcting a plan under preview: headings, units, dates, titles; merging, splitting off and dropping tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import Duty, PlanImport
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.features.workplans.services.writing import require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused

Task = dict[str, Any]
TEXTS = {"title": 300, "text": 20_000, "no": 60, "due_phrase": 200, "target": 20_000, "note": 20_000}
LISTS = ("lead_units", "responsible_units", "cooperating_units")
FLAGS = ("standing", "shared_duty")
LONGEST_PHRASE = 200


def lock_import(*, actor: Actor, import_id: int, revision: int | None) -> PlanImport:
    """Load an open import for writing; raises NotFound, NotPermitted, Refused when it was changed or ended meanwhile."""
    found = PlanImport.objects.select_for_update(of=("self",), no_key=True).select_related("owner").filter(pk=import_id)
    row = found.first()
    if row is None:
        raise NotFound("方案导入", import_id)
    require(permissions.can_manage_plan(actor, row.owner_id), "修改方案导入内容")
    issues = []
    if row.state != PlanImport.State.OPEN:
        issues.append(Issue("workplans.import.not_open", values={"state": row.get_state_display()}))
    if revision is not None and revision != row.revision:
        issues.append(Issue("workplans.import.changed_meanwhile", field="revision"))
    if issues:
        raise Refused(issues)
    return row


def save_import(
    *, actor: Actor, row: PlanImport, what: str, details: Mapping[str, Any], now: datetime, action: str = "correct"
) -> PlanImport:
    """Save a changed import under a new revision, with a line in its list of corrections and in the audit trail."""
    row.revision += 1
    row.changed_at = now
    row.corrections = [
        *row.corrections,
        {"at": now.isoformat(), "by": actor.name, "by_id": actor.user_id, "what": what, "details": dict(details)},
    ]
    row.save()
    record(
        actor=actor,
        action=f"workplans.import.{action}",
        target_type="workplans.import",
        target_id=row.pk,
        summary=f"{what}：{row.name}",
        unit_id=row.owner_id,
        details=details,
        now=now,
    )
    return row


def import_correct(
    *, actor: Actor, import_id: int, revision: int, changes: Mapping[str, Any], now: datetime
) -> PlanImport:
    """Change heading and tasks; only what is named changes.

    ``changes`` is ``{"heading": {title, doc_no, year, issued_on}, "tasks": {key: {title, text, no, target, note, due_on,
    standing, due_phrase, lead_units, responsible_units, cooperating_units, shared_duty, kind, duties, milestones}}}``;
    dates are ISO text or empty, units are lists of phrases, duties are ``{period, times, phrase}``, milestones
    ``{on, phrase}``. Raises NotFound, NotPermitted, Refused with every problem, naming the task.
    """
    with transaction.atomic():
        row = lock_import(actor=actor, import_id=import_id, revision=revision)
        issues: list[Issue] = []
        heading, said = _correct_heading(row.heading, changes.get("heading", {}), issues)
        tasks = {task["key"]: task for task in row.tasks}
        details: dict[str, Any] = {"heading": said} if said else {}
        for key, fields in changes.get("tasks", {}).items():
            if key not in tasks:
                issues.append(Issue("workplans.import.no_such_task", field=key, values={"key": key}))
                continue
            changed = _correct_task(tasks[key], fields, issues)
            before = {name: tasks[key].get(name) for name in changed}
            if before != changed:
                details[key] = {"from": before, "to": changed}
                tasks[key] = {**tasks[key], **changed}
        if issues:
            raise Refused(issues)
        if not details:
            return row
        row.heading, row.tasks = heading, [tasks[task["key"]] for task in row.tasks]
        return save_import(actor=actor, row=row, what="修改导入内容", details=details, now=now)


def _correct_heading(
    heading: Mapping[str, Any], fields: Mapping[str, Any], issues: list[Issue]
) -> tuple[dict[str, Any], dict[str, Any]]:
    changed: dict[str, Any] = {}
    if "title" in fields:
        changed["title"] = str(fields["title"]).strip()[:300]
    if "doc_no" in fields:
        changed["doc_no"] = str(fields["doc_no"]).strip()[:100]
    if "year" in fields:
        text = str(fields["year"] or "").strip()
        if text and not (text.isascii() and text.isdigit() and 2000 <= int(text) <= 2199):
            issues.append(Issue("workplans.import.bad_year", field="year", values={"year": text}))
        else:
            changed["year"] = int(text) if text else None
    if "issued_on" in fields:
        text = str(fields["issued_on"] or "").strip()
        if text and _day(text) is None:
            issues.append(
                Issue("workplans.import.bad_date", field="issued_on", values={"where": "印发日期", "text": text})
            )
        else:
            changed["issued_on"] = text
    said = {
        name: {"from": heading.get(name), "to": value} for name, value in changed.items() if heading.get(name) != value
    }
    return {**heading, **changed}, said


def _correct_task(task: Task, fields: Mapping[str, Any], issues: list[Issue]) -> Task:
    changed: Task = {}
    where = f"任务{task['no'] or task['key']}"
    for name, longest in TEXTS.items():
        if name in fields:
            changed[name] = str(fields[name] or "").strip()[:longest]
    for name in LISTS:
        if name in fields:
            phrases = [str(p).strip() for p in fields[name] if str(p).strip()]
            for phrase in phrases:
                if len(phrase) > LONGEST_PHRASE:
                    values = {"where": where, "length": len(phrase), "limit": LONGEST_PHRASE}
                    issues.append(Issue("workplans.import.phrase_too_long", field=task["key"], values=values))
            changed[name] = list(dict.fromkeys(phrases))
    for name in FLAGS:
        if name in fields:
            changed[name] = bool(fields[name])
    if "due_on" in fields:
        text = str(fields["due_on"] or "").strip()
        if text and _day(text) is None:
            values = {"where": where, "text": text}
            issues.append(Issue("workplans.import.bad_date", field=task["key"], values=values))
        else:
            changed["due_on"] = text
    if fields.get("kind") in ("task", "guarantee"):
        changed["kind"] = fields["kind"]
    if "duties" in fields:
        changed["duties"] = _duties(fields["duties"], task["key"], where, issues)
    if "milestones" in fields:
        changed["milestones"] = _milestones(fields["milestones"], task["key"], where, issues)
    return changed


def _duties(wanted: Sequence[Mapping[str, Any]], key: str, where: str, issues: list[Issue]) -> list[dict[str, Any]]:
    """Check corrected periodic duties: a period of the ledger and 1 to 1000 times."""
    duties = []
    for duty in wanted:
        period, times = str(duty.get("period", "")), str(duty.get("times", ""))
        if period not in Duty.Period.values:
            issues.append(Issue("workplans.duty.period", field=key, values={"period": f"{where}：{period}"}))
        elif not (times.isascii() and times.isdigit() and 1 <= int(times) <= 1000):
            issues.append(Issue("workplans.duty.times", field=key, values={"times": f"{where}：{times}"}))
        else:
            duties.append({"period": period, "times": int(times), "phrase": str(duty.get("phrase", ""))[:200]})
    return duties


def _milestones(wanted: Sequence[Mapping[str, Any]], key: str, where: str, issues: list[Issue]) -> list[dict[str, Any]]:
    """Check corrected earlier dates of a task."""
    milestones = []
    for milestone in wanted:
        text = str(milestone.get("on", "")).strip()
        if _day(text) is None:
            issues.append(Issue("workplans.import.bad_date", field=key, values={"where": where, "text": text}))
        else:
            milestones.append({"on": text, "phrase": str(milestone.get("phrase", ""))[:200]})
    return milestones


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _edit(
    *,
    actor: Actor,
    import_id: int,
    revision: int,
    keys: Sequence[str],
    what: str,
    change: Callable[[list[Task], list[Task]], dict[str, Any]],
    now: datetime,
    reason: str | None = None,
) -> PlanImport:
    """Load the import, find the tasks named, let ``change(all, named)`` work on the list, save."""
    with transaction.atomic():
        row = lock_import(actor=actor, import_id=import_id, revision=revision)
        tasks = [dict(task) for task in row.tasks]
        by_key = {task["key"]: task for task in tasks}
        issues = [
            Issue("workplans.import.no_such_task", field=key, values={"key": key}) for key in keys if key not in by_key
        ]
        if reason is not None and not reason.strip():
            issues.append(Issue("ledger.reason.missing", field="reason", values={"verb": what}))
        if issues:
            raise Refused(issues)
        details = change(tasks, [by_key[key] for key in keys])
        row.tasks = tasks
        return save_import(actor=actor, row=row, what=what, details=details, now=now)


def import_task_drop(
    *, actor: Actor, import_id: int, revision: int, key: str, reason: str, now: datetime
) -> PlanImport:
    """Leave a task (and the rows that split it) out of the ledger, with a reason; it stays in the import.

    Raises NotFound, NotPermitted, Refused.
    """

    def change(tasks: list[Task], named: list[Task]) -> dict[str, Any]:
        for task in tasks:
            if task["key"] == key or task.get("parent_key") == key:
                task["dropped"] = reason.strip()
        return {"key": key, "reason": reason.strip()}

    return _edit(
        actor=actor,
        import_id=import_id,
        revision=revision,
        keys=[key],
        what="去除任务",
        change=change,
        reason=reason,
        now=now,
    )


def import_task_restore(*, actor: Actor, import_id: int, revision: int, key: str, now: datetime) -> PlanImport:
    """Take a dropped task back in. Raises NotFound, NotPermitted, Refused."""

    def change(tasks: list[Task], named: list[Task]) -> dict[str, Any]:
        for task in tasks:
            if task["key"] == key or task.get("parent_key") == key:
                task["dropped"] = ""
        return {"key": key}

    return _edit(
        actor=actor, import_id=import_id, revision=revision, keys=[key], what="恢复任务", change=change, now=now
    )


def import_task_merge(*, actor: Actor, import_id: int, revision: int, keys: Sequence[str], now: datetime) -> PlanImport:
    """Merge tasks into the first one named: texts one after the other, units together, the latest date.

    Raises NotFound, NotPermitted, Refused when fewer than two are named.
    """
    wanted = list(dict.fromkeys(keys))
    if len(wanted) < 2:
        raise Refused(Issue("workplans.import.merge_two", field="tasks"))

    def change(tasks: list[Task], named: list[Task]) -> dict[str, Any]:
        first, others = named[0], named[1:]
        for other in others:
            first["text"] = f"{first['text']}\n{other['text']}".strip()
            for name in LISTS:
                first[name] = list(dict.fromkeys([*first[name], *other[name]]))
            first["due_on"] = max(first["due_on"] or "", other["due_on"] or "")
            first["due_phrase"] = "；".join(p for p in (first["due_phrase"], other["due_phrase"]) if p)[:200]
            first["milestones"] = [*first["milestones"], *other["milestones"]]
            first["duties"] = [*first["duties"], *(d for d in other["duties"] if d not in first["duties"])]
            for name in FLAGS:
                first[name] = first[name] or other[name]
            first["line_from"] = min(filter(None, (first["line_from"], other["line_from"])), default=None)
            first["line_to"] = max(filter(None, (first["line_to"], other["line_to"])), default=None)
            for task in tasks:
                if task.get("parent_key") == other["key"]:
                    task["parent_key"] = first["key"] if first["key"] != task["key"] else ""
        gone = {other["key"] for other in others}
        if first.get("parent_key") in gone:
            first["parent_key"] = ""
        tasks[:] = [task for task in tasks if task["key"] not in gone]
        return {"into": first["key"], "merged": [dict(other) for other in others]}

    return _edit(
        actor=actor, import_id=import_id, revision=revision, keys=wanted, what="合并任务", change=change, now=now
    )


def import_task_split(
    *, actor: Actor, import_id: int, revision: int, key: str, parts: Sequence[Mapping[str, Any]], now: datetime
) -> PlanImport:
    """Put tasks of their own in place behind ``key``: each part has ``title`` and may have ``text``, ``due_on``, units.

    What a part does not say is taken from the task it was split off from, which stays. Raises NotFound, NotPermitted,
    Refused.
    """
    if not parts:
        raise Refused(Issue("workplans.split.nothing", field="parts"))

    def change(tasks: list[Task], named: list[Task]) -> dict[str, Any]:
        origin = named[0]
        numbers = [int(t["key"][1:]) for t in tasks if t["key"].startswith("s") and t["key"][1:].isdigit()]
        issues: list[Issue] = []
        fresh = []
        for n, part in enumerate(parts, max(numbers, default=0) + 1):
            task = {**origin, "key": f"s{n}", "milestones": [], "duties": [], "issues": [], "dropped": ""}
            fresh.append({**task, **_correct_task(task, part, issues)})
        if issues:
            raise Refused(issues)
        at = tasks.index(origin) + 1
        tasks[at:at] = fresh
        return {"from": key, "added": [task["key"] for task in fresh]}

    return _edit(
        actor=actor, import_id=import_id, revision=revision, keys=[key], what="拆出任务", change=change, now=now
    )


def import_discard(*, actor: Actor, import_id: int, reason: str, now: datetime) -> PlanImport:
    """Give an import up with a reason; the file and what was read stay on record. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        row = lock_import(actor=actor, import_id=import_id, revision=None)
        if not reason.strip():
            raise Refused(Issue("ledger.reason.missing", field="reason", values={"verb": "放弃导入"}))
        row.state = PlanImport.State.DISCARDED
        details = {"reason": reason.strip()}
        return save_import(actor=actor, row=row, what="放弃方案导入", details=details, action="discard", now=now)
