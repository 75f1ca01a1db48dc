"""Keeping the web server, the worker and the embedded database running, and stopping them all together.

What ends without being asked to is started again, at once the first time and then with growing pauses. Every process
writes to a log file of its own under ``GONGKAI_HOME/logs``; the console gets one line per event.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol

from gongkai.config.cluster import DatabaseUnavailable
from gongkai.config.parenting import SUPERVISED, die_with_parent

LOG_BYTES, LOG_FILES = 10 * 1024**2, 5
PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each further start of what keeps ending
STEADY_SECONDS = 60.0  # what has run this long starts again without a pause
GRACE_SECONDS = 20.0  # then a child that was asked to end is killed
LOOK_SECONDS = 0.25
DATABASE_LOOK_SECONDS = 1.0


class Server(Protocol):
    """The part of the embedded database's handle that a supervisor uses."""

    def start(self) -> None:
        """Start or join the server; raises DatabaseUnavailable."""

    def answers(self) -> bool:
        """Return whether it accepts connections."""

    def stop(self) -> None:
        """Let go of it."""


class LogFile:
    """Plain lines in ``folder/name.log``, five files of 10 MB at most. A full disk must not stop the service."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8"
        )
        self._handler.handleError = lambda record: None

    def line(self, text: str) -> None:
        """Write one line."""
        self._handler.handle(logging.makeLogRecord({"msg": text.rstrip("\n")}))

    def close(self) -> None:
        """Close the file; nothing is written afterwards."""
        self._handler.close()


class Child:
    """A program that has to be running: how it is started, its process, and when it may be started again."""

    def __init__(
        self,
        name: str,
        title: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        logs: Path,
        echo: bool = False,
        follows_database: bool = False,
    ) -> None:
        self.name = name
        self.title = title
        self.command = list(command)
        self.environment = {**environment, SUPERVISED: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        self.echo = echo
        self.log = LogFile(logs, name)
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        # Whether it starts afresh when the database did: a worker cannot note the end of jobs it did meanwhile.
        self.follows_database = follows_database
        self.asked_to_end = False
        self.starts = 0
        self.started_at = 0.0
        self.start_again_at = 0.0

    def start(self) -> None:
        """Start the program in a session of its own (Ctrl-C is ours to hear) that ends when we do."""
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.started_at = time.monotonic()
        self.asked_to_end = False
        self._reader = threading.Thread(target=self._pump, args=(self.process,), daemon=True)
        self._reader.start()

    def _pump(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.log.line(line)
                if self.echo:
                    print(f"{self.name}: {line}", end="", flush=True)  # noqa: T201 - asked for by --verbose

    def running(self) -> bool:
        """Return whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def how_it_ended(self) -> str:
        """Return 「退出码 3」 or 「信号 SIGKILL」."""
        code = self.process.returncode if self.process else None
        if code is None:
            return "没有启动"
        return f"信号 {signal.Signals(-code).name}" if code < 0 else f"退出码 {code}"

    def plan_restart(self, now: float) -> float:
        """Note that it has ended at ``now`` (monotonic seconds); return the pause before it starts again."""
        if now - self.started_at >= STEADY_SECONDS:
            self.starts = 0
        pause = PAUSES[min(self.starts, len(PAUSES) - 1)]
        self.starts += 1
        self.start_again_at = now + pause
        self._signal_group(signal.SIGKILL)  # what it has left behind holds the port
        self.process = None
        return pause

    def end(self) -> None:
        """Ask it to end."""
        self.asked_to_end = True
        if self.process is not None and self.running():
            self.process.terminate()

    def kill(self) -> None:
        """End it and everything it started, now, and close its log."""
        if self.process is not None:
            self._signal_group(signal.SIGKILL)
            self.process.wait(timeout=10)
        if self._reader is not None:
            self._reader.join(timeout=10)
        self.log.close()

    def _signal_group(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until it is told to stop. ``tell`` gets one Chinese line per event."""

    def __init__(
        self, children: Sequence[Child], server: Server | None, tell: Callable[[str], None], logs: Path
    ) -> None:
        self.children = list(children)
        self.server = server
        self.log = LogFile(logs, "gongkai")
        self._tell = tell
        self._stop = threading.Event()
        self._hurry = threading.Event()
        self._server_fails = 0
        self._look_at_server_at = 0.0

    def tell(self, line: str) -> None:
        """Say it on the console and in gongkai.log."""
        self.log.line(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}")
        self._tell(line)

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM or a closed terminal stop everything; a second one does not wait."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ask_to_stop())

    def ask_to_stop(self) -> None:
        """Make ``run`` return; asked twice, kill what is slow to end."""
        (self._hurry if self._stop.is_set() else self._stop).set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def start_children(self) -> None:
        """Start every child once."""
        for child in self.children:
            child.start()

    def run(self) -> None:
        """Look after everything until asked to stop, then stop it."""
        try:
            while not self._stop.wait(LOOK_SECONDS):
                self.look()
        finally:
            self.stop()

    def look(self) -> None:
        """Start again what has ended."""
        now = time.monotonic()
        self._look_at_server(now)
        for child in self.children:
            if child.process is None:
                if now >= child.start_again_at:
                    child.start()
                    self.tell(f"{child.title}已重新启动（进程 {child.process.pid if child.process else '?'}）。")
            elif not child.running():
                expected, how = child.asked_to_end, child.how_it_ended()
                pause = child.plan_restart(now)
                if expected:
                    child.start()
                    self.tell(f"{child.title}已随数据库重新启动。")
                else:
                    when = f"{pause:.0f} 秒后" if pause else "马上"
                    self.tell(f"{child.title}意外结束（{how}），{when}重新启动；日志：{child.name}.log")

    def _look_at_server(self, now: float) -> None:
        if self.server is None or now < self._look_at_server_at:
            return
        self._look_at_server_at = now + DATABASE_LOOK_SECONDS
        if self.server.answers():
            self._server_fails = 0
            return
        self.tell("内置数据库没有响应，正在重新启动…")
        try:
            self.server.start()
        except DatabaseUnavailable as error:
            pause = PAUSES[min(self._server_fails + 1, len(PAUSES) - 1)]
            self._server_fails += 1
            self._look_at_server_at = now + pause
            self.tell(f"{error}（{pause:.0f} 秒后再试）")
        else:
            self.tell("内置数据库已恢复。")
            for child in self.children:
                if child.follows_database:
                    child.end()

    def stop(self) -> None:
        """Ask every child to end, kill what does not within the grace time, let go of the database."""
        for child in self.children:
            child.end()
        deadline = time.monotonic() + GRACE_SECONDS
        while (
            any(child.running() for child in self.children) and time.monotonic() < deadline and not self._hurry.is_set()
        ):
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        if self.server is not None:
            self.server.stop()
        self.log.close()
