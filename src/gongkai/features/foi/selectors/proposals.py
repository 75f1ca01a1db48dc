"""Proposals to disclose proactively as the unit's office sees them, and what an applicant is told of a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.foi.repeats import WHY_NAMES, Why
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import ItemStand, items
from gongkai.features.foi.models import Application, ProactiveProposal
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.badge import Badge, badge_of_day
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.foi_after import RepeatRule

PAGE = 50
SHOWN_CASES = 200
"""Cases that the page of a proposal lists; beyond it the number tells. A technical bound."""
OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD})


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
    """A proposal with its evidence. ``results`` counts what was decided, ``why`` says what is alike."""

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
    rows = ProactiveProposal.objects.filter(unit_id__in=units).select_related("unit", "evaluator")
    open_ones = rows.filter(result="")
    chosen = rows.exclude(result="").order_by("-decided_at", "-id") if decided else open_ones.order_by("due_on", "id")
    start = (max(number, 1) - 1) * PAGE
    found = list(chosen[start : start + PAGE + 1])
    return [_line(one, today) for one in found[:PAGE]], len(found) > PAGE, open_ones.count()


def _line(one: ProactiveProposal, today: date) -> ProposalLine:
    badge = None if one.result else badge_of_day(one.due_on, today=today, calendar=calendar_current())
    return ProposalLine(one, badge, one.cases.count())


def proposal_detail(*, actor: Actor, proposal_id: int, now: datetime, today: date) -> ProposalDetail:
    """Return a proposal with its evidence; raises NotFound where the actor may not know of it."""
    rows = ProactiveProposal.objects.select_related("unit", "evaluator", "application")
    one = rows.filter(pk=proposal_id).first()
    if one is None or not permissions.can_see_case(actor, one.unit_id):
        raise NotFound("建议")
    behind = list(one.cases.select_related("application").order_by("-application_id")[:SHOWN_CASES])
    known = law_of(today).dispositions
    titles = {code: result.title for code, result in known.dispositions.items()}
    cases = tuple(
        CaseBehind(
            case.application, STAGE_NAMES[Stage(case.application.stage)], titles.get(case.application.disposition, "")
        )
        for case in behind
    )
    results: dict[str, int] = {}
    for code in one.cases.values_list("application__disposition", flat=True):
        name = titles.get(code, "还没有结果")
        results[name] = results.get(name, 0) + 1
    office = users_of_units(unit_ids=[one.unit_id], today=today, roles=OFFICE).get(one.unit_id, ())
    return ProposalDetail(
        line=_line(one, today),
        cases=cases,
        why=tuple(WHY_NAMES[why] for why in Why if any(why.value in case.why for case in behind)),
        results=tuple(results.items()),
        stand=items().stands(item_ids=[one.item_id], at=now).get(one.item_id) if one.item_id is not None else None,
        ground=known.grounds[one.ground].label if one.ground in known.grounds else "",
        evaluators=tuple((user.pk, user.get_full_name() or user.get_username()) for user in office),
        kinds=tuple((code, kind.name) for code, kind in disclosure_rules().kinds.items()),
        may_evaluate=after_permissions.can_evaluate(actor, one.unit_id),
        rule=rules_on(today).repeated,
    )


def suggestions_told(*, application: Application, now: datetime, today: date) -> tuple[ToldSuggestion, ...]:
    """Return what the applicant is told of the own suggestions, newest first."""
    rows = list(application.suggestions.order_by("-opened_on", "-id"))
    stands = items().stands(item_ids=[one.item_id for one in rows if one.item_id is not None], at=now) if rows else {}
    known = law_of(today).dispositions.grounds
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
