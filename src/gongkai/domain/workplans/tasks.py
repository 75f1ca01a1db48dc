"""Building one task from its pieces: dates of label and clause, recurring duties, issues with their lines."""

from __future__ import annotations

from dataclasses import replace

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.due_phrases import PlanYear, clause_dues, stated_dues
from gongkai.domain.workplans.model import Assignment, Due, Periodic, Task
from gongkai.domain.workplans.periodic import find_periodic


def build_task(
    *,
    no: str,
    path: tuple[str, ...],
    title: str,
    text: str,
    assignment: Assignment | None,
    plan_year: PlanYear,
    source: Where,
    due_texts: tuple[str, ...] = (),
    target: str = "",
    note: str = "",
    annex: str = "",
    kind: str = "task",
    issues: tuple[Issue, ...] = (),
    expect_units: bool = True,
    inherited: bool = False,
) -> Task:
    """Return the task; limits that a label or column states come before those found in the clause."""
    who = assignment or Assignment()
    due: list[Due] = []
    found_issues: list[Issue] = list(issues)
    periodic: list[Periodic] = []
    for phrase in (*due_texts, who.due_text):
        dues, problems = stated_dues(phrase, plan_year)
        due.extend(d for d in dues if d not in due)
        found_issues.extend(problems)
        _add_periodic(periodic, phrase)
    for clause in (text, target):
        dues, problems = clause_dues(clause, plan_year)
        due.extend(d for d in dues if not any(o.on == d.on and (o.standing or not d.standing) for o in due))
        found_issues.extend(problems)
        _add_periodic(periodic, clause)
    found_issues.extend(who.issues)
    if expect_units and not who.has_units:
        severity = Severity.NOTICE if kind == "guarantee" else Severity.WARNING
        found_issues.append(Issue("plan.units.missing", "responsible_units", {"title": title}, severity))
    if inherited:
        found_issues.append(Issue("plan.units.inherited", "responsible_units", {"title": title}, Severity.NOTICE))
    if plan_year.issued_on:
        for d in due:
            if d.on and d.on < plan_year.issued_on:
                values = {"phrase": d.phrase, "issued_on": plan_year.issued_on.isoformat()}
                found_issues.append(Issue("plan.due.before_issue", "due", values, Severity.WARNING))
    return Task(
        no=no,
        path=path,
        title=title,
        text=text,
        lead_units=who.lead_units,
        responsible_units=who.responsible_units,
        due=tuple(due),
        source=source,
        issues=tuple(issue if issue.where else replace(issue, where=source) for issue in found_issues),
        cooperating_units=who.cooperating_units,
        leaders=who.leaders,
        periodic=tuple(periodic),
        phrase=who.phrase,
        shared_duty=who.shared,
        open_list=who.open_list,
        kind=kind,
        annex=annex,
        target=target,
        note="；".join(x for x in (note, *(f"{k}：{v}" for k, v in who.notes.items())) if x),
    )


def _add_periodic(known: list[Periodic], text: str) -> None:
    """Add the recurring duties of a text; one that is already known by count and period is not said twice."""
    for found in find_periodic(text):
        if all((p.count, p.period) != (found.value.count, found.value.period) for p in known):
            known.append(found.value)
