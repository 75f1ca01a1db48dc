"""Proposals to disclose proactively as the unit's office sees them, and what an applicant is told of a suggestion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from gongkai.domain.calendars import Calendar
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.foi.repeats import WHY_NAMES, Why
from gongkai.domain.issues import Basis
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import ItemStand, items
from gongkai.features.foi.models import Application, ProactiveProposal
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.after_rules import results_on, rules_on
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.badge import Badge, badge_of_day
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.foi_after import RepeatRule

PAGE = 50
SHOWN_CASES = 200
"""Cases that the page of a proposal lists; beyond it the number tells. A technical bound."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal as a line of a list."""

    proposal: ProactiveProposal
    badge: Badge | None
    cases: int


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """A case behind a proposal: what was decided; the applicant stays out of it."""

    application: Application
    stage: str
    result: str


@dataclass(frozen=True, slots=True)
class ProposalDetail:
    """A proposal with its evidence. ``results`` counts what was decided, ``why`` says what is alike.

    ``days``, ``note`` and ``basis`` are those of the evaluation of its kind: of repeated requests, or of a suggestion.
    """

    line: ProposalLine
    cases: tuple[CaseBehind, ...]
    why: tuple[str, ...]
    results: tuple[tuple[str, int], ...]
    stand: ItemStand | None
    ground: str
    evaluators: tuple[tuple[int, str], ...]
    kinds: tuple[tuple[str, str], ...]
    may_evaluate: bool
    rule: RepeatRule
    days: int
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class ToldSuggestion:
    """What an applicant reads of the own suggestion: the result with its reason once there is one."""

    subject: str
    opened_on: date
    due_on: date
    result: str
    ground: str
    reason: str
    address: str
    decided_on: date | None


def proposal_list(*, actor: Actor, decided: bool, number: int, today: date) -> tuple[list[ProposalLine], bool, int]:
    """Return a page of the proposals of the actor's units, whether there is more, and how many are open.

    Raises NotPermitted for somebody who has no use for them.
    """
    units = after_permissions.units_of_log(actor)
    if not units:
        raise NotPermitted(ability="评估转主动公开建议")
    rows = ProactiveProposal.objects.filter(unit_id__in=units)
    open_ones = rows.filter(result="")
    chosen = rows.exclude(result="").order_by("-decided_at", "-id") if decided else open_ones.order_by("due_on", "id")
    start = (max(number, 1) - 1) * PAGE
    counted = chosen.select_related("unit", "evaluator").annotate(behind=Count("cases"))
    found = list(counted[start : start + PAGE + 1])
    calendar = calendar_current()
    return [_line(one, one.behind, today, calendar) for one in found[:PAGE]], len(found) > PAGE, open_ones.count()


def _line(one: ProactiveProposal, cases: int, today: date, calendar: Calendar) -> ProposalLine:
    badge = None if one.result else badge_of_day(one.due_on, today=today, calendar=calendar)
    return ProposalLine(one, badge, cases)


def proposal_detail(*, actor: Actor, proposal_id: int, now: datetime, today: date) -> ProposalDetail:
    """Return a proposal with its evidence; raises NotFound where the actor may not know of it."""
    rows = ProactiveProposal.objects.select_related("unit", "evaluator", "application")
    one = rows.filter(pk=proposal_id).first()
    if one is None or not permissions.can_see_case(actor, one.unit_id):
        raise NotFound("建议")
    behind = list(one.cases.select_related("application").order_by("-application_id")[:SHOWN_CASES])
    known = results_on(today)
    titles = {code: result.title for code, result in known.dispositions.items()}
    cases = tuple(
        CaseBehind(
            case.application, STAGE_NAMES[Stage(case.application.stage)], titles.get(case.application.disposition, "")
        )
        for case in behind
    )
    codes = one.cases.values_list("application__disposition", flat=True)
    results = Counter(titles.get(code, "还没有结果") for code in codes)
    rules = rules_on(today)
    kind = (rules.repeated.evaluation, rules.repeated.note, rules.repeated.basis)
    if one.source == ProactiveProposal.Source.SUGGESTED:
        kind = (rules.examination, rules.examination_note, rules.examination_basis)
    office = users_of_units(unit_ids=[one.unit_id], today=today, roles=OFFICE).get(one.unit_id, ())
    return ProposalDetail(
        line=_line(one, results.total(), today, calendar_current()),
        cases=cases,
        why=tuple(WHY_NAMES[why] for why in Why if any(why.value in case.why for case in behind)),
        results=tuple(results.items()),
        stand=items().stands(item_ids=[one.item_id], at=now).get(one.item_id) if one.item_id is not None else None,
        ground=known.grounds[one.ground].label if one.ground in known.grounds else "",
        evaluators=tuple((user.pk, user.get_full_name() or user.get_username()) for user in office),
        kinds=tuple((code, kind.name) for code, kind in disclosure_rules().kinds.items()),
        may_evaluate=after_permissions.can_evaluate(actor, one.unit_id),
        rule=rules.repeated,
        days=kind[0],
        note=kind[1],
        basis=kind[2],
    )


def suggestions_told(*, application: Application, now: datetime, today: date) -> tuple[ToldSuggestion, ...]:
    """Return what the applicant is told of the own suggestions, newest first."""
    rows = list(application.suggestions.order_by("-opened_on", "-id"))
    stands = items().stands(item_ids=[one.item_id for one in rows if one.item_id is not None], at=now) if rows else {}
    known = results_on(today).grounds
    told = []
    for one in rows:
        stand = stands.get(one.item_id) if one.item_id is not None else None
        told.append(
            ToldSuggestion(
                subject=one.subject,
                opened_on=one.opened_on,
                due_on=one.due_on,
                result=one.get_result_display() if one.result else "",
                ground=known[one.ground].label if one.ground in known else "",
                reason=one.reason,
                address=one.address or (stand.public_url if stand is not None and stand.public else ""),
                decided_on=timezone.localdate(one.decided_at) if one.decided_at else None,
            )
        )
    return tuple(told)
