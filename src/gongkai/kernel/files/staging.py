"""Many files at once: written beside the store by anybody, then flushed together and brought in under their digests.

One flush after the other costs as much waiting as the disk has turns; flushes that wait side by side are written out
together. As in ``storage.store`` bytes are on disk before they get their name, so a name never stands for half a file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gongkai.kernel.errors import Refused
from gongkai.kernel.files.storage import place_of, refused_by_disk, take_in, touch

FLUSHES = 16
"""Flushes that wait side by side; a technical figure."""


@dataclass(frozen=True, slots=True)
class StagedBytes:
    """Bytes that lie beside the store (in ``incoming``) and not in it yet; may be handed from process to process."""

    sha256: str
    size: int
    head: bytes
    incoming: str


def stage(data: bytes, *, root: Path, name: str, most: int) -> StagedBytes:
    """Write bytes beside the store; what is neither settled nor dropped is swept after a day.

    Raises Refused when there are none or too many, the disk is full or cannot be written; nothing is left behind then.
    """
    incoming: str | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        handle, incoming = tempfile.mkstemp(prefix=".incoming-", dir=root)
        with os.fdopen(handle, "wb") as target:
            digest, size, head = take_in([data] if data else [], target.write, name=name, most=most)
        staged = StagedBytes(digest, size, head, incoming)
        incoming = None
        return staged
    except OSError as error:
        raise Refused(refused_by_disk(error, name=name)) from error
    finally:
        if incoming is not None:
            Path(incoming).unlink(missing_ok=True)


def settle(staged: Iterable[StagedBytes], *, root: Path) -> dict[str, OSError]:
    """Bring staged bytes into the store; returns by digest what the disk said against it.

    When this returns, bytes and names of all others are on disk.
    """
    faults: dict[str, OSError] = {}
    wanted: dict[str, StagedBytes] = {}
    for one in staged:
        if wanted.setdefault(one.sha256, one) is not one:
            drop(one)
    try:
        fresh = [one for one in wanted.values() if not _known(one, root)]
        with ThreadPoolExecutor(FLUSHES, thread_name_prefix="flush") as threads:
            flushed = _attempt(threads, _flush, [one.incoming for one in fresh])
            folders: set[str] = set()
            for one, error in zip(fresh, flushed, strict=True):
                try:
                    if error is not None:
                        raise error
                    folders |= _bring_in(one, root)
                except OSError as fault:
                    faults[one.sha256] = fault
            lost = [error for error in _attempt(threads, _flush, sorted(folders)) if error is not None]
            if lost:  # which names are safe is not known then
                faults |= {one.sha256: lost[0] for one in fresh}
    finally:
        for one in wanted.values():
            drop(one)
    return faults


def drop(staged: StagedBytes) -> None:
    """Delete staged bytes that are not wanted, or have been brought in."""
    Path(staged.incoming).unlink(missing_ok=True)


def _known(one: StagedBytes, root: Path) -> bool:
    place = place_of(root, one.sha256)
    return touch(place) and place.stat().st_size == one.size


def _bring_in(one: StagedBytes, root: Path) -> set[str]:
    """Give the bytes their name; returns the folders in which a name is new."""
    place = place_of(root, one.sha256)
    changed = {str(place.parent)}
    if not place.parent.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        changed |= {str(place.parent.parent), str(root)}
    os.chmod(one.incoming, 0o640)
    os.replace(one.incoming, place)
    return changed


def _attempt(threads: ThreadPoolExecutor, work: Callable[[str], None], paths: Sequence[str]) -> list[OSError | None]:
    def guarded(path: str) -> OSError | None:
        try:
            work(path)
        except OSError as error:
            return error
        return None

    return list(threads.map(guarded, paths))


def _flush(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
