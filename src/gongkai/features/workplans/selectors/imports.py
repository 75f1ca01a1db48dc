"""The preview of an imported plan: what it says, what its unit phrases mean today, what stands against confirming it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from gongkai.domain.issues import Issue, Severity
from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import PlanImport, WorkPlan
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.features.workplans.selectors.import_values import ImportRow, ImportTask, ImportView, PhraseView
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit, UnitGroup
from gongkai.kernel.orgs.selectors import Resolution, groups_members, rule_members, unit_resolve_many


def import_list(*, actor: Actor) -> list[ImportRow]:
    """Return the imports of units whose plans the actor keeps, newest first."""
    imports = PlanImport.objects.select_related("owner", "created_by").order_by("-pk")
    return [
        ImportRow(
            id=row.pk,
            name=row.name,
            owner_name=row.owner.display_name,
            state=row.state,
            state_name=row.get_state_display(),
            title=row.heading.get("title", ""),
            tasks=len(row.tasks),
            created_at=row.created_at,
            created_by_name=row.created_by.get_full_name() if row.created_by else "",
            plan_id=row.plan_id,
        )
        for row in imports[:500]
        if permissions.can_manage_plan(actor, row.owner_id)
    ]


def import_get(*, actor: Actor, import_id: int, today: date) -> ImportView:
    """Return an import with everything its preview shows; raises NotFound, NotPermitted."""
    row = PlanImport.objects.select_related("owner", "file").filter(pk=import_id).first()
    if row is None:
        raise NotFound("方案导入", import_id)
    if not permissions.can_manage_plan(actor, row.owner_id):
        raise NotPermitted(ability="查看方案导入")
    return import_view(row, today=today)


def import_view(row: PlanImport, *, today: date) -> ImportView:
    """Build the preview of a loaded import."""
    tasks = tuple(ImportTask.from_json(data) for data in row.tasks)
    phrases = phrase_views(row, tasks, today=today)
    duplicate = duplicate_plan(owner_id=row.owner_id, sha256=row.sha256, doc_no=row.heading.get("doc_no", ""))
    problems, warnings = import_issues(row, tasks, phrases)
    if duplicate is not None and row.state == PlanImport.State.OPEN:
        problems.append(duplicate_issue(duplicate))
    return ImportView(
        id=row.pk,
        name=row.name,
        state=row.state,
        revision=row.revision,
        owner_id=row.owner_id,
        owner_name=row.owner.display_name,
        heading=row.heading,
        source=row.source,
        tasks=tasks,
        phrases=phrases,
        schedule=row.parsed.get("schedule", []),
        problems=tuple(problems),
        warnings=tuple(warnings),
        corrections=row.corrections,
        file_id=row.file_id,
        plan_id=row.plan_id,
        duplicate_plan_id=duplicate.pk if duplicate else None,
        reader_remarks=tuple(issue["message"] for issue in row.parsed.get("issues", [])),
    )


def duplicate_plan(*, owner_id: int, sha256: str, doc_no: str) -> WorkPlan | None:
    """Return the unit's plan made from the same file or bearing the same document number, if there is one."""
    plans = WorkPlan.objects.filter(owner_id=owner_id)
    same_file = plans.filter(source_sha256=sha256).first() if sha256 else None
    return same_file or (plans.filter(doc_no=doc_no).first() if doc_no else None)


def duplicate_issue(plan: WorkPlan) -> Issue:
    """Return the reason why a document is not imported a second time."""
    return Issue(
        "workplans.import.duplicate_plan",
        field="file",
        values={"title": plan.title, "plan": plan.pk, "doc_no": plan.doc_no or "无文号"},
    )


def phrase_views(row: PlanImport, tasks: Iterable[ImportTask], *, today: date) -> tuple[PhraseView, ...]:
    """Return what each phrase of the tasks that are kept means today, in order of appearance."""
    counts = Counter(phrase for task in tasks if not task.dropped for _, phrase in task.phrases())
    if not counts:
        return ()
    found = unit_resolve_many(phrases=counts, on=today, home_id=row.owner_id)
    decisions: Mapping[str, Mapping[str, Any]] = row.decisions
    units = Unit.objects.in_bulk([d["unit_id"] for d in decisions.values() if d.get("unit_id")])
    group_ids = {d["group_id"] for d in decisions.values() if d.get("group_id")}
    group_ids |= {r.group.pk for r in found.values() if r.group is not None}
    groups = UnitGroup.objects.select_related("home").in_bulk(group_ids)
    members = groups_members(groups=list(groups.values()), on=today) if groups else {}
    return tuple(
        _phrase_view(phrase, count, found[phrase], decisions.get(phrase, {}), units, groups, members, today)
        for phrase, count in counts.items()
    )


