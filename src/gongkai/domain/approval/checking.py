"""Whether a route as somebody wrote it can be used: every fault at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from gongkai.domain.approval.model import AUTHOR, DECIDING, FLAG_NAMES, NEVER_SIGN, Route, Step, StepKind
from gongkai.domain.issues import Issue

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
LONGEST_DUE = 60
FORM_OF = {
    StepKind.CONFIDENTIALITY: "confidentiality",
    StepKind.LEGALITY: "legality",
    StepKind.FAIR_COMPETITION: "fair_competition",
}
"""The form that a kind of step never goes without."""


def check_route(route: Route, *, forms: Collection[str], roles: Collection[str]) -> tuple[Issue, ...]:
    """Return every reason why the route cannot be used; ``forms`` and ``roles`` are the codes there are.

    Whatever an office changes, some things stay: at least one decision by somebody else than the authors, a
    confidentiality review with its form that is always asked, and steps that ask only roles that may sign.
    """
    issues: list[Issue] = []
    if not CODE.fullmatch(route.code):
        issues.append(Issue("approvals.route.code", "code", {"code": route.code}))
    if not route.name.strip():
        issues.append(Issue("approvals.route.no_name", "name"))
    for code, times in Counter(step.code for step in route.steps).items():
        if times > 1:
            issues.append(Issue("approvals.route.step_twice", "steps", {"code": code}))
    for step in route.steps:
        issues += _step_issues(route, step, forms, roles)
    if not any(step.kind in DECIDING and AUTHOR in step.separate_from and not step.only_if for step in route.steps):
        issues.append(Issue("approvals.route.no_decision", "steps"))
    if not any(step.kind is StepKind.CONFIDENTIALITY and not step.only_if for step in route.steps):
        issues.append(Issue("approvals.route.no_confidentiality", "steps"))
    always = [step for step in route.steps if not step.only_if]
    last = max((step.order for step in route.steps), default=0)
    if always and not any(step.order == last and step.kind in DECIDING for step in always):
        issues.append(Issue("approvals.route.ends_undecided", "steps"))
    return tuple(issues)


def _step_issues(route: Route, step: Step, forms: Collection[str], roles: Collection[str]) -> list[Issue]:
    name = step.name or step.code
    issues = []
    if not CODE.fullmatch(step.code) or step.code == AUTHOR:
        issues.append(Issue("approvals.route.step_code", "steps", {"code": step.code}))
    if not step.name.strip():
        issues.append(Issue("approvals.route.step_no_name", "steps", {"code": step.code}))
    if step.order < 1:
        issues.append(Issue("approvals.route.step_order", "steps", {"step": name}))
    if not 1 <= step.due_working_days <= LONGEST_DUE:
        issues.append(Issue("approvals.route.step_due", "steps", {"step": name, "longest": LONGEST_DUE}))
    if not step.roles:
        issues.append(Issue("approvals.route.step_no_role", "steps", {"step": name}))
    bad_roles = [role for role in step.roles if role in NEVER_SIGN or role not in roles]
    issues += [Issue("approvals.route.step_role", "steps", {"step": name, "role": role}) for role in bad_roles]
    lost = [one for one in step.separate_from if one != AUTHOR and (one == step.code or route.step(one) is None)]
    issues += [Issue("approvals.route.step_separate", "steps", {"step": name, "other": one}) for one in lost]
    bad_flags = [flag for flag in step.only_if if flag not in FLAG_NAMES]
    issues += [Issue("approvals.route.step_flag", "steps", {"step": name, "flag": flag}) for flag in bad_flags]
    if step.form and step.form not in forms:
        issues.append(Issue("approvals.route.step_form", "steps", {"step": name, "form": step.form}))
    if FORM_OF.get(step.kind, step.form) != step.form:
        issues.append(Issue("approvals.route.step_needs_form", "steps", {"step": name}))
    return issues
