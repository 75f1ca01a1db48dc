"""How much memory the embedded database keeps pages of its files in: PostgreSQL's own 128 MB are meant for any machine."""

from __future__ import annotations

from pathlib import Path

import psutil

LEAST_MB, MOST_MB = 128, 2048
PART = 8
"""An eighth of the machine: the web server, the jobs and the file cache of the system live on it too."""
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_mb(limits: tuple[Path, ...] = LIMITS) -> int:
    """Return the memory of the machine in MB, or what a container was given of it where that is less."""
    found = [int(psutil.virtual_memory().total)]
    for limit in limits:
        try:
            found.append(int(limit.read_text()))
        except (OSError, ValueError):  # no such file, or "max": no limit
            continue
    return min(found) // 2**20


def buffer_mb(wanted: int = 0, *, machine: int) -> int:
    """Return ``shared_buffers`` in MB: what an operator wants (at least 1), or an eighth of the machine within bounds."""
    return wanted if wanted > 0 else min(max(machine // PART, LEAST_MB), MOST_MB)
