"""What the phrases of an imported plan mean: a unit, a new unit, a group, or text that somebody assigns later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.workplans.models import PlanImport
from gongkai.features.workplans.services.corrections import lock_import, save_import
from gongkai.features.workplans.services.structure import unit_issues
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.models import UnitGroup
from gongkai.kernel.orgs.services import NewUnit, group_ensure, unit_alias_add, unit_create

KINDS = ("unit", "create", "group", "text", "clear")


def import_resolve_units(
    *, actor: Actor, import_id: int, revision: int, decisions: Mapping[str, Mapping[str, Any]], now: datetime
) -> PlanImport:
    """Decide what phrases mean; each decision is kept by phrase and holds for every task that uses it.

    A decision is ``{"decision": "unit", "unit_id", "remember"?}`` (``remember`` puts the phrase on file as an alias of
    the unit), ``{"decision": "create", "name"?, "kind", "parent_id"?}`` (a new unit, on purpose), ``{"decision": "group",
    "group_id"?}`` (without id the phrase itself is put on file as a group), ``{"decision": "text"}`` (left as it
    stands, to be assigned later) or ``{"decision": "clear"}``. All problems are told at once, naming the phrase; then
    nothing is changed. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        row = lock_import(actor=actor, import_id=import_id, revision=revision)
        known = {phrase for task in row.tasks for name in _LISTS for phrase in task.get(name, ())}
        issues: list[Issue] = []
        answers = dict(row.decisions)
        for phrase, decision in decisions.items():
            if phrase not in known:
                issues.append(Issue("workplans.import.no_such_phrase", field=phrase, values={"phrase": phrase}))
                continue
            try:
                answer = _decide(actor, row, phrase, decision, now)
            except Refused as refusal:
                issues.extend(refusal.issues)
                continue
            if answer is None:
                answers.pop(phrase, None)
            else:
                answers[phrase] = answer
        if issues:
            raise Refused(issues)
        row.decisions = answers
        details = {"decisions": {phrase: answers.get(phrase) for phrase in decisions}}
        return save_import(actor=actor, row=row, what="对照单位", details=details, action="resolve", now=now)


_LISTS = ("lead_units", "responsible_units", "cooperating_units")


def _decide(
    actor: Actor, row: PlanImport, phrase: str, decision: Mapping[str, Any], now: datetime
) -> dict[str, Any] | None:
    """Carry one decision out and return what is kept of it; None forgets an earlier one. Raises Refused."""
    kind = decision.get("decision", "")
    by = {"by": actor.name, "at": now.isoformat()}
    if kind == "clear":
        return None
    if kind == "text":
        return {"decision": "text", **by}
    if kind == "unit":
        unit_id = decision.get("unit_id")
        if not isinstance(unit_id, int):
            raise Refused(Issue("workplans.import.no_unit_chosen", field=phrase, values={"phrase": phrase}))
        if issues := unit_issues([unit_id], field=phrase, today=day_of(now)):
            raise Refused(issues)
        if decision.get("remember"):
            unit_alias_add(actor=actor, unit_id=unit_id, text=phrase, now=now)
        return {"decision": "unit", "unit_id": unit_id, "remembered": bool(decision.get("remember")), **by}
    if kind == "create":
        name = str(decision.get("name") or phrase).strip()
        new = NewUnit(
            kind=str(decision.get("kind") or "department"),
            name=name,
            parent_id=decision.get("parent_id"),
            aliases=() if name == phrase else (phrase,),
        )
        unit = unit_create(actor=actor, new=new, now=now)
        return {"decision": "unit", "unit_id": unit.pk, "created": True, **by}
    if kind == "group":
        group_id = decision.get("group_id")
        if group_id is None:
            group = group_ensure(actor=actor, phrase=phrase, home_id=row.owner_id, on=day_of(now), now=now)
            group_id = group.pk
        elif not UnitGroup.objects.filter(pk=group_id).exists():
            raise Refused(Issue("workplans.import.no_group_chosen", field=phrase, values={"phrase": phrase}))
        return {"decision": "group", "group_id": group_id, **by}
    raise Refused(Issue("workplans.import.no_decision", field=phrase, values={"phrase": phrase}))
