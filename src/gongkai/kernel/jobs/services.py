"""Writing about jobs: the sign of life, why one failed, lost ones found again, old ones cleaned away."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from procrastinate import sql

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs import selectors
from gongkai.kernel.jobs.models import JobFailure, JobHeartbeat
from gongkai.kernel.jobs.permissions import can_manage_jobs
from gongkai.kernel.jobs.queue import job_manager

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

logger = logging.getLogger(__name__)

LOST_AT_MOST = 10  # a job that kills its worker every time must not do so for ever
KEEP_FINISHED = timedelta(days=30)


def heartbeat_record(*, now: datetime) -> None:
    """Note that a worker is running jobs."""
    JobHeartbeat.objects.update_or_create(name=selectors.HEARTBEAT, defaults={"at": now})


def failure_record(*, job_id: int, name: str, attempt: int, error: str, trace: str, now: datetime) -> None:
    """Keep why a job failed the last time; NUL characters cannot be stored and are dropped."""
    JobFailure.objects.update_or_create(
        job_id=job_id,
        defaults={
            "name": name,
            "attempt": attempt,
            "error": error.replace("\x00", "")[:4000],
            "trace": trace.replace("\x00", "")[-8000:],
            "at": now,
        },
    )


def jobs_recover(*, now: datetime) -> int:
    """Put jobs whose worker died, or that run for longer than they may, back into the queue; returns how many.

    One that was lost ten times is given up as failed, so that it is seen.
    """
    recovered = 0
    for job_id, name, attempts in selectors.jobs_lost(now=now):
        try:
            with transaction.atomic():
                if attempts >= LOST_AT_MOST:
                    _finish(job_id, "failed")
                    failure_record(
                        job_id=job_id,
                        name=name,
                        attempt=attempts,
                        error="执行它的进程每次都中途退出，或者每次都超过了允许的最长时间",
                        trace="",
                        now=now,
                    )
                elif _waits_already(job_id):
                    _finish(job_id, "aborted")
                else:
                    job_manager().retry_job_by_id(job_id, retry_at=now)
                    recovered += 1
        except Exception:  # another worker was faster, or this one job is stuck: the others must not wait for it
            logger.exception("job %s (%s) could not be recovered", job_id, name)
    return recovered


def _waits_already(job_id: int) -> bool:
    """A second job with the same ``once`` key does the work of the lost one, and both may not wait."""
    job = next(iter(job_manager().list_jobs(id=job_id)))
    return bool(job.queueing_lock) and selectors.job_waits(once=job.queueing_lock)


def _finish(job_id: int, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.queries["finish_job"], {"job_id": job_id, "status": state, "delete_job": False})


def jobs_clean(*, now: datetime) -> int:
    """Delete jobs that ended more than 30 days ago, and the reasons of failure that belong to no job; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND id IN "
            "(SELECT job_id FROM procrastinate_events GROUP BY job_id HAVING max(at) < %s)",
            [now - KEEP_FINISHED],
        )
        deleted = cursor.rowcount
        cursor.execute(
            "DELETE FROM jobs_jobfailure f WHERE NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.id = f.job_id)"
        )
    return deleted


def job_retry(*, actor: Actor, job_id: int, now: datetime) -> None:
    """Put a failed job back into the queue. Raises NotPermitted, or Refused when it is not a failed one."""
    if not can_manage_jobs(actor):
        raise NotPermitted(ability="重新执行后台任务")
    with transaction.atomic():
        found = next(iter(job_manager().list_jobs(id=job_id)), None)
        if found is None or found.status != "failed":
            raise Refused(Issue("jobs.retry.not_failed", values={"id": job_id}))
        if found.queueing_lock and selectors.job_waits(once=found.queueing_lock):
            raise Refused(Issue("jobs.retry.waits_already", values={"id": job_id}))
        job_manager().retry_job_by_id(job_id, retry_at=now)
