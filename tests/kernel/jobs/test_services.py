"""Signs of life, lost jobs, failures and their list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from tests.kernel.people import actor_of, make_person, make_place, signed_in

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs import enqueue, job, selectors, services
from gongkai.kernel.jobs.models import JobFailure
from gongkai.kernel.jobs.queue import definitions
from gongkai.kernel.jobs.tasks import clean, heartbeat, recover
from gongkai.kernel.jobs.tasks.running import run_job
from gongkai.kernel.jobs.testing import run_jobs

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@job("jobtest.break")
def break_down(word: str) -> None:
    raise LookupError(f"no {word}\x00")


@job("jobtest.long", longest=timedelta(hours=2))
def take_long(word: str) -> None:
    assert word


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def lose(job_id: int | None, *, attempts: int = 0, worker: datetime | None = None) -> None:
    """What is left of a running job whose worker was killed."""
    worker_id = None
    with connection.cursor() as cursor:
        if worker is not None:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [worker])
            (worker_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = %s WHERE id = %s",
            [attempts, worker_id, job_id],
        )


def states() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("status", flat=True))


@pytest.mark.django_db
class TestWorkerAlive:
    def test_is_false_before_the_first_sign(self) -> None:
        assert selectors.worker_alive(now=NOW) is False
        assert selectors.heartbeat_at() is None

    @pytest.mark.parametrize(("seconds", "alive"), [(0, True), (30, True), (120, True), (121, False)])
    def test_needs_a_sign_within_two_minutes(self, seconds: int, alive: bool) -> None:
        services.heartbeat_record(now=NOW - timedelta(days=1))
        services.heartbeat_record(now=NOW)
        assert selectors.worker_alive(now=NOW + timedelta(seconds=seconds)) is alive

    def test_the_job_gives_the_sign(self) -> None:
        heartbeat()
        assert selectors.worker_alive(now=timezone.now())


@pytest.mark.django_db
class TestJobsRecover:
    def test_puts_jobs_of_dead_workers_back(self) -> None:
        lose(enqueue("jobtest.break", word="甲"))
        lose(enqueue("jobtest.break", word="乙"), worker=NOW - timedelta(minutes=5))
        assert services.jobs_recover(now=NOW) == 2
        assert states() == ["todo", "todo"]

    def test_leaves_jobs_of_living_workers_alone(self) -> None:
        lose(enqueue("jobtest.break", word="甲"), worker=NOW - timedelta(seconds=20))
        assert services.jobs_recover(now=NOW) == 0
        assert states() == ["doing"]

    @pytest.mark.parametrize(
        ("name", "minutes", "lost"),
        [
            ("jobtest.break", 29, False),
            ("jobtest.break", 31, True),
            ("jobtest.long", 119, False),
            ("jobtest.long", 121, True),
        ],
    )
    def test_takes_a_job_that_runs_longer_than_it_may_for_lost_under_a_living_worker(
        self, name: str, minutes: int, lost: bool
    ) -> None:
        job_id = enqueue(name, word="甲")
        lose(job_id, worker=NOW - timedelta(seconds=5))
        # An older try and the way back into the queue do not count; the newest start does.
        for type_, at in (("started", NOW - timedelta(days=1)), ("started", NOW - timedelta(minutes=minutes))):
            execute("DELETE FROM procrastinate_events WHERE job_id = %s AND type = %s AND at > %s", job_id, type_, at)
            execute("INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s, %s)", job_id, type_, at)
        assert [found[0] for found in selectors.jobs_lost(now=NOW)] == ([job_id] if lost else [])
        assert services.jobs_recover(now=NOW) == int(lost)
        assert states() == ["todo" if lost else "doing"]

    def test_gives_up_on_a_job_that_kills_its_worker_every_time(self) -> None:
        lose(enqueue("jobtest.break", word="甲"), attempts=services.LOST_AT_MOST)
        assert services.jobs_recover(now=NOW) == 0
        assert states() == ["failed"]
        assert "中途退出" in JobFailure.objects.get().error

    def test_lets_the_waiting_twin_do_the_work(self) -> None:
        lose(enqueue("jobtest.break", word="甲", once="k"))
        enqueue("jobtest.break", word="甲", once="k")
        assert services.jobs_recover(now=NOW) == 0
        assert states() == ["aborted", "todo"]

    def test_the_periodic_job_does_it(self) -> None:
        lose(enqueue("jobtest.break", word="甲"))
        recover()
        assert states() == ["todo"]


@pytest.mark.django_db(transaction=True)
class TestRunJob:
    def test_notes_why_a_job_failed_and_raises_on(self) -> None:
        found = Job(id=5, queue="q", lock=None, queueing_lock=None, task_name="jobtest.break", attempts=2)
        with pytest.raises(LookupError):
            run_job(definitions()["jobtest.break"], found, {"word": "甲"})
        failure = JobFailure.objects.get()
        assert (failure.job_id, failure.name, failure.attempt) == (5, "jobtest.break", 3)
        assert failure.error == "LookupError: no 甲"
        assert "break_down" in failure.trace

    def test_leaves_the_work_to_a_waiting_twin(self) -> None:
        enqueue("jobtest.break", word="甲", once="k")
        found = Job(id=5, queue="q", lock=None, queueing_lock="k", task_name="jobtest.break")
        run_job(definitions()["jobtest.break"], found, {"word": "甲"})
        assert JobFailure.objects.exists()


@pytest.mark.django_db
class TestJobsClean:
    def test_deletes_what_ended_long_ago(self) -> None:
        old, new, waiting = (enqueue("jobtest.break", word=word) for word in "甲乙丙")
        run_jobs(raise_errors=False, now=NOW)
        execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE id = %s", waiting)
        execute(
            "UPDATE procrastinate_events SET at = %s WHERE job_id IN (%s, %s)", NOW - timedelta(days=31), old, waiting
        )
        execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", NOW - timedelta(days=29), new)
        for job_id in (old, new):
            services.failure_record(job_id=job_id or 0, name="x", attempt=1, error="e", trace="t", now=NOW)
        assert services.jobs_clean(now=NOW) == 1
        assert list(ProcrastinateJob.objects.order_by("id").values_list("id", flat=True)) == [new, waiting]
        assert list(JobFailure.objects.values_list("job_id", flat=True)) == [new]

    def test_the_periodic_job_does_it(self) -> None:
        clean()
        assert states() == []


@pytest.fixture
def failed(db: None) -> int:
    job_id = enqueue("jobtest.break", word="<甲>")
    assert job_id is not None
    run_jobs(raise_errors=False)
    services.failure_record(
        job_id=job_id, name="jobtest.break", attempt=1, error="LookupError: <b>", trace="t", now=NOW
    )
    return job_id


class TestJobRetry:
    def test_puts_a_failed_job_back(self, failed: int) -> None:
        services.job_retry(actor=Actor.system("x"), job_id=failed, now=NOW)
        assert states() == ["todo"]

    def test_refuses_a_job_that_has_not_failed(self, failed: int) -> None:
        services.job_retry(actor=Actor.system("x"), job_id=failed, now=NOW)
        for job_id in (failed, 999_999):
            with pytest.raises(Refused, match="不在失败列表中"):
                services.job_retry(actor=Actor.system("x"), job_id=job_id, now=NOW)

    def test_refuses_when_a_twin_waits(self, db: None) -> None:
        job_id = enqueue("jobtest.break", word="甲", once="k")
        execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", job_id)
        enqueue("jobtest.break", word="甲", once="k")
        with pytest.raises(Refused, match="已在排队"):
            services.job_retry(actor=Actor.system("x"), job_id=job_id or 0, now=NOW)

    def test_is_refused_to_others(self, failed: int) -> None:
        actor = actor_of(make_person(Role.SUPERVISOR, make_place().office))
        with pytest.raises(NotPermitted):
            services.job_retry(actor=actor, job_id=failed, now=NOW)
        with pytest.raises(NotPermitted):
            selectors.failed_job_list(actor=actor)


class TestScreen:
    @pytest.mark.parametrize("role", list(Role))
    def test_is_for_system_administrators(self, db: None, role: Role) -> None:
        client = signed_in(make_person(role, make_place().office))
        expected = 200 if role is Role.SYSTEM_ADMINISTRATOR else 403
        assert client.get("/admin/jobs/").status_code == expected

    def test_shows_failures_and_starts_one_again(self, failed: int) -> None:
        client = signed_in(make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office))
        page = client.get("/admin/jobs/").content.decode()
        assert "LookupError: &lt;b&gt;" in page
        assert "没有运行" in page
        page = client.post(f"/admin/jobs/{failed}/retry/", follow=True).content.decode()
        assert "已重新排队" in page
        assert "没有失败的任务" in page
        assert "不在失败列表中" in client.post(f"/admin/jobs/{failed}/retry/", follow=True).content.decode()

    def test_changes_nothing_by_a_link(self, failed: int) -> None:
        client = signed_in(make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office))
        assert client.get(f"/admin/jobs/{failed}/retry/").status_code == 405
