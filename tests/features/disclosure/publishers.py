"""Publishers in processes of their own, made by fork so that a test of many of them takes seconds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from django.db import connections


def fork_publisher(delay: float = 0.0) -> int:
    """Start a process that does what is due, again and again, until nothing waits; returns its number."""
    connections.close_all()  # a connection cannot be shared by two processes
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        from gongkai.features.disclosure.models import Schedule
        from gongkai.features.disclosure.tasks import publish_due

        time.sleep(delay)
        while Schedule.objects.filter(state=Schedule.State.WAITING).exists():
            publish_due()
        code = 0
    finally:
        os._exit(code)  # nothing of the test's own clean-up happens in this process


def kill(pid: int) -> None:
    """End a process as a power cut would."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def ended_well(pid: int) -> bool:
    """Wait for a process and tell whether it came to its end."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def wait_until(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    """Look until it is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.01)
