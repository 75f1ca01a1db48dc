"""Holds (冻结): while one stands, nothing of a case is destroyed; the database sees to it, too."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions
from gongkai.features.foi.models import CaseHold
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.services.writing import audit_case, case_lock
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused


def hold_place(*, actor: Actor, application_id: int, reason: str, now: datetime) -> CaseHold:
    """Keep a case from being destroyed, with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        application = case_lock(actor=actor, application_id=application_id).application
        if not after_permissions.can_judge_retention(actor, application.unit_id):
            raise NotPermitted(ability="冻结案卷")
        issues = []
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if application.applicant.erased_at is not None:
            issues.append(Issue("foi.retention.destroyed"))
        if issues:
            raise Refused(issues)
        hold = CaseHold.objects.create(
            application=application, reason=reason.strip(), placed_by_name=actor.name[:150], placed_at=now
        )
        audit_case(application=application, actor=actor, action="foi.hold.place", summary="冻结案卷", now=now)
    return hold


def hold_lift(*, actor: Actor, hold_id: int, reason: str, now: datetime) -> CaseHold:
    """Lift a hold, with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        application_id = CaseHold.objects.filter(pk=hold_id).values_list("application_id", flat=True).first()
        if application_id is None:
            raise NotFound("冻结")
        application = case_lock(actor=actor, application_id=application_id).application
        if not after_permissions.can_judge_retention(actor, application.unit_id):
            raise NotPermitted(ability="解除冻结")
        hold = CaseHold.objects.get(pk=hold_id)
        issues = [] if hold.lifted_at is None else [Issue("foi.hold.lifted")]
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if issues:
            raise Refused(issues)
        hold.lifted_by_name, hold.lifted_at, hold.lift_reason = actor.name[:150], now, reason.strip()
        hold.save(update_fields=["lifted_by_name", "lifted_at", "lift_reason"])
        audit_case(application=application, actor=actor, action="foi.hold.lift", summary="解除案卷冻结", now=now)
    return hold
