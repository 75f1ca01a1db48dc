"""Rendering in several processes: each renders, packs and writes parts; the builder names what they wrote.

The processes are started anew (spawned), so nothing of the builder's connections and threads is shared. This module is
read before Django is set up there, and imports none of it by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gongkai.domain.release import Entry, Part

if TYPE_CHECKING:
    from gongkai.portal.release.builder import Builder

LOOK = 2.0
"""Seconds between two looks whether the builder still lives."""
AHEAD = 2
"""Tasks under way for each process, so that none waits for the next one."""
# What pages show of the settings, and where files lie: as it is in the builder's process.
_SETTINGS = ("BASE_URL", "FILES_DIR", "LAYER", "PLACE", "SITE", "STATIC_ROOT", "STORAGES", "WAGTAIL_SITE_NAME")
_DATABASE = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Written:
    """A part and its files as they lie on the disk now; None where it could not be rendered."""

    part: Part
    entries: dict[str, Entry] | None


class Workers:
    """``number`` processes that build parts below ``root``; used with ``with``."""

    def __init__(self, root: Path, number: int) -> None:
        self._most = number * AHEAD
        self._under_way: dict[Future[list[Written]], int] = {}
        self._pool = ProcessPoolExecutor(
            number,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(root, *_given()),
        )

    def __enter__(self) -> Workers:
        """Return the workers; they start with the first task."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what waits, and end the processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def parts_under_way(self) -> int:
        """How many parts were handed out whose files are not named yet."""
        return sum(self._under_way.values())

    def hand(self, some: list[Part], at: datetime) -> Iterator[list[Written]]:
        """Let parts be built as they are at the moment; yields what was finished meanwhile, waits where much is under way.

        Raises what went wrong in a process, ``BuildFailed`` among it.
        """
        self._under_way[self._pool.submit(_build, some, at)] = len(some)
        while len(self._under_way) > self._most:
            yield from self._finished()

    def rest(self) -> Iterator[list[Written]]:
        """Yield everything that is still under way, until nothing is."""
        while self._under_way:
            yield from self._finished()

    def _finished(self) -> Iterator[list[Written]]:
        done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        for future in done:
            del self._under_way[future]
            yield future.result()


def _given() -> tuple[dict[str, Any], dict[str, Any]]:
    from django.conf import settings
    from django.db import connection

    return (
        {name: getattr(settings, name) for name in _SETTINGS},
        {name: connection.settings_dict[name] for name in _DATABASE},
    )


_builder: Builder | None = None


def _begin(root: Path, given: dict[str, Any], database: dict[str, Any]) -> None:
    """Set Django up in a process of its own, with the settings and the database of the builder's."""
    global _builder
    import django
    from django.conf import settings

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    django.setup()
    for name, value in given.items():
        setattr(settings, name, value)
    from django.db import connection

    connection.settings_dict.update(database)
    from gongkai.portal.release.tasks import builder_at

    _builder = builder_at(root)


def _end_with(parent: int) -> None:
    """End this process when the one that started it is no more, however that ended."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


def _build(some: list[Part], at: datetime) -> list[Written]:
    """Build parts in this process."""
    assert _builder is not None
    return _builder.write_for(some, at)
