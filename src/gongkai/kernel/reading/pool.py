"""A handful of processes that read files, each with one task at a time, started when they are first needed."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

SECONDS = 60
"""Processor time of one task; a technical bound. A document of hundreds of pages takes a few seconds."""
PATIENCE = 15
"""How many times longer than its processor time a task may take by the clock, before it counts as hanging."""
MEMORY = 3 * 1024 * 1024 * 1024
"""Bytes that a process may have in use; a technical bound."""
START = 120
"""Seconds that a process has to come up, on top of the time of its first task."""


class ReaderStopped(Exception):
    """A task that could not be brought to its end; ``slow`` when it ran out of time, else its process fell over."""

    def __init__(self, *, slow: bool, told: str = "") -> None:
        super().__init__(told or ("out of time" if slow else "the process ended"))
        self.slow = slow


class ReadingPool:
    """Runs ``function`` (of a module that needs no Django) for many tasks; used with ``with``.

    ``size`` processes at most, 0 runs each task at once and here. Tasks and results have to be picklable.
    """

    def __init__(
        self, function: Callable[[Any], Any], *, size: int, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._function, self._size = function, size
        self._seconds, self._memory = seconds, memory
        self._threads: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._readers: set[_Reader] = set()
        self._closing = False

    def __enter__(self) -> ReadingPool:
        """Return the pool; nothing is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what waits, and end the processes."""
        if self._threads is None:
            return
        self._closing = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in list(self._readers):
            reader.kill()  # the thread that waits for it hears that and lets go
        self._threads.shutdown()
        for reader in self._readers:
            reader.stop()

    def submit(self, task: Any) -> Future[Any]:
        """Hand a task in. Its future raises ReaderStopped, or whatever the function raised where it runs here."""
        if not self._size:
            done: Future[Any] = Future()
            try:
                done.set_result(self._function(task))
            except Exception as error:
                done.set_exception(error)
            return done
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="reading")
        return self._threads.submit(self._run, task)

    def _run(self, task: Any) -> Any:
        """Hand the task to the process of this thread; one that is gone is replaced for the next task."""
        reader: _Reader | None = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = _Reader(self._function, seconds=self._seconds, memory=self._memory)
            self._readers.add(reader)
        if self._closing:
            raise ReaderStopped(slow=False)
        try:
            return reader.run(task)
        except ReaderStopped:
            if reader.ended:
                self._readers.discard(reader)
                self._own.reader = None
            raise


class _Reader:
    """One process and the socket to it."""

    def __init__(self, function: Callable[[Any], Any], *, seconds: float, memory: int) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "gongkai.kernel.reading.process", str(theirs.fileno())]
        command += [function.__module__, function.__name__, str(seconds), str(memory)]
        with theirs:
            self._process = subprocess.Popen(
                command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._tasks = Connection(ours.detach())
        self._wait = seconds * PATIENCE
        self._more = START
        self.ended = False

    def run(self, task: Any) -> Any:
        """Return the result of a task. Raises ReaderStopped; afterwards ``ended`` tells whether the process is gone."""
        try:
            self._tasks.send(task)
            answered = self._tasks.poll(self._wait + self._more)
            self._more = 0
            done, result = self._tasks.recv() if answered else (False, None)
        except (EOFError, OSError) as error:
            self.stop()
            raise ReaderStopped(slow=self._process.returncode == -signal.SIGPROF) from error
        if not answered:
            self.stop()
            raise ReaderStopped(slow=True)
        if not done:
            raise ReaderStopped(slow=False, told=str(result))
        return result

    def kill(self) -> None:
        """End the process; it holds nothing that wants an orderly end."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and close the socket; for the thread that uses it, or when no thread does any more."""
        self.ended = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.2)  # it may be going by itself, and then how it went is worth knowing
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._tasks.close()
