"""The jobs that look after jobs."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.jobs import services
from gongkai.kernel.jobs.queue import periodic


@periodic("* * * * * */30", name="jobs.heartbeat")
def heartbeat() -> None:
    """Note every 30 seconds that a worker runs jobs."""
    services.heartbeat_record(now=timezone.now())


@periodic("* * * * * 15", name="jobs.recover")
def recover() -> None:
    """Look every minute for jobs whose worker has died, or that have run for too long."""
    services.jobs_recover(now=timezone.now())


@periodic("40 * * * *", name="jobs.clean")
def clean() -> None:
    """Clean old finished jobs away."""
    services.jobs_clean(now=timezone.now())
