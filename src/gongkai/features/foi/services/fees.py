"""Deciding about the processing fee, giving notice of it and keeping the proof of payment.

A fee is a power of the organ, not automatic: the amount is reckoned, a named person decides. The notice goes out with the
amount of the decision; nobody types another one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.fees import FEN, METHOD_NAMES, Fee, FeeMethod, check_fee, yuan
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper, FeeDecision
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.fees import (
    before_now,
    charged_before,
    counted_pages,
    fee_rules_on,
    month_of,
    pages_known,
    reckon,
)
from gongkai.features.foi.services.commands import case_open, step_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import audit_case, case_lock, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused

MOST_UNITS = 100_000
PROOF = "缴费凭证"


def fee_decide(
    *,
    actor: Actor,
    application_id: int,
    method: FeeMethod,
    units: int,
    units_reason: str = "",
    amount_fen: int | None = None,
    reason: str = "",
    already_public: bool = False,
    decided_by: str,
    now: datetime,
) -> FeeDecision:
    """Decide to charge the fee, less of it (with a reason) or nothing (``amount_fen`` 0, with a reason).

    ``units`` are how many applications this one counts as (一事一申请), or the pages; numbers that the papers of the case
    do not show want ``units_reason``. An earlier decision is replaced until notice was given. Raises NotFound,
    NotPermitted, Refused with every reason.
    """
    with transaction.atomic(), gathered():
        course = case_lock(actor=actor, application_id=application_id)
        application = course.application
        if not permissions.can_handle_case(actor, application.unit_id):
            raise NotPermitted(ability="决定收取信息处理费")
        held = application.fee_decisions.filter(replaced_at__isnull=True).first()
        fee, before = _reckoned(course, method, units)
        amount = fee.fen if amount_fen is None else amount_fen
        charged = charged_before(course, held)
        issues = list(check_fee(fee, charged=charged, already_public=already_public, decided_by=decided_by))
        issues += _amount_issues(fee, amount, reason)
        issues += _units_issues(application, method, units, units_reason)
        if issues:
            raise Refused(issues)
        if held is not None:
            held.replaced_at = now
            held.save(update_fields=["replaced_at"])
        assert application.received_on is not None
        decision = FeeDecision.objects.create(
            application=application,
            month=month_of(application.received_on),
            method=method.value,
            before=before,
            units=units,
            reckoned_fen=fee.fen,
            amount_fen=amount,
            lines=[str(line) for line in fee.lines],
            reason=reason.strip() if amount != fee.fen else "",
            units_reason=units_reason.strip(),
            decided_by=decided_by.strip()[:60],
            decided_on=day_of(now),
            entered_by_id=actor.user_id,
            entered_by_name=actor.name[:150],
            entered_at=now,
        )
        words = f"应收 {yuan(fee.fen)}，收取 {yuan(amount)}（{METHOD_NAMES[method]}，{units}）"
        _audit(application, actor, "foi.fee.decide", f"信息处理费：{words}", decision, now)
    return decision


def _reckoned(course: Course, method: FeeMethod, units: int) -> tuple[Fee, int]:
    """Return the fee of a case as it stands, and how many came before; raises Refused where none can be charged."""
    application, state = course.application, course.state
    rules = fee_rules_on(application.started_on)
    issues = []
    if state.fee is not None:
        issues.append(Issue("foi.fee.once", values={"on": state.fee.notice_on}))
    if state.ended:
        issues.append(Issue("foi.fee.case_over", values={"closed": state.closed_on}))
    if application.received_on is None:
        issues.append(Issue("foi.fee.not_received"))
    if not 1 <= units <= MOST_UNITS:
        issues.append(Issue("foi.fee.units", "units", {"most": MOST_UNITS}))
    if rules is None:
        issues.append(Issue("foi.law.not_in_force", values={"rule": "信息处理费", "what": "收取信息处理费"}))
    before = before_now(application, rules) if rules is not None and application.received_on is not None else None
    if before is None and not issues:
        issues.append(Issue("foi.fee.not_counted", "method"))
    if issues or rules is None or before is None:
        raise Refused(issues)
    return reckon(rules, method=method, before=before, units=units), before


def _amount_issues(fee: Fee, amount: int, reason: str) -> list[Issue]:
    issues = []
    if amount < 0 or amount > fee.fen:
        values = {"amount": yuan(max(amount, 0)), "reckoned": fee.yuan}
        issues.append(Issue("foi.fee.more_than_due", "amount", values, basis=fee.basis))
    elif amount % FEN:
        issues.append(Issue("foi.fee.whole_yuan", "amount"))
    elif amount != fee.fen and not reason.strip():
        issues.append(Issue("foi.fee.reason", "reason", {"amount": yuan(amount), "reckoned": fee.yuan}))
    return issues


def _units_issues(application: Application, method: FeeMethod, units: int, reason: str) -> list[Issue]:
    """A number that nothing in the case shows wants words: several matters in one paper, pages of paper or of data."""
    if reason.strip():
        return []
    if method is FeeMethod.PER_CASE:
        return [Issue("foi.fee.parts_reason", "units_reason", {"units": units})] if units > 1 else []
    papers = application.papers.select_related("file").filter(removed_at__isnull=True)
    known = pages_known(counted_pages(list(papers)))
    if units in known:
        return []
    told = "、".join(str(one) for one in sorted(known)) or "没有"
    return [Issue("foi.fee.pages_reason", "units_reason", {"units": units, "known": told})]


def fee_notify(*, actor: Actor, application_id: int, on: date, seen: int | None = None, now: datetime) -> Application:
    """Record that notice of the fee was given, with the amount of the decision.

    Refused where the count of the month has changed since: the price may be another one. Raises NotFound, NotPermitted,
    Refused.
    """
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=Verb.NOTIFY_FEE, seen=seen)
        application = course.application
        held = _held(application)
        if not held.amount_fen:
            raise Refused(Issue("foi.fee.waived", values={"on": held.decided_on}))
        rules = fee_rules_on(application.started_on)
        now_before = before_now(application, rules) if rules is not None else None
        if held.method == FeeMethod.PER_CASE.value and now_before != held.before:
            values = {"then": held.before + 1, "now": "不计" if now_before is None else f"第{now_before + 1}件"}
            raise Refused(Issue("foi.fee.moved", values=values))
        command = c.NotifyFee(on=on, by=actor.name, amount=held.amount_fen // FEN)
        return step_write(course=course, actor=actor, command=command, now=now)


def fee_pay(
    *,
    actor: Actor,
    application_id: int,
    on: date,
    paid_fen: int,
    receipt_no: str = "",
    upload: Any = None,
    seen: int | None = None,
    now: datetime,
) -> Application:
    """Record that the fee was paid in full, with its receipt or another proof; the reply period begins anew the day after.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=Verb.PAY_FEE, seen=seen)
        held, fee = _held(course.application), course.state.fee
        issues = []
        if fee is not None and paid_fen != held.amount_fen:
            values = {"paid": yuan(max(paid_fen, 0)), "amount": yuan(held.amount_fen)}
            issues.append(Issue("foi.fee.paid_amount", "paid", values))
        if not receipt_no.strip() and upload is None:
            issues.append(Issue("foi.fee.proof", "receipt_no"))
        if issues:
            raise Refused(issues)
        command = c.PayFee(on=on, by=actor.name)
        application = step_write(course=course, actor=actor, command=command, now=now)
        note = f"财政票据号：{receipt_no.strip()}" if receipt_no.strip() else ""
        held.paid_fen, held.receipt_no = paid_fen, receipt_no.strip()[:60]
        held.proof = paper_write(
            application=application,
            actor=actor,
            kind=CasePaper.Kind.EVIDENCE.value,
            title=f"{PROOF}（{yuan(paid_fen)}，{on.isoformat()}）",
            note=note,
            upload=upload,
            now=now,
        )
        held.save(update_fields=["paid_fen", "receipt_no", "proof"])
        _audit(application, actor, "foi.fee.pay", f"登记缴费凭证：{yuan(paid_fen)}", held, now)
    return application


def _held(application: Application) -> FeeDecision:
    found = application.fee_decisions.select_for_update(no_key=True).filter(replaced_at__isnull=True).first()
    if found is None:
        raise Refused(Issue("foi.fee.not_decided"))
    return found


def _audit(
    application: Application, actor: Actor, action: str, words: str, decision: FeeDecision, now: datetime
) -> None:
    audit_case(application=application, actor=actor, action=action, summary=words, decision=decision.pk, now=now)
