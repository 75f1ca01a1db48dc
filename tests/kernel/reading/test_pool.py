"""Work in processes of its own: what one task does to its process is told for that task, and the others go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.kernel.reading import ReaderStopped, ReadingPool
from tests.kernel.reading.work import misbehave, shout


@pytest.fixture(autouse=True)
def tests_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of these tests lies beside the package, where a process of its own does not look by itself."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[3]))


class TestPool:
    def test_answers_every_task(self):
        with ReadingPool(shout, size=2) as pool:
            futures = [pool.submit(f"task {number}") for number in range(20)]
            assert [future.result() for future in futures] == [f"TASK {number}" for number in range(20)]

    def test_without_processes_works_here_and_at_once(self):
        with ReadingPool(misbehave, size=0) as pool:
            future = pool.submit("raise")
            assert future.done()
            with pytest.raises(ValueError, match="of the task"):
                future.result()

    def test_uses_one_process_for_many_tasks(self):
        with ReadingPool(misbehave, size=1) as pool:
            first, second = pool.submit("who").result(), pool.submit("who").result()
        assert first == second

    @pytest.mark.parametrize(("task", "slow"), [("spin", True), ("die", False)])
    def test_tells_what_ends_its_process_and_goes_on(self, task, slow):
        with ReadingPool(misbehave, size=1, seconds=0.3) as pool:
            bad, good = pool.submit(task), pool.submit("good")
            with pytest.raises(ReaderStopped) as caught:
                bad.result()
            assert caught.value.slow is slow
            assert good.result() == "good"

    def test_tells_what_a_task_raises_and_keeps_the_process(self):
        with ReadingPool(misbehave, size=1) as pool:
            before = pool.submit("who").result()
            with pytest.raises(ReaderStopped, match="ValueError: of the task"):
                pool.submit("raise").result()
            assert pool.submit("who").result() == before

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems do not know the limit")
    def test_holds_a_process_to_its_memory(self):
        with ReadingPool(misbehave, size=1, memory=512 * 1024 * 1024) as pool:
            assert pool.submit("swell").result() == "no memory"

    def test_gives_up_what_waits_when_it_is_closed(self):
        with ReadingPool(misbehave, size=1) as pool:
            running, waiting = pool.submit("spin"), pool.submit("good")
        assert running.done() and waiting.done()


class TestProcess:
    def test_reads_files_of_an_import_without_django_apps_and_database(self):
        """The child process must stay light, and must never hold a connection."""
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, gongkai.features.disclosure.import_files; print('django.db' in sys.modules)",
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == "False"
