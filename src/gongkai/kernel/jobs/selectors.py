"""Reading the queue: is a worker alive, what waits, what has failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.jobs.models import JobFailure, JobHeartbeat
from gongkai.kernel.jobs.permissions import can_manage_jobs

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

HEARTBEAT = "worker"
ALIVE_WITHIN = timedelta(minutes=2)
WORKER_SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class FailedJob:
    """A job that has had its tries: procrastinate's number, our name, its arguments and the last error."""

    id: int
    name: str
    arguments: dict[str, object]
    attempts: int
    error: str
    trace: str
    failed_at: datetime | None


def heartbeat_at() -> datetime | None:
    """Return when a worker last ran a job, or None when none ever did."""
    return JobHeartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()


def worker_alive(*, now: datetime) -> bool:
    """Tell whether a worker ran a job within the last two minutes (the heartbeat comes every 30 seconds)."""
    last = heartbeat_at()
    return last is not None and now - last <= ALIVE_WITHIN


def job_waits(*, once: str) -> bool:
    """Tell whether a job with this ``once`` key waits to be run."""
    return ProcrastinateJob.objects.filter(status="todo", queueing_lock=once).exists()


def jobs_lost(*, now: datetime) -> list[tuple[int, str, int]]:
    """Return number, name and earlier tries of jobs whose worker has died while it ran them."""
    dead = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=now - WORKER_SILENT_AFTER)
    rows = ProcrastinateJob.objects.filter(dead, status="doing")
    return list(rows.order_by("id").values_list("id", "task_name", "attempts"))


def failed_job_ids(*, after: int = 0) -> list[int]:
    """Return the numbers of failed jobs, oldest first."""
    return list(
        ProcrastinateJob.objects.filter(status="failed", id__gt=after).order_by("id").values_list("id", flat=True)
    )


def failed_job_names(*, ids: list[int]) -> dict[int, str]:
    """Return the names of jobs by number, in one query."""
    return dict(ProcrastinateJob.objects.filter(id__in=ids).values_list("id", "task_name"))


def failed_job_list(*, actor: Actor, limit: int = 200) -> list[FailedJob]:
    """Return the newest failed jobs with their last error, in two queries. Raises NotPermitted."""
    if not can_manage_jobs(actor):
        raise NotPermitted(ability="查看后台任务")
    jobs = list(ProcrastinateJob.objects.filter(status="failed").order_by("-id")[:limit])
    reasons = JobFailure.objects.in_bulk([job.id for job in jobs])
    found = []
    for job in jobs:
        reason = reasons.get(job.id)
        found.append(
            FailedJob(
                id=job.id,
                name=job.task_name,
                arguments=job.args,
                attempts=job.attempts,
                error=reason.error if reason else "",
                trace=reason.trace if reason else "",
                failed_at=reason.at if reason else None,
            )
        )
    return found


def job_counts() -> dict[str, int]:
    """Return how many jobs there are by state (``todo``, ``doing``, ``failed`` …)."""
    rows = ProcrastinateJob.objects.values_list("status").annotate(number=Count("id"))
    return dict(rows.order_by("status"))
