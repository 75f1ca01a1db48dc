"""Proposals to disclose proactively (art. 44): found by counting, suggested by applicants, evaluated with a result."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.public_words import LONGEST_TEXT, LONGEST_TITLE, check_public_words
from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import NewItem, items
from gongkai.features.foi.models import ProactiveProposal, ProposalCase
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.access import NotFound, application_by_code
from gongkai.features.foi.selectors.after_rules import results_on, rules_on
from gongkai.features.foi.services.after_actions import PROPOSAL
from gongkai.features.foi.services.log_checks import hidden_data, text_issues
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.rulebook.disclosure import disclosure_rules

OPEN_SUGGESTIONS = 3
"""Suggestions of one application that may be open at once; a technical bound."""
DRAFTED, ALREADY, REFUSED = ProactiveProposal.Result
LABELS = {"title": "信息名称", "text": "内容"}


@sensitive_variables()
def applicant_suggest(*, query_code: str, subject: str, wish: str, now: datetime) -> ProactiveProposal:
    """An applicant suggests on the own page to disclose information proactively (art. 44, paragraph 2).

    Raises NotFound, Refused with everything that is missing.
    """
    found = application_by_code(query_code=query_code)
    subject, wish, today = subject.strip(), wish.strip(), day_of(now)
    with transaction.atomic(), gathered():
        application = type(found).objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
        issues = []
        for name, label, text, most in (
            ("subject", "信息名称", subject, LONGEST_TITLE),
            ("wish", "理由", wish, LONGEST_TEXT),
        ):
            if not text:
                issues.append(Issue("foi.log.empty", name, {"what": label}))
            if len(text) > most:
                issues.append(Issue("foi.log.too_long", name, {"what": label, "most": most, "count": len(text)}))
        if application.suggestions.filter(result="").count() >= OPEN_SUGGESTIONS:
            issues.append(Issue("foi.suggestion.too_many", values={"most": OPEN_SUGGESTIONS}))
        if issues:
            raise Refused(issues)
        proposal = ProactiveProposal.objects.create(
            unit_id=application.unit_id,
            source=ProactiveProposal.Source.SUGGESTED,
            subject=subject,
            wish=wish,
            application=application,
            applicants=1,
            since=today,
            until=today,
            opened_on=today,
            due_on=calendar_current().add_working_days(today, rules_on(today).examination, strict=False),
        )
        ProposalCase.objects.create(proposal=proposal, application=application)
        audit_case(
            application=application,
            actor=Actor(user_id=None, name="申请人"),
            action="foi.proposal.open",
            summary="申请人建议将信息纳入主动公开范围",
            proposal=proposal.pk,
            now=now,
        )
    return proposal


def proposal_assign(
    *, actor: Actor, proposal_id: int, evaluator_id: int, due_on: date | None = None, now: datetime
) -> ProactiveProposal:
    """Say who evaluates a proposal by when; the day may be set earlier than the rule's, not later.

    Raises NotFound, NotPermitted, Refused with every reason.
    """
    with transaction.atomic():
        proposal = _locked(actor, proposal_id)
        person = User.objects.filter(pk=evaluator_id, is_active=True).first()
        office = users_of_units(unit_ids=[proposal.unit_id], today=day_of(now), roles=OFFICE).get(proposal.unit_id, ())
        issues = [*_open_issues(proposal)]
        if person is None or person.pk not in {one.pk for one in office}:
            issues.append(Issue("foi.proposal.evaluator", "evaluator"))
        if due_on is not None and not day_of(now) <= due_on <= max(proposal.due_on, day_of(now)):
            values = {"latest": proposal.due_on.isoformat()}
            issues.append(Issue("foi.proposal.due", "due_on", values))
        if issues or person is None:
            raise Refused(issues)
        proposal.evaluator = person
        proposal.due_on = due_on or proposal.due_on
        proposal.save(update_fields=["evaluator", "due_on"])
        _audit(
            proposal,
            actor,
            "foi.proposal.assign",
            f"确定评估人，{proposal.due_on.isoformat()}前完成",
            now,
            evaluator=person.pk,
        )
    return proposal


def proposal_accept(
    *, actor: Actor, proposal_id: int, title: str, text: str, kind: str, reason: str = "", now: datetime
) -> ProactiveProposal:
    """Accept a proposal: a draft item of a kind begins with the office's own words, and goes its normal road.

    The words are checked against the data of every applicant behind the proposal. Raises NotFound, NotPermitted, Refused.
    """
    texts = {"title": title.strip(), "text": text.strip()}
    with transaction.atomic(), gathered():
        proposal = _locked(actor, proposal_id)
        issues = [*_open_issues(proposal), *_word_issues(proposal, texts, now)]
        if kind not in disclosure_rules().kinds:
            issues.append(Issue("foi.proposal.kind", "kind"))
        if issues:
            raise Refused(issues)
        new = NewItem(unit_id=proposal.unit_id, kind=kind, title=texts["title"], parts=(("内容", texts["text"]),))
        proposal.item_id = items().draft(actor=actor, new=new, now=now)
        proposal.reason = reason.strip()
        _decide(proposal, actor, DRAFTED, "评估结果：主动公开，已转拟稿", now)
    return proposal


def proposal_already(
    *, actor: Actor, proposal_id: int, address: str, reason: str = "", now: datetime
) -> ProactiveProposal:
    """Close a proposal because the information is public already, with its address; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        proposal = _locked(actor, proposal_id)
        issues = [*_open_issues(proposal)]
        address = address.strip()
        if not address.startswith(("/", "http://", "https://")) or any(sign.isspace() for sign in address):
            issues.append(Issue("foi.proposal.address", "address"))
        if issues:
            raise Refused(issues)
        proposal.address, proposal.reason = address[:500], reason.strip()
        _decide(proposal, actor, ALREADY, "评估结果：已经主动公开", now)
    return proposal


