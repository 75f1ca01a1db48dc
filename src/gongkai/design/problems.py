"""Issues and form errors as lines of an error summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BaseForm

from gongkai.domain.issues import Basis, Issue, Severity, Where
from gongkai.rulebook.messages import describe

TONES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "blue"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of an error summary: a sentence, where it leads, where it stood in a source and what it rests on."""

    text: str
    tone: str = "red"
    anchor: str = ""
    place: str = ""
    basis: tuple[Basis, ...] = ()


def problems(issues: Iterable[Issue | str], *, prefix: str = "id_") -> list[Problem]:
    """Turn issues into lines, the gravest first; a plain sentence counts as an error."""
    listed = [_problem(issue, prefix) for issue in issues]
    order = list(TONES.values())
    return sorted(listed, key=lambda problem: order.index(problem.tone))


def _problem(issue: Issue | str, prefix: str) -> Problem:
    if not isinstance(issue, Issue):
        return Problem(str(issue))
    return Problem(
        text=sentence(issue),
        tone=TONES[issue.severity],
        anchor=f"{prefix}{issue.field}" if issue.field else "",
        place=place_words(issue.where),
        basis=issue.basis,
    )


def sentence(issue: Issue) -> str:
    """Return the issue in Chinese; one whose sentence is missing still says its code and values to the reader."""
    try:
        return describe(issue)
    except KeyError:
        values = "，".join(f"{name}={value}" for name, value in issue.values.items())
        return f"{issue.code}（{values}）" if values else issue.code


def place_words(where: Where | None) -> str:
    """Say where in a source something stood: 工作表“任务” 第 3 至 5 行."""
    if where is None:
        return ""
    sheet = f"工作表“{where.sheet}” " if where.sheet else ""
    page = f"第 {where.page} 页 " if where.page else ""
    lines = (
        f"第 {where.line_from} 行"
        if where.line_from == where.line_to
        else (f"第 {where.line_from} 至 {where.line_to} 行")
    )
    column = f" {where.column} 列" if where.column else ""
    return f"{sheet}{page}{lines}{column}"


def form_problems(form: BaseForm) -> list[Problem]:
    """Return every error of a form, in the order of its fields, those of the whole form first."""
    listed = [Problem(str(error)) for error in form.non_field_errors()]
    for bound in form:
        widget_id = bound.id_for_label or bound.auto_id
        if bound.is_hidden:
            listed += [Problem(f"{bound.label}：{error}") for error in bound.errors]
        else:
            listed += [Problem(f"{bound.label}：{error}", anchor=str(widget_id)) for error in bound.errors]
    return listed
