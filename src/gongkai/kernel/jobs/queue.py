"""Declaring jobs and deferring them; the only module that registers anything with procrastinate."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from procrastinate import exceptions, manager, retry
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_RUN = timedelta(minutes=30)
"""How long a job may run unless it declares its own; after that it counts as lost. A technical bound, no rule of law."""
OPTIONS = frozenset({"lock", "once", "at"})

Work = TypeVar("Work", bound=Callable[..., Any])


class JobError(Exception):
    """A job was declared or deferred wrongly; a mistake in the program."""


@dataclass(frozen=True)
class Definition:
    """One declared job: name, function, how often it is tried again, its lock, its cron line, how long it may run."""

    name: str
    work: Callable[..., Any]
    retries: int
    lock: str | None
    cron: str | None = None
    longest: timedelta = LONGEST_RUN


class BackOff(retry.BaseRetryStrategy):
    """Try again after 10, 40, 160 … seconds, at most an hour apart, ``retries`` times in all."""

    def __init__(self, retries: int) -> None:
        self.retries = retries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> retry.RetryDecision | None:
        """Say when to try again, or None when the job has had its tries."""
        if job.attempts >= self.retries:
            return None
        return retry.RetryDecision(retry_in={"seconds": int(wait_before(job.attempts).total_seconds())})


def wait_before(attempts: int) -> timedelta:
    """Return how long to wait after ``attempts`` earlier tries and one more failure."""
    return min(FIRST_WAIT * 4 ** min(attempts, 10), LONGEST_WAIT)


_definitions: dict[str, Definition] = {}


def definitions() -> dict[str, Definition]:
    """Return every declared job by its name."""
    return dict(_definitions)


def job(
    name: str, *, retries: int = 5, lock: str | None = None, longest: timedelta = LONGEST_RUN
) -> Callable[[Work], Work]:
    """Declare the decorated function as the job ``name`` (``feature.verb``); its arguments must be JSON values.

    ``lock``: no two jobs of the same lock run at the same time. The function itself is returned, so that it can be
    called directly. ``longest``: how long it runs at most; one that is "doing" for longer counts as lost, even under a
    living worker (its end could not be noted), and is run again. Raises JobError when the name is taken.
    """

    def declare(work: Work) -> Work:
        _declare(Definition(name, work, retries, lock, longest=longest))
        return work

    return declare


def periodic(cron: str, *, name: str, longest: timedelta = LONGEST_RUN) -> Callable[[Work], Work]:
    """Declare a job that the worker starts by the clock.

    ``cron`` has five fields, or six with seconds last, and is read in UTC. A time at which no worker ran is not made up
    for, so what must happen once a day looks every hour whether it has happened. The function takes no argument, looks
    for its work by itself and may be started late or twice. It is not tried again: the next time comes anyway.
    """

    def declare(work: Work) -> Work:
        _declare(Definition(name, work, 0, name, cron, longest))
        return work

    return declare


def _declare(definition: Definition) -> None:
    if definition.name in _definitions:
        raise JobError(f"the job {definition.name} is declared twice")
    wrong = OPTIONS & set(inspect.signature(definition.work).parameters)
    if wrong:
        raise JobError(f"the job {definition.name} may not have arguments named {sorted(wrong)}")
    _definitions[definition.name] = definition

    @functools.wraps(definition.work)
    def run(context: JobContext, **arguments: Any) -> None:
        from gongkai.kernel.jobs.tasks.running import run_job

        arguments.pop("timestamp", None)
        run_job(definition, context.job, arguments)

    declared = app.task(
        name=definition.name,
        pass_context=True,
        retry=BackOff(definition.retries) if definition.retries else False,
        lock=definition.lock,
        queueing_lock=definition.name if definition.cron else None,
    )(run)
    if definition.cron:
        app.periodic(cron=definition.cron)(declared)


def job_manager() -> manager.JobManager:
    """Return procrastinate's manager on Django's own connection, in a web process, a worker or a test alike.

    Inside a worker the app's connector is another connection, where a job would be deferred outside of the transaction
    that causes it; therefore ours is never the app's.
    """
    return manager.JobManager(DjangoConnector())


def enqueue(
    work: str | Callable[..., Any],
    *,
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Defer a job in the current transaction: it exists if, and only if, the transaction commits.

    ``work`` is the job's name or its function; ``lock`` as for ``job``; ``once``: nothing is added while a job with the
    same key waits (None is returned then); ``at``: not before this moment. Returns the job's number.
    Raises JobError for an unknown job or wrong arguments.
    """
    definition = _find(work)
    try:
        inspect.signature(definition.work).bind(**arguments)
    except TypeError as error:
        raise JobError(f"wrong arguments for the job {definition.name}: {error}") from error
    waiting = Job(
        queue="default",
        lock=lock or definition.lock,
        queueing_lock=once,
        task_name=definition.name,
        task_kwargs=arguments,
        scheduled_at=at,
    )
    try:
        with transaction.atomic():
            return job_manager().defer_job(waiting).id
    except exceptions.AlreadyEnqueued:
        return None


def _find(work: str | Callable[..., Any]) -> Definition:
    if isinstance(work, str):
        if work not in _definitions:
            raise JobError(f"there is no job named {work}")
        return _definitions[work]
    for definition in _definitions.values():
        if definition.work is work:
            return definition
    raise JobError(f"{work!r} is not a declared job")
