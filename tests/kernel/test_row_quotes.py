"""Rows that a database quotes are left out of logs and of what is kept of failed jobs."""

from __future__ import annotations

import logging

import pytest
from procrastinate.jobs import Job

from gongkai.config.logs import LineFormatter
from gongkai.kernel.jobs.models import JobFailure
from gongkai.kernel.jobs.queue import Definition
from gongkai.kernel.jobs.tasks.running import run_job
from gongkai.kernel.row_quotes import LEFT_OUT, without_rows

QUOTED = "new row violates x\nDETAIL:  Failing row contains (某某水库)."


def quoting() -> None:
    raise ValueError(QUOTED)


class TestWithoutRows:
    def test_also_of_what_led_to_the_error(self) -> None:
        second = RuntimeError("later")
        second.__cause__ = ValueError(QUOTED)
        told = without_rows(f"{QUOTED}\nThe above … {second}", second)
        assert told == f"new row violates x {LEFT_OUT}\nThe above … later"

    def test_an_error_that_led_to_itself_comes_to_an_end(self) -> None:
        first, second = ValueError(QUOTED), RuntimeError("later")
        first.__context__, second.__context__ = second, first
        assert "水库" not in without_rows(QUOTED, second)

    def test_other_texts_stay_as_they_are(self) -> None:
        assert without_rows("DETAIL: 一", None) == "DETAIL: 一"
        assert without_rows("一", ValueError("二")) == "一"


class TestLineFormatter:
    def record(self) -> logging.LogRecord:
        try:
            quoting()
        except ValueError as error:
            info = (ValueError, error, error.__traceback__)
            return logging.LogRecord("a", logging.ERROR, "b", 1, "failed: %s", (error,), info)
        raise AssertionError

    def test_tells_the_way_without_the_row(self) -> None:
        line = LineFormatter("{levelname} {message}", style="{").format(self.record())
        assert "水库" not in line and "quoting" in line and line.startswith("ERROR failed: new row violates x")

    def test_what_another_formatter_made_before_gives_nothing_away(self) -> None:
        record = self.record()
        assert "水库" in logging.Formatter().format(record)
        assert "水库" not in LineFormatter("{message}", style="{").format(record)


@pytest.mark.django_db(transaction=True)
class TestFailedJobs:
    def test_keep_why_without_the_row(self) -> None:
        definition = Definition(name="quoting", work=quoting, retries=0, lock=None)
        with pytest.raises(ValueError, match="violates"):
            run_job(definition, Job(id=5, queue="q", lock=None, queueing_lock=None, task_name="quoting"), {})
        failure = JobFailure.objects.get()
        assert failure.error == f"ValueError: new row violates x {LEFT_OUT}"
        assert "quoting" in failure.trace and "水库" not in failure.trace