def _phrase_view(
    phrase: str,
    count: int,
    found: Resolution,
    decision: Mapping[str, Any],
    units: Mapping[int, Unit],
    groups: Mapping[int, UnitGroup],
    members: Mapping[int, Sequence[Unit]],
    today: date,
) -> PhraseView:
    kind = decision.get("decision", "")
    unit = units.get(decision.get("unit_id") or 0) if kind == "unit" else (None if kind else found.unit)
    group = groups.get(decision.get("group_id") or 0) if decision.get("group_id") else None
    if group is None and kind in ("", "group"):
        group = groups.get(found.group.pk) if found.group is not None else None
    names = [member.display_name for member in members.get(group.pk, ())] if group else []
    if group is None and kind in ("", "group") and found.kind == "group" and found.rule is not None:
        home_id = found.home.pk if found.home is not None else None
        if home_id is not None and not found.rule.open:
            names = [m.display_name for m in rule_members(rule=found.rule, home_id=home_id, on=today)]
    settled = kind == "text" or unit is not None or (kind == "group") or (not kind and found.kind == "group")
    return PhraseView(
        phrase=phrase,
        count=count,
        decision=kind,
        found=found.kind,
        unit_id=unit.pk if unit else None,
        unit_name=unit.name if unit else "",
        group_id=group.pk if group else None,
        group_name=group.name if group else "",
        members=tuple(names),
        candidates=tuple((u.pk, u.name, score) for u, score in found.candidates),
        settled=settled,
    )


def import_issues(
    row: PlanImport, tasks: Sequence[ImportTask], phrases: Sequence[PhraseView]
) -> tuple[list[Issue], list[Issue]]:
    """Return every problem that stops the confirmation, and every warning that does not."""
    problems: list[Issue] = []
    warnings: list[Issue] = []
    heading = row.heading
    if row.state != PlanImport.State.OPEN:
        problems.append(Issue("workplans.import.not_open", values={"state": row.get_state_display()}))
    if not heading.get("title", "").strip():
        problems.append(Issue("workplans.import.no_title", field="title"))
    if not heading.get("year"):
        problems.append(Issue("workplans.import.no_year", field="year"))
    elif not 2000 <= int(heading["year"]) <= 2199:
        problems.append(Issue("workplans.import.bad_year", field="year", values={"year": heading["year"]}))
    kept = [task for task in tasks if not task.dropped]
    dropped = {task.key for task in tasks if task.dropped}
    if not kept:
        problems.append(Issue("workplans.import.no_tasks", field="tasks"))
    for task in kept:
        shown = {"no": task.no or task.key, "title": task.title or "（无标题）"}
        if not task.title.strip():
            problems.append(Issue("workplans.import.task_without_title", field=task.key, values=shown))
        if task.parent_key in dropped:
            problems.append(Issue("workplans.import.parent_dropped", field=task.key, values=shown))
        if not any(task.phrases()):
            warnings.append(_warning("workplans.import.task_without_units", task.key, shown))
        elif task.shared_duty and not task.lead_units:
            warnings.append(_warning("workplans.import.shared_duty", task.key, shown))
        if task.due_on is None and not task.standing and not task.duties:
            warnings.append(_warning("workplans.import.task_without_date", task.key, shown))
        if task.due_on is not None and heading.get("year") and task.due_on.year < int(heading["year"]):
            values = {**shown, "due": task.due_on.isoformat()}
            warnings.append(_warning("workplans.import.due_before_year", task.key, values))
    for view in phrases:
        if not view.settled:
            code = "ambiguous" if view.found == "ambiguous" else "unknown"
            values = {"phrase": view.phrase, "count": view.count}
            if code == "ambiguous":
                problems.append(Issue("workplans.import.phrase_ambiguous", field=view.phrase, values=values))
            else:
                problems.append(Issue("workplans.import.phrase_unknown", field=view.phrase, values=values))
    return problems, warnings


def _warning(code: str, field: str, values: Mapping[str, object]) -> Issue:
    return Issue(code, field=field, values=values, severity=Severity.WARNING)
