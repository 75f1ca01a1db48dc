"""Holds (冻结): while one stands, nothing of a case is destroyed; the database sees to it, too.

A case is an application or a request for amendment.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions
from gongkai.features.foi.models import CaseHold
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.services.of_case import Case, amendment_lock, of_case_audit
from gongkai.features.foi.services.writing import case_lock
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused


def hold_place(
    *, actor: Actor, application_id: int | None = None, amendment_id: int | None = None, reason: str, now: datetime
) -> CaseHold:
    """Keep a case from being destroyed, with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        case = _locked(actor, application_id, amendment_id)
        if not after_permissions.can_judge_retention(actor, case.unit_id):
            raise NotPermitted(ability="冻结案卷")
        issues = []
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if case.applicant.erased_at is not None:
            issues.append(Issue("foi.retention.destroyed"))
        if issues:
            raise Refused(issues)
        hold = CaseHold.objects.create(
            application_id=application_id,
            amendment_id=amendment_id,
            reason=reason.strip(),
            placed_by_name=actor.name[:150],
            placed_at=now,
        )
        of_case_audit(case=case, actor=actor, action="foi.hold.place", summary="冻结案卷", now=now)
    return hold


def hold_lift(*, actor: Actor, hold_id: int, reason: str, now: datetime) -> CaseHold:
    """Lift a hold, with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        known = CaseHold.objects.filter(pk=hold_id).values_list("application_id", "amendment_id").first()
        if known is None:
            raise NotFound("冻结")
        case = _locked(actor, *known)
        if not after_permissions.can_judge_retention(actor, case.unit_id):
            raise NotPermitted(ability="解除冻结")
        hold = CaseHold.objects.get(pk=hold_id)
        issues = [] if hold.lifted_at is None else [Issue("foi.hold.lifted")]
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if issues:
            raise Refused(issues)
        hold.lifted_by_name, hold.lifted_at, hold.lift_reason = actor.name[:150], now, reason.strip()
        hold.save(update_fields=["lifted_by_name", "lifted_at", "lift_reason"])
        of_case_audit(case=case, actor=actor, action="foi.hold.lift", summary="解除案卷冻结", now=now)
    return hold


def _locked(actor: Actor, application_id: int | None, amendment_id: int | None) -> Case:
    if application_id is not None:
        return case_lock(actor=actor, application_id=application_id).application
    if amendment_id is None:
        raise NotFound("案卷")
    return amendment_lock(actor=actor, amendment_id=amendment_id)