def proposal_refuse(*, actor: Actor, proposal_id: int, ground: str, reason: str, now: datetime) -> ProactiveProposal:
    """Close a proposal without disclosing, on a ground of the law and with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        proposal = _locked(actor, proposal_id)
        issues = [*_open_issues(proposal)]
        if ground not in refusal_grounds(on=day_of(now)):
            issues.append(Issue("foi.proposal.ground", "ground"))
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if issues:
            raise Refused(issues)
        proposal.ground, proposal.reason = ground, reason.strip()
        _decide(proposal, actor, REFUSED, "评估结果：不主动公开", now)
    return proposal


def refusal_grounds(*, on: date) -> dict[str, str]:
    """Return the grounds on which information is not disclosed, by code."""
    return {code: one.label for code, one in results_on(on).grounds.items() if one.refusal}


@sensitive_variables()
def _word_issues(proposal: ProactiveProposal, texts: dict[str, str], now: datetime) -> list[Issue]:
    """Check the words against the data of each applicant; every reason once."""
    found: list[Issue] = []
    cases = proposal.cases.select_related("application", "application__applicant").order_by("application_id")
    for case in cases.iterator(chunk_size=200):
        hidden = hidden_data(case.application)
        told = check_public_words(texts, labels=LABELS, hidden=hidden, original=case.application.description)
        found += [issue for issue in told if issue not in found]
    return found or text_issues(texts, labels=LABELS, unit_id=proposal.unit_id, on=day_of(now))


def _open_issues(proposal: ProactiveProposal) -> list[Issue]:
    return [Issue("foi.proposal.decided", values={"result": proposal.get_result_display()})] if proposal.result else []


def _decide(
    proposal: ProactiveProposal, actor: Actor, result: ProactiveProposal.Result, summary: str, now: datetime
) -> None:
    proposal.result = result.value
    proposal.decided_by_id, proposal.decided_by_name, proposal.decided_at = actor.user_id, actor.name[:150], now
    proposal.save()
    _audit(proposal, actor, "foi.proposal.decide", summary, now, result=result.value)


def _locked(actor: Actor, proposal_id: int) -> ProactiveProposal:
    rows = ProactiveProposal.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=proposal_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound("建议")
    if not after_permissions.can_evaluate(actor, found.unit_id):
        raise NotPermitted(ability="评估转主动公开建议")
    return found


def _audit(
    proposal: ProactiveProposal, actor: Actor, action: str, summary: str, now: datetime, **details: object
) -> None:
    """Write an entry by number: neither what was asked nor who asked is in it."""
    record(
        actor=actor,
        action=action,
        target_type=PROPOSAL,
        target_id=proposal.pk,
        summary=f"转主动公开建议 {proposal.pk}：{summary}",
        unit_id=proposal.unit_id,
        details=details,
        now=now,
    )
