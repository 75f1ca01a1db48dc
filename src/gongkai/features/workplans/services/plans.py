"""A plan's own life: activated, shown to the public, taken back, archived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.workplans import permissions
from gongkai.features.workplans.events import PlanVisibilityChanged
from gongkai.features.workplans.models import Duty, WorkPlan
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.features.workplans.services.checks import open_checks
from gongkai.features.workplans.services.writing import require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish


def _lock(actor: Actor, plan_id: int, ability: str) -> WorkPlan:
    plan = (
        WorkPlan.objects.select_for_update(of=("self",), no_key=True).select_related("owner").filter(pk=plan_id).first()
    )
    if plan is None:
        raise NotFound("方案", plan_id)
    require(permissions.can_manage_plan(actor, plan.owner_id), ability)
    return plan


def _audit(actor: Actor, plan: WorkPlan, action: str, label: str, details: Mapping[str, Any], now: datetime) -> None:
    record(
        actor=actor,
        action=f"workplans.plan.{action}",
        target_type="workplans.plan",
        target_id=plan.pk,
        summary=f"{label}：《{plan.title}》",
        unit_id=plan.owner_id,
        details=details,
        now=now,
    )


def _need(reason: str, verb: str) -> list[Issue]:
    return [] if reason.strip() else [Issue("ledger.reason.missing", field="reason", values={"verb": verb})]


def plan_activate(*, actor: Actor, plan_id: int, now: datetime) -> WorkPlan:
    """Start a plan that was confirmed as a draft: reminders and checks begin. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        plan = _lock(actor, plan_id, "启用工作方案")
        if plan.state != WorkPlan.State.DRAFT:
            raise Refused(Issue("workplans.plan.state", values={"state": plan.get_state_display(), "verb": "启用"}))
        plan.state, plan.confirmed_at = WorkPlan.State.ACTIVE, plan.confirmed_at or now
        plan.save(update_fields=["state", "confirmed_at"])
        open_checks(duties=list(Duty.objects.filter(item__plan=plan)), now=now)
        _audit(actor, plan, "activate", "启用工作方案", {}, now)
    return plan


def plan_publish(*, actor: Actor, plan_id: int, visibility: str, now: datetime) -> WorkPlan:
    """Show the plan's progress to the public, with or without the notes; the first day shown is kept.

    ``visibility`` is progress or progress_and_notes. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        plan = _lock(actor, plan_id, "公开工作方案进度")
        issues = []
        if visibility not in (WorkPlan.Visibility.PROGRESS, WorkPlan.Visibility.PROGRESS_AND_NOTES):
            issues.append(Issue("workplans.plan.visibility", field="visibility", values={"visibility": visibility}))
        if plan.state == WorkPlan.State.DRAFT:
            issues.append(Issue("workplans.plan.state", values={"state": plan.get_state_display(), "verb": "公开"}))
        if issues:
            raise Refused(issues)
        before = plan.visibility
        plan.visibility, plan.published_at = visibility, plan.published_at or now
        plan.save(update_fields=["visibility", "published_at"])
        publish(PlanVisibilityChanged(plan_id=plan.pk, visibility=visibility, at=now))
        _audit(actor, plan, "publish", "公开工作方案进度", {"from": before, "to": visibility}, now)
    return plan


def plan_unpublish(*, actor: Actor, plan_id: int, reason: str, now: datetime) -> WorkPlan:
    """Take the plan's progress back from the public, with a reason. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        plan = _lock(actor, plan_id, "停止公开工作方案进度")
        issues = _need(reason, "停止公开")
        if plan.visibility == WorkPlan.Visibility.HIDDEN:
            issues.append(Issue("workplans.plan.not_public"))
        if issues:
            raise Refused(issues)
        details = {"from": plan.visibility, "reason": reason.strip(), "since": plan.published_at}
        plan.visibility, plan.published_at = WorkPlan.Visibility.HIDDEN, None
        plan.save(update_fields=["visibility", "published_at"])
        publish(PlanVisibilityChanged(plan_id=plan.pk, visibility=plan.visibility, at=now))
        _audit(actor, plan, "unpublish", "停止公开工作方案进度", details, now)
    return plan


def plan_archive(*, actor: Actor, plan_id: int, reason: str, now: datetime) -> WorkPlan:
    """Archive a plan with a reason: nothing moves on its ledger after that, no reminders go out, it stays readable.

    Items that are still open stay what they are and show as such. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        plan = _lock(actor, plan_id, "归档工作方案")
        issues = _need(reason, "归档")
        if plan.state == WorkPlan.State.ARCHIVED:
            issues.append(Issue("workplans.plan.state", values={"state": plan.get_state_display(), "verb": "归档"}))
        if issues:
            raise Refused(issues)
        plan.state, plan.archived_at = WorkPlan.State.ARCHIVED, now
        plan.save(update_fields=["state", "archived_at"])
        _audit(actor, plan, "archive", "归档工作方案", {"reason": reason.strip()}, now)
    return plan
