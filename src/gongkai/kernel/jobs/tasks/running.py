"""Running one job: what the worker and the tests have in common."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone
from procrastinate.jobs import Job

from gongkai.kernel.jobs.queue import Definition
from gongkai.kernel.row_quotes import without_rows


def run_job(definition: Definition, job: Job, arguments: Mapping[str, Any]) -> None:
    """Call the job's function; note why it failed, and raise on so that it is tried again.

    A job with a ``once`` key of which another one waits already is not tried again: the waiting one does the work.
    """
    from gongkai.kernel.jobs import selectors, services

    try:
        definition.work(**arguments)
    except Exception as error:
        if connection.in_atomic_block:
            raise  # the surrounding transaction is lost, and with it anything noted here
        services.failure_record(
            job_id=job.id or 0,
            name=definition.name,
            attempt=job.attempts + 1,
            error=without_rows(f"{type(error).__name__}: {error}", error),
            trace=without_rows(traceback.format_exc(), error),
            now=timezone.now(),
        )
        if job.queueing_lock and selectors.job_waits(once=job.queueing_lock):
            return
        raise
