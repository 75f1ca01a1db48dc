"""Periodic work on approvals, and the listeners that ``config.wiring`` connects to their events."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.approvals import services
from gongkai.kernel.approvals.events import ApprovalCompleted, ApprovalReturned, ApprovalVoided, StepWaiting
from gongkai.kernel.jobs import periodic


@periodic("30 0 * * *", name="approvals.sweep_reminders")
def sweep_reminders() -> None:
    """Remind of steps that are late or that nobody can take (08:30 in Beijing)."""
    services.reminders_sweep(now=timezone.now())


def on_step_waiting(event: StepWaiting) -> None:
    """Tell those who may sign."""
    services.tell_step_waiting(approval_id=event.approval_id, step=event.step, now=timezone.now(), happened_at=event.at)


def on_returned(event: ApprovalReturned) -> None:
    """Tell the authors of a return."""
    services.tell_returned(
        approval_id=event.approval_id, step=event.step, remark=event.remark, now=timezone.now(), happened_at=event.at
    )


def on_completed(event: ApprovalCompleted) -> None:
    """Tell the authors that it is done."""
    services.tell_completed(approval_id=event.approval_id, now=timezone.now(), happened_at=event.at)


def on_voided(event: ApprovalVoided) -> None:
    """Tell those who signed that it counts no more."""
    services.tell_voided(approval_id=event.approval_id, kind=event.kind, reason=event.reason, now=timezone.now())
