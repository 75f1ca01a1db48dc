"""The bytes on disk: one folder of files named by the SHA-256 of what is in them.

A file is written beside its place, flushed to disk and renamed, so that a name never stands for half a file; equal
bytes are kept once. This module knows neither Django nor who may do what.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused

CHUNK = 1024 * 1024
"""Bytes read at a time."""
HEAD = 4096
"""Bytes kept from the beginning, to tell what kind of file it is."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was written: digest, size in bytes, the first bytes, and whether they were there already."""

    sha256: str
    size: int
    head: bytes
    known: bool


def place_of(root: Path, sha256: str) -> Path:
    """Return where the bytes with this digest lie (``ab/cd/abcd…``); raises ValueError for anything else than a digest."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 digest")
    return root / sha256[:2] / sha256[2:4] / sha256


def store(chunks: Iterable[bytes], *, root: Path, name: str, most: int) -> StoredBytes:
    """Write a stream to the store under its digest.

    ``most`` is the largest size in bytes. When this returns, bytes and name are on disk. Raises Refused when the stream
    is empty or too large, the disk is full or the folder cannot be written; nothing is left behind then.
    """
    incoming: str | None = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        handle, incoming = tempfile.mkstemp(prefix=".incoming-", dir=root)
        with os.fdopen(handle, "wb") as target:
            digest, size, head = take_in(chunks, target.write, name=name, most=most)
            target.flush()
            os.fsync(target.fileno())
        place = place_of(root, digest)
        known = touch(place) and place.stat().st_size == size
        if not known:
            _make_folder(place.parent, root)
            os.chmod(incoming, 0o640)
            os.replace(incoming, place)
            incoming = None
            _flush_folder(place.parent)
        return StoredBytes(sha256=digest, size=size, head=head, known=known)
    except OSError as error:
        raise Refused(refused_by_disk(error, name=name)) from error
    finally:
        if incoming is not None:
            Path(incoming).unlink(missing_ok=True)


def is_whole(root: Path, sha256: str) -> bool:
    """Read the stored bytes and tell whether they still are what their name says."""
    digest = hashlib.sha256()
    try:
        with place_of(root, sha256).open("rb") as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def old_places(root: Path, *, before: float) -> Iterator[tuple[str, Path]]:
    """Yield what was last stored before the moment ``before`` (seconds since 1970): digest and place.

    Half-written uploads that were left behind by a crash have no digest (""). Anything else in the folder is not ours
    and is passed over.
    """
    for place in sorted((*root.glob(".incoming-*"), *root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"))):
        digest = "" if place.name.startswith(".incoming-") else place.name
        if digest and not _DIGEST.fullmatch(digest):
            continue
        try:
            if place.is_file() and place.stat().st_mtime < before:
                yield digest, place
        except FileNotFoundError:
            continue


def remove(place: Path, *, before: float) -> int:
    """Delete bytes that are still older than ``before``, and return how many; 0 when they were stored again meanwhile."""
    try:
        found = place.stat()
        if found.st_mtime >= before:
            return 0
        place.unlink()
    except FileNotFoundError:
        return 0
    return found.st_size


def touch(place: Path) -> bool:
    """Make known bytes young again, so that a sweep leaves them for the record that is about to be written."""
    try:
        os.utime(place)
    except FileNotFoundError:
        return False
    return True


def too_large(name: str, most: int) -> Issue:
    """Return how a file of more than ``most`` bytes is told."""
    return Issue("files.too_large", field="file", values={"name": name, "limit": f"{most / 1024 / 1024:.1f}"})


def take_in(
    chunks: Iterable[bytes], write: Callable[[bytes], object], *, name: str, most: int
) -> tuple[str, int, bytes]:
    """Write a stream out and return digest, size and first bytes; raises Refused when it is empty or too large."""
    digest, size, head = hashlib.sha256(), 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise Refused(too_large(name, most))
        if len(head) < HEAD:
            head += chunk[: HEAD - len(head)]
        digest.update(chunk)
        write(chunk)
    if size == 0:
        raise Refused(Issue("files.empty", field="file", values={"name": name}))
    return digest.hexdigest(), size, head


def _make_folder(folder: Path, root: Path) -> None:
    """Make the two levels of folders and flush their names too, or a power cut could lose a file that was promised."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for level in (folder.parent, root):
        _flush_folder(level)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refused_by_disk(error: OSError, *, name: str) -> Issue:
    """Return how what the disk said is told of the file ``name``."""
    if error.errno in _FULL:
        return Issue("files.disk_full", field="file", values={"name": name})
    if error.errno in _NO_WRITING:
        return Issue("files.not_writable", field="file", values={"name": name})
    return Issue("files.write_failed", field="file", values={"name": name, "reason": os.strerror(error.errno or 0)})
