"""Keeping processes running and ending them together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from gongkai.config import supervisor as module
from gongkai.config.cluster import DatabaseUnavailable
from gongkai.config.supervisor import Child, LogFile, Supervisor

SLEEP = "import time; time.sleep(60)"


class FakeServer:
    """An embedded database that can be away."""

    def __init__(self) -> None:
        self.up = True
        self.fails: list[str] = []
        self.starts = 0
        self.stopped = False

    def start(self) -> None:
        self.starts += 1
        if self.fails:
            raise DatabaseUnavailable(self.fails.pop(0))
        self.up = True

    def answers(self) -> bool:
        return self.up

    def stop(self) -> None:
        self.stopped = True


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(code: str = SLEEP, name: str = "web", echo: bool = False, follows_database: bool = False) -> Child:
        child = Child(
            name,
            "网页服务",
            [sys.executable, "-c", textwrap.dedent(code)],
            os.environ,
            tmp_path / "logs",
            echo,
            follows_database,
        )
        made.append(child)
        return child

    yield make
    for child in made:
        child.kill()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervise(told: list[str], tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*wanted: Child, server: FakeServer | None = None) -> Supervisor:
        supervisor = Supervisor(list(wanted), server, told.append, tmp_path / "logs")
        supervisor.start_children()
        made.append(supervisor)
        return supervisor

    yield make
    for supervisor in made:
        supervisor.ask_to_stop()
        supervisor.ask_to_stop()
        supervisor.stop()


class TestSupervisor:
    def test_starts_again_what_was_killed(
        self, children: Callable[..., Child], told: list[str], tmp_path: Path, supervise: Callable[..., Supervisor]
    ) -> None:
        child = children()
        supervisor = supervise(child)
        assert child.process is not None
        first = child.process
        first.kill()
        first.wait()
        supervisor.look()
        supervisor.look()
        assert child.running()
        assert child.process.pid != first.pid
        assert told[0] == "网页服务意外结束（信号 SIGKILL），马上重新启动；日志：web.log"
        assert "已重新启动" in told[1]

    def test_waits_longer_each_time_for_what_keeps_ending(self, children: Callable[..., Child]) -> None:
        child = children("raise SystemExit(3)")
        pauses = []
        for _ in range(8):
            child.start()
            assert child.process is not None
            child.process.wait()
            assert child.how_it_ended() == "退出码 3"
            pauses.append(child.plan_restart(child.started_at + 1))
        assert pauses == [0, 1, 2, 5, 10, 30, 30, 30]

    def test_starts_at_once_again_what_had_run_steadily(self, children: Callable[..., Child]) -> None:
        child = children("raise SystemExit(0)")
        for _ in range(3):
            child.start()
            wait_until(lambda: not child.running())
            child.plan_restart(child.started_at + 1)
        child.start()
        wait_until(lambda: not child.running())
        assert child.plan_restart(child.started_at + 3600) == 0

    def test_ends_what_a_dead_child_has_started(
        self, children: Callable[..., Child], told: list[str], tmp_path: Path, supervise: Callable[..., Supervisor]
    ) -> None:
        child = children(
            f"""
            import subprocess, sys
            print(subprocess.Popen([sys.executable, "-c", {SLEEP!r}]).pid, flush=True)
            """
        )
        supervisor = supervise(child)
        log = tmp_path / "logs" / "web.log"
        wait_until(lambda: log.read_text().strip() and not child.running())
        grandchild = psutil.Process(int(log.read_text().split()[0]))
        supervisor.look()
        wait_until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)

    def test_stops_everything_when_asked(
        self, children: Callable[..., Child], told: list[str], tmp_path: Path, supervise: Callable[..., Supervisor]
    ) -> None:
        server = FakeServer()
        made = [children(name="web"), children(name="worker")]
        supervisor = supervise(*made, server=server)
        supervisor.ask_to_stop()
        supervisor.run()
        assert not any(child.running() for child in made)
        assert server.stopped

    def test_kills_what_does_not_end_in_time(
        self,
        children: Callable[..., Child],
        told: list[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        supervise: Callable[..., Supervisor],
    ) -> None:
        monkeypatch.setattr(module, "GRACE_SECONDS", 0.3)
        child = children(
            """
            import signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("deaf", flush=True)
            time.sleep(60)
            """
        )
        supervisor = supervise(child)
        wait_until(lambda: "deaf" in (tmp_path / "logs" / "web.log").read_text())
        supervisor.ask_to_stop()
        supervisor.run()
        assert child.how_it_ended() == "信号 SIGKILL"

    def test_does_not_wait_when_asked_twice(
        self, children: Callable[..., Child], told: list[str], tmp_path: Path, supervise: Callable[..., Supervisor]
    ) -> None:
        child = children(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
        )
        supervisor = supervise(child)
        wait_until(lambda: (tmp_path / "logs" / "web.log").read_text())
        supervisor.ask_to_stop()
        supervisor.ask_to_stop()
        began = time.monotonic()
        supervisor.run()
        assert time.monotonic() - began < module.GRACE_SECONDS / 2

    def test_starts_the_database_again(
        self, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, supervise: Callable[..., Supervisor]
    ) -> None:
        monkeypatch.setattr(module, "DATABASE_LOOK_SECONDS", 0)
        server = FakeServer()
        supervisor = supervise(server=server)
        supervisor.look()
        assert told == []
        server.up = False
        supervisor.look()
        assert server.up
        assert told == ["内置数据库没有响应，正在重新启动…", "内置数据库已恢复。"]

    def test_starts_the_worker_afresh_with_the_database(
        self,
        children: Callable[..., Child],
        told: list[str],
        supervise: Callable[..., Supervisor],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(module, "DATABASE_LOOK_SECONDS", 0)
        server = FakeServer()
        web, worker = children(name="web"), children(name="worker", follows_database=True)
        supervisor = supervise(web, worker, server=server)
        before = [child.process for child in (web, worker)]
        server.up = False
        supervisor.look()
        wait_until(lambda: not worker.running())
        supervisor.look()
        assert web.process is before[0]
        assert worker.process is not before[1]
        assert worker.running()
        assert told[-1] == "网页服务已随数据库重新启动。"

    def test_goes_on_when_the_database_cannot_be_started_yet(
        self, told: list[str], tmp_path: Path, supervise: Callable[..., Supervisor]
    ) -> None:
        server = FakeServer()
        server.up, server.fails = False, ["磁盘已满"]
        supervisor = supervise(server=server)
        supervisor.look()
        assert told[-1] == "磁盘已满（1 秒后再试）"
        supervisor.look()
        assert server.starts == 1

    def test_leaves_nothing_behind_when_it_is_killed_itself(self, tmp_path: Path) -> None:
        code = f"""
            import os, sys, time
            from pathlib import Path
            from gongkai.config.supervisor import Child
            child = Child("web", "x", [sys.executable, "-c", {SLEEP!r}], os.environ, Path({str(tmp_path)!r}))
            child.start()
            print(child.process.pid, flush=True)
            time.sleep(60)
        """
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
        ) as parent:
            assert parent.stdout is not None
            child = psutil.Process(int(parent.stdout.readline()))
            parent.send_signal(signal.SIGKILL)
        if sys.platform == "linux":
            wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


class TestLogs:
    def test_show_on_the_console_only_when_asked(
        self, children: Callable[..., Child], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name, echo in (("web", False), ("worker", True)):
            child = children(f"print('from {name}')", name=name, echo=echo)
            child.start()
            wait_until(lambda name=name: f"from {name}" in (tmp_path / "logs" / f"{name}.log").read_text())
        wait_until(lambda: "worker: from worker\n" in capsys.readouterr().out)

    def test_are_rotated(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LOG_BYTES", 100)
        log = LogFile(tmp_path, "web")
        for number in range(80):
            log.line(f"line {number:03d}")
        log.close()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["web.log", *(f"web.log.{n}" for n in range(1, 5))]
        assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_do_not_stop_the_service_when_the_disk_is_full(self, tmp_path: Path) -> None:
        (tmp_path / "web.log").symlink_to("/dev/full")
        log = LogFile(tmp_path, "web")
        log.line("cannot be written")
        with contextlib.suppress(OSError):  # what could not be written is still in the buffer
            log.close()
