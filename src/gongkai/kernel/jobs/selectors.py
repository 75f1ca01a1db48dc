"""Reading the queue: is a worker alive, what waits, what has failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.jobs.models import JobFailure, JobHeartbeat
from gongkai.kernel.jobs.permissions import can_manage_jobs
from gongkai.kernel.jobs.queue import LONGEST_RUN, definitions

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
    """Return number, name and earlier tries of jobs that no longer run, whatever the queue says.

    Their worker has died, or they have been "doing" for longer than they declare: then the worker lives, but lost its
    connection at the moment at which it noted the job's end. A job that is not declared any more has the usual bound.
    """
    doing = ProcrastinateJob.objects.filter(status="doing")
    dead = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=now - WORKER_SILENT_AFTER)
    begun = ProcrastinateEvent.objects.filter(job_id=OuterRef("pk"), type="started").order_by("-at", "-id")
    rows = doing.annotate(dead=Case(When(dead, then=True), default=False), begun=Subquery(begun.values("at")[:1]))
    known = definitions()
    lost = []
    for job_id, name, attempts, is_dead, begun_at in rows.order_by("id").values_list(
        "id", "task_name", "attempts", "dead", "begun"
    ):
        longest = known[name].longest if name in known else LONGEST_RUN
        if is_dead or (begun_at is not None and now - begun_at > longest):
            lost.append((job_id, name, attempts))
    return lost


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
