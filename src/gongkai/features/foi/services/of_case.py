"""What the review of retention does alike with applications and with requests for amendment: locking them, the audit entry."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentRequest, Application
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import WHAT
from gongkai.features.foi.services.amendment_papers import amendment_audit
from gongkai.features.foi.services.writing import audit_case
from gongkai.kernel.accounts.actor import Actor

Case = Application | AmendmentRequest


def applications_locked(ids: Collection[int]) -> dict[int, Application]:
    """Lock applications with applicant and unit, in the order of their numbers. Inside a transaction only."""
    rows = Application.objects.select_related("applicant", "unit").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in rows.filter(pk__in=list(ids)).order_by("pk")}


def amendments_locked(ids: Collection[int]) -> dict[int, AmendmentRequest]:
    """Lock requests for amendment likewise."""
    rows = AmendmentRequest.objects.select_related("applicant", "unit").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in rows.filter(pk__in=list(ids)).order_by("pk")}


def amendment_lock(*, actor: Actor, amendment_id: int) -> AmendmentRequest:
    """Lock one request for amendment; raises NotFound where the actor may not know of it. Inside a transaction only."""
    found = amendments_locked([amendment_id]).get(amendment_id)
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound(WHAT)
    return found


def of_case_audit(*, case: Case, actor: Actor, action: str, summary: str, now: datetime, **details: Any) -> None:
    """Add an audit entry about a case or request, without anything about who asked; call it last."""
    if isinstance(case, Application):
        audit_case(application=case, actor=actor, action=action, summary=summary, now=now, **details)
    else:
        amendment_audit(row=case, actor=actor, action=action, summary=summary, now=now, **details)
