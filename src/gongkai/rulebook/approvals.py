"""The shipped approval routes and forms: rules whose ``values`` hold steps and questions, read into domain values.

A route is the rule ``approval.route.<code>``, a form ``approval.form.<code>``. An office's own rule folder may bring more,
or its own version of one. Every fault of every file is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gongkai.domain.approval import Form, Route, check_route
from gongkai.domain.issues import Issue
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.lookup import NotInForce, Rulebook, Value
from gongkai.rulebook.schema import NATION, Status

ROUTE = "approval.route."
FORM = "approval.form."
SIGNING_ROLES = frozenset(
    {
        "first_reviewer",
        "second_reviewer",
        "final_reviewer",
        "proofreader",
        "confidentiality_reviewer",
        "legality_reviewer",
        "unit_leader",
        "disclosure_office",
        "disclosure_office_head",
    }
)
"""The posts that a step may ask."""


def approval_forms(book: Rulebook, *, on: date, layer: str = NATION) -> dict[str, Form]:
    """Return the forms in force on a day in a layer, by code; raises RulebookInvalid with every fault."""
    forms: dict[str, Form] = {}
    issues: list[Issue] = []
    for held in _held(book, FORM, on, layer):
        code = held.rule.removeprefix(FORM)
        content = {
            "code": code,
            "title": held.title,
            "questions": held.values.get("questions"),
            "basis": [basis.citation for basis in held.basis],
            "verified": held.status is Status.VERIFIED,
            "note": held.note,
        }
        try:
            form = Form.from_data(content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            issues.append(_unreadable(held, error))
            continue
        issues += _form_faults(form, held)
        forms[code] = form
    if issues:
        raise RulebookInvalid(issues)
    return forms


def approval_routes(book: Rulebook, *, on: date, layer: str = NATION) -> dict[str, Route]:
    """Return the routes in force on a day in a layer, by code; raises RulebookInvalid with every fault."""
    forms = approval_forms(book, on=on, layer=layer)
    routes: dict[str, Route] = {}
    issues: list[Issue] = []
    for held in _held(book, ROUTE, on, layer):
        code = held.rule.removeprefix(ROUTE)
        content = {
            "code": code,
            "name": held.title,
            "purpose": held.values.get("purpose"),
            "steps": held.values.get("steps"),
            "basis": [basis.citation for basis in held.basis],
            "verified": held.status is Status.VERIFIED,
            "note": held.note,
        }
        try:
            route = Route.from_data(content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            issues.append(_unreadable(held, error))
            continue
        issues += check_route(route, forms=forms.keys(), roles=SIGNING_ROLES)
        routes[code] = route
    if issues:
        raise RulebookInvalid(issues)
    return routes


def _held(book: Rulebook, prefix: str, on: date, layer: str) -> list[Value]:
    found = []
    for rule_id in book.ids(layer=layer):
        if rule_id.startswith(prefix):
            try:
                found.append(book.value(rule_id, on=on, layer=layer))
            except NotInForce:
                continue
    return found


def _unreadable(held: Value, error: Exception) -> Issue:
    return Issue("approvals.rules.unreadable", held.rule, {"file": held.layer, "rule": held.rule, "fault": str(error)})


def _form_faults(form: Form, held: Value) -> list[Issue]:
    issues = []
    if not form.questions:
        issues.append(Issue("approvals.rules.unreadable", held.rule, _values(held, "questions")))
    codes = [question.code for question in form.questions]
    for question in form.questions:
        strange = [answer for answer in (*question.stops, *question.notes) if answer not in question.options]
        if strange or codes.count(question.code) > 1 or not question.text:
            issues.append(Issue("approvals.rules.unreadable", held.rule, _values(held, question.code)))
    return issues


def _values(held: Value, fault: str) -> Mapping[str, object]:
    return {"file": held.layer, "rule": held.rule, "fault": fault}
