"""Dying with one's parent, so that a supervisor that is killed outright leaves no process behind it (Linux only)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SUPERVISED = "SUPERVISED_BY_GONGKAI"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends; elsewhere than on Linux nothing is asked.

    Safe between fork and exec: the library was loaded beforehand.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def die_with_parent_if_supervised() -> None:
    """The same for what a supervised program starts in its turn (granian's workers), and for nobody else's."""
    if os.environ.get(SUPERVISED):
        die_with_parent()
