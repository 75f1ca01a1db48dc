"""The jobs that send e-mail."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.jobs import job, periodic
from gongkai.kernel.notices import services


@job("notices.email", retries=8)
def notice_email(notice_id: int) -> None:
    """Send one notice by e-mail."""
    services.notice_email(notice_id=notice_id, now=timezone.now())


@periodic("*/10 * * * *", name="notices.failed_jobs")
def failed_jobs_report() -> None:
    """Tell administrators about jobs that have failed for good."""
    services.failed_jobs_report(now=timezone.now())
