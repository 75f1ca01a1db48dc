"""Running what waits in the queue inside a test, on the test's own connection and in its transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from procrastinate import sql
from procrastinate.contrib.django.models import ProcrastinateJob

from gongkai.kernel.jobs.queue import definitions

MANY = 1000


def run_jobs(*, now: datetime | None = None, raise_errors: bool = True, only: str | None = None) -> list[str]:
    """Run waiting jobs in order, those they add included, and return the names of those that ran.

    Jobs set for later run too unless ``now`` is given and they are not due by then. With ``raise_errors`` the first
    error is raised; without, the job is marked failed (there is no second try). ``only`` runs jobs of one name.
    Raises RuntimeError when jobs keep adding jobs.
    """
    ran: list[str] = []
    declared = definitions()
    while len(ran) < MANY:
        waiting = ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")
        if now is not None:
            waiting = waiting.exclude(scheduled_at__gt=now)
        if only is not None:
            waiting = waiting.filter(task_name=only)
        found = waiting.first()
        if found is None:
            return ran
        arguments = {name: value for name, value in found.args.items() if name != "timestamp"}
        state = "succeeded"
        try:
            with transaction.atomic():
                declared[found.task_name].work(**arguments)
        except Exception:
            if raise_errors:
                raise
            state = "failed"
        with connection.cursor() as cursor:
            cursor.execute(sql.queries["finish_job"], {"job_id": found.id, "status": state, "delete_job": False})
        ran.append(found.task_name)
    raise RuntimeError(f"more than {MANY} jobs: {sorted(set(ran))} keep adding jobs")


def jobs_waiting() -> list[tuple[str, dict[str, object]]]:
    """Return name and arguments of every waiting job, in order."""
    return list(ProcrastinateJob.objects.filter(status="todo").order_by("id").values_list("task_name", "args"))
