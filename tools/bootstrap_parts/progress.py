"""One line a step with the seconds since the start, and one sentence when something is in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

BEGAN = time.monotonic()
BEAT_SECONDS = 15


class Stop(Exception):
    """Set-up cannot go on; ``str()`` is one Chinese sentence that says why and what to do."""


def say(line: str) -> None:
    """Print one step."""
    print(f"[{time.monotonic() - BEGAN:5.1f} 秒] {line}", flush=True)


def complain(line: str) -> None:
    """Print why it stops."""
    print(f"无法继续：{line}", file=sys.stderr, flush=True)


def run_logged(
    command: Sequence[str | Path], log: Path, *, what: str, count: Callable[[str], bool] = bool, of: int = 0
) -> tuple[int, str]:
    """Run a noisy command: its output goes to ``log``, a line shows now and then that it lives.

    ``count`` tells which of its lines is one finished piece of ``of``. Returns the exit code and what was said.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    done, told = 0, time.monotonic()
    with open(log, "a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(map(str, command))}\n")
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PYTHONUNBUFFERED": "1"},
            )
        except OSError as error:
            return 127, str(error)
        assert process.stdout is not None
        with process:
            try:
                for line in process.stdout:
                    file.write(line)
                    said.append(line)
                    done += count(line)
                    if time.monotonic() - told > BEAT_SECONDS:
                        told = time.monotonic()
                        say(f"  {what}…（{min(done, of)}/{of}）" if of else f"  {what}…")
            except BaseException:
                process.kill()
                raise
        return process.returncode, "".join(said)
