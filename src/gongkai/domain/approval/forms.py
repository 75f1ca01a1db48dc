"""Whether a form is filled in so that one may agree, and how it reads afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.domain.approval.model import Form, Verdict
from gongkai.domain.issues import Issue


def form_issues(form: Form, answers: Mapping[str, str], verdict: Verdict) -> tuple[Issue, ...]:
    """Return what is wrong with the answers. Who returns the text need not fill the form, but may not fill it wrongly."""
    issues: list[Issue] = []
    for question in form.questions:
        answer = answers.get(question.code, "").strip()
        values = {"form": form.title, "question": question.text}
        if not answer:
            if question.required and verdict is Verdict.SIGN:
                issues.append(Issue("approvals.form.missing", question.code, values))
            continue
        label = question.options.get(answer, answer)
        if question.options and answer not in question.options:
            choices = "、".join(question.options.values())
            issues.append(Issue("approvals.form.choice", question.code, {**values, "choices": choices}))
        elif answer in question.stops and verdict is Verdict.SIGN:
            issues.append(Issue("approvals.form.stops", question.code, {**values, "answer": label}))
        elif answer in question.notes and not answers.get(question.note_code, "").strip() and verdict is Verdict.SIGN:
            issues.append(Issue("approvals.form.note", question.note_code, {**values, "answer": label}))
    return tuple(issues)


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of a filled form, in words."""

    question: str
    answer: str
    note: str = ""


def form_rows(form: Form, answers: Mapping[str, str]) -> tuple[Answered, ...]:
    """Return every question with its answer in words; unanswered ones have an empty answer."""
    return tuple(
        Answered(
            question.text,
            question.options.get(given := answers.get(question.code, ""), given),
            answers.get(question.note_code, ""),
        )
        for question in form.questions
    )
