"""What the tests have done in processes of their own; like all such work it needs no Django."""

from __future__ import annotations

import os
import signal


def shout(task: str) -> str:
    return task.upper()


def misbehave(task: str) -> str:
    """Do what the task says: spin, take all memory, fall over, raise; anything else comes back."""
    if task == "spin":
        while True:
            pass
    if task == "swell":
        try:
            return str(len(bytearray(1024 * 1024 * 1024)))
        except MemoryError:
            return "no memory"
    if task == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "raise":
        raise ValueError("of the task")
    if task == "who":
        return str(os.getpid())
    return task
