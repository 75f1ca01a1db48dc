"""The other side of ``ReadingPool``: a process that takes one task after the other from a socket until it is closed.

Started as ``python -m gongkai.kernel.reading.process SOCKET MODULE FUNCTION SECONDS BYTES``.
"""

from __future__ import annotations

import contextlib
import importlib
import resource
import signal
import sys
from multiprocessing.connection import Connection


def main(arguments: list[str]) -> None:
    """Answer tasks with ``(True, result)`` or ``(False, what went wrong)``."""
    handle, module, function, seconds, memory = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us stops us by closing the socket
    _most_memory(int(memory))
    work = getattr(importlib.import_module(module), function)
    with Connection(int(handle)) as tasks:
        while True:
            try:
                task = tasks.recv()
            except (EOFError, OSError):
                return
            # Of processor, not of time: a machine that is busy with other things is no fault of the file. What the
            # alarm does by default ends the process, also in the middle of a library that never comes back to Python.
            signal.setitimer(signal.ITIMER_PROF, float(seconds))
            try:
                answer = (True, work(task))
            except Exception as error:
                answer = (False, f"{type(error).__name__}: {error}"[:2000])
            signal.setitimer(signal.ITIMER_PROF, 0)
            with contextlib.suppress(BrokenPipeError):
                tasks.send(answer)


def _most_memory(most: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    # Systems that do not know the limit go on without; every reader has bounds of its own.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
