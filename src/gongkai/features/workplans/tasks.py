"""Jobs: the daily sweeps, and telling people what has happened after it is committed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.features.workplans import services
from gongkai.features.workplans.events import (
    ItemMoved,
    ItemSplit,
    PlanConfirmed,
    SupervisionNoticeAnswered,
    SupervisionNoticeIssued,
)
from gongkai.kernel.jobs import job, periodic


@periodic("20 22 * * *", name="workplans.sweep_checks")
def sweep_checks() -> None:
    """Open the checks that begin today (06:20 in Beijing), and harvest evidence for the open ones."""
    services.checks_sweep(now=timezone.now())
    services.evidence_harvest(now=timezone.now())


@periodic("0 0 * * *", name="workplans.sweep_reminders")
def sweep_reminders() -> None:
    """Remind, and pass delays up (08:00 in Beijing)."""
    services.reminders_sweep(now=timezone.now())


@job(services.exports.JOB, retries=0, longest=timedelta(hours=2))
def write_export(export_id: int) -> None:
    """Write a long export; why it failed is told to whoever asked."""
    services.export_write(export_id=export_id, now=timezone.now())


@periodic("40 18 * * *", name="workplans.sweep_exports")
def sweep_exports() -> None:
    """Delete old exports (02:40 in Beijing)."""
    services.exports_sweep(now=timezone.now())


def on_plan_confirmed(event: PlanConfirmed) -> None:
    """Tell the units that the plan gives them tasks."""
    services.tell_plan_confirmed(plan_id=event.plan_id, now=timezone.now(), happened_at=event.at)


def on_item_moved(event: ItemMoved) -> None:
    """Tell those whom a step of the sign-off concerns."""
    services.tell_item_moved(
        item_id=event.item_id,
        verb=event.verb,
        entry_id=event.entry_id,
        actor_id=event.actor_id,
        now=timezone.now(),
        happened_at=event.at,
    )


def on_item_split(event: ItemSplit) -> None:
    """Tell the units that got a part of an item."""
    services.tell_item_split(
        child_ids=event.child_ids, actor_id=event.actor_id, now=timezone.now(), happened_at=event.at
    )


def on_supervision_issued(event: SupervisionNoticeIssued) -> None:
    """Tell the unit that a supervision notice was issued to it."""
    services.tell_supervision_issued(notice_id=event.notice_id, now=timezone.now(), happened_at=event.at)


def on_supervision_answered(event: SupervisionNoticeAnswered) -> None:
    """Tell whoever issued a supervision notice that it was answered."""
    services.tell_supervision_answered(notice_id=event.notice_id, now=timezone.now(), happened_at=event.at)
