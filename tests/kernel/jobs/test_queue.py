"""Declaring and deferring jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from gongkai.kernel.jobs import JobError, enqueue, job, periodic
from gongkai.kernel.jobs.queue import BackOff, definitions, wait_before
from gongkai.kernel.jobs.testing import jobs_waiting, run_jobs

done: list[object] = []


@job("jobtest.note", retries=2)
def note(what: str, more: int = 0) -> None:
    done.append((what, more))


@job("jobtest.fail")
def fail() -> None:
    raise LookupError("nothing there")


@job("jobtest.again")
def again(left: int) -> None:
    done.append(left)
    if left:
        enqueue("jobtest.again", left=left - 1)


@job("jobtest.endless")
def endless() -> None:
    enqueue(endless)


@pytest.fixture(autouse=True)
def clean() -> None:
    done.clear()


class TestDeclaring:
    def test_gives_the_function_back(self) -> None:
        note("直接")
        assert done == [("直接", 0)]

    def test_refuses_a_name_twice(self) -> None:
        with pytest.raises(JobError, match="declared twice"):
            job("jobtest.note")(lambda: None)

    @pytest.mark.parametrize("name", ["lock", "once", "at"])
    def test_refuses_arguments_that_enqueue_takes_itself(self, name: str) -> None:
        scope: dict[str, object] = {}
        exec(f"def work({name}): pass", scope)
        with pytest.raises(JobError, match="may not have arguments"):
            job(f"jobtest.takes_{name}")(scope["work"])  # type: ignore[type-var]

    def test_periodic_jobs_are_started_by_the_clock_one_at_a_time(self) -> None:
        @periodic("0 3 * * *", name="jobtest.nightly")
        def nightly() -> None:
            done.append("nightly")

        declared = definitions()["jobtest.nightly"]
        assert (declared.cron, declared.retries, declared.lock) == ("0 3 * * *", 0, "jobtest.nightly")

    def test_every_periodic_job_of_the_product_takes_no_arguments(self) -> None:
        import inspect

        own = [d for d in definitions().values() if d.cron and d.work.__module__.startswith("gongkai.")]
        assert {d.name for d in own} >= {"jobs.heartbeat", "jobs.recover", "audit.anchors", "clocks.calendar_alarm"}
        assert [d.name for d in own if inspect.signature(d.work).parameters] == []


@pytest.mark.django_db
class TestEnqueue:
    def test_runs_by_name_or_function(self) -> None:
        enqueue("jobtest.note", what="甲")
        enqueue(note, what="乙", more=2)
        assert run_jobs() == ["jobtest.note", "jobtest.note"]
        assert done == [("甲", 0), ("乙", 2)]

    @pytest.mark.parametrize(
        ("work", "arguments"),
        [("jobtest.none", {}), ("jobtest.note", {}), ("jobtest.note", {"what": "x", "other": 1}), (print, {})],
    )
    def test_refuses_unknown_jobs_and_wrong_arguments_at_once(self, work: object, arguments: dict[str, object]) -> None:
        with pytest.raises(JobError):
            enqueue(work, **arguments)  # type: ignore[arg-type]

    def test_belongs_to_the_transaction(self) -> None:
        with pytest.raises(KeyError), transaction.atomic():
            enqueue("jobtest.note", what="甲")
            raise KeyError
        assert jobs_waiting() == []

    def test_adds_nothing_while_one_with_the_same_key_waits(self) -> None:
        assert enqueue("jobtest.note", what="甲", once="k") is not None
        assert enqueue("jobtest.note", what="乙", once="k") is None
        assert jobs_waiting() == [("jobtest.note", {"what": "甲"})]
        run_jobs()
        assert enqueue("jobtest.note", what="乙", once="k") is not None

    def test_keeps_lock_and_moment(self) -> None:
        at = datetime(2026, 3, 2, 1, tzinfo=UTC)
        enqueue("jobtest.note", what="甲", lock="row-7", at=at)
        row = ProcrastinateJob.objects.get()
        assert (row.lock, row.scheduled_at) == ("row-7", at)
        assert run_jobs(now=at - timedelta(seconds=1)) == []
        assert run_jobs(now=at) == ["jobtest.note"]


@pytest.mark.django_db
class TestRunJobs:
    def test_runs_what_jobs_add(self) -> None:
        enqueue("jobtest.again", left=3)
        assert len(run_jobs()) == 4
        assert done == [3, 2, 1, 0]

    def test_raises_or_marks_failed(self) -> None:
        enqueue("jobtest.fail")
        with pytest.raises(LookupError):
            run_jobs()
        assert run_jobs(raise_errors=False) == ["jobtest.fail"]
        assert ProcrastinateJob.objects.get().status == "failed"

    def test_runs_one_kind_only(self) -> None:
        enqueue("jobtest.note", what="甲")
        enqueue("jobtest.again", left=0)
        assert run_jobs(only="jobtest.again") == ["jobtest.again"]

    def test_gives_up_on_jobs_without_end(self) -> None:
        enqueue(endless)
        with pytest.raises(RuntimeError, match="jobtest.endless"):
            run_jobs()


class TestBackOff:
    def test_waits_longer_each_time_up_to_an_hour(self) -> None:
        waits = [wait_before(attempts).total_seconds() for attempts in range(8)]
        assert waits == [10, 40, 160, 640, 2560, 3600, 3600, 3600]

    @pytest.mark.parametrize(("attempts", "again"), [(0, True), (1, True), (2, False), (9, False)])
    def test_gives_up_after_its_tries(self, attempts: int, again: bool) -> None:
        tried = Job(queue="q", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
        decision = BackOff(2).get_retry_decision(exception=LookupError(), job=tried)
        assert (decision is not None) == again
