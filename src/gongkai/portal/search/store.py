"""The folder of the index: generations side by side, a pointer to the one in use, and who may write.

``CURRENT`` holds the name of a folder. A new generation is written beside under a name of its own and becomes the
current one by one rename, so that a reader has either the old index or the new one, whole; after a crash the pointer
still leads to the old one. Old folders are left for one more turn, because a process may just be opening them.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tantivy
from django.conf import settings

from gongkai.portal.search.schema import VERSION, build_schema

POINTER = "CURRENT"
HEAP_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"v(?P<version>[0-9]+)-[0-9]{8}T[0-9]{6}-[0-9a-f]{6}")
_lock = threading.Lock()


@dataclass(slots=True)
class OpenIndex:
    """A generation opened for reading; ``state`` tells when its files have changed."""

    name: str
    index: tantivy.Index
    state: tuple[int, int]


_open: dict[Path, OpenIndex] = {}


def root() -> Path:
    """Return the folder of the index; made when it is missing."""
    folder = Path(settings.SEARCH_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_name(*, now: datetime) -> str:
    """Return the name of a new generation."""
    return f"v{VERSION}-{now:%Y%m%dT%H%M%S}-{os.urandom(3).hex()}"


def current_name() -> str:
    """Return the name of the generation in use; "" where there is none that this version can read."""
    folder = root()
    try:
        name = (folder / POINTER).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    match = _NAME.fullmatch(name)
    if match is None or int(match["version"]) != VERSION or not (folder / name / "meta.json").is_file():
        return ""
    return name


def make_current(name: str) -> None:
    """Let the pointer lead to a generation; on disk when this returns."""
    folder = root()
    beside = folder / f".{POINTER}.{os.getpid()}"
    with beside.open("w", encoding="ascii") as handle:
        handle.write(name)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(beside, folder / POINTER)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def create(name: str) -> tantivy.Index:
    """Make an empty generation."""
    folder = root() / name
    folder.mkdir()
    return tantivy.Index(build_schema(), path=str(folder))


def open_for_writing(name: str) -> tantivy.Index:
    """Open a generation for a writer; the caller holds ``writing``."""
    return tantivy.Index.open(str(root() / name))


def opened() -> OpenIndex | None:
    """Return the current generation as it is now, shared by all threads; None where there is none."""
    name = current_name()
    if not name:
        return None
    folder = root() / name
    try:
        state = _state(folder)
        with _lock:
            found = _open.get(root())
            if found is None or found.name != name:
                index = tantivy.Index.open(str(folder))
                index.config_reader("manual")
                index.reload()
                found = _open[root()] = OpenIndex(name, index, state)
            elif found.state != state:
                found.index.reload()
                found.state = state
            return found
    except (OSError, ValueError):
        return None


def forget() -> None:
    """Close what is open for reading; for tests and after a folder was moved by hand."""
    with _lock:
        _open.clear()


def folders() -> list[str]:
    """Return the generations on disk, the oldest first."""
    return sorted(path.name for path in root().iterdir() if path.is_dir() and _NAME.fullmatch(path.name))


def remove(name: str) -> None:
    """Delete a generation."""
    shutil.rmtree(root() / name, ignore_errors=True)


@contextmanager
def writing() -> Iterator[None]:
    """Let one process at a time change the current generation or the pointer; waits for its turn."""
    with _held("write.lock", wait=True):
        yield


@contextmanager
def rebuilding() -> Iterator[bool]:
    """Let one process at a time make a new generation; gives False where another one does."""
    try:
        with _held("rebuild.lock", wait=False):
            yield True
    except BlockingIOError:
        yield False


@contextmanager
def _held(name: str, *, wait: bool) -> Iterator[None]:
    with open(root() / name, "ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _state(folder: Path) -> tuple[int, int]:
    found = (folder / "meta.json").stat()
    return found.st_mtime_ns, found.st_ino
