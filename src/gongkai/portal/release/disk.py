"""The release on disk: files written whole or not at all, and the manifest that names every one of them.

``site`` below the root is what web servers serve. Its folder ``release`` holds the manifest: the head, its signature,
the public key and the shards. Beside ``site`` lie the private key, the lock, and what the builder remembers.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from typing import Any

from gongkai.domain.release import Entry, digest_of, folder_of, head_bytes, item_part, shard_bytes, shard_of
from gongkai.domain.release.manifest import read_head, read_shard
from gongkai.portal.release.keys import public_pem, signature_of, signing_key
from gongkai.portal.release.packing import SUFFIXES, packed
from gongkai.portal.release.rendering import Files, Source

MANIFEST = "release"
HEAD, SIGNATURE, KEY = f"{MANIFEST}/head.json", f"{MANIFEST}/head.sig", f"{MANIFEST}/key.pem"
WRITERS = 4
"""Files that are written at once: putting one in the place of another waits for the disk's journal now and then."""
MOST_KEPT = 200_000
"""Entries of the manifest that a process keeps from one commit to the next."""
_PART = ".part~"
"""How a file ends that is being written; nothing that ends so is served or counted."""


class Disk:
    """The release in one folder. One process builds at a time (``alone``); any number may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site = root / "site"
        self._shards: dict[str, dict[str, Entry]] = {}
        self._digests: dict[str, str] = {}
        self._files = 0
        self._dirty: set[str] = set()
        self._seen: tuple[int, int] | None = None
        self._readable = False
        self._writers: ThreadPoolExecutor | None = None
        self._waiting: list[Future[None]] = []

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the only seat of a builder; what another one has written meanwhile is read anew."""
        self.site.mkdir(parents=True, exist_ok=True)
        with open(self.root / "lock", "a", encoding="utf-8") as seat:
            fcntl.flock(seat, fcntl.LOCK_EX)
            self.refresh()
            try:
                yield
            finally:
                self.settle()  # nothing is written once the seat is given up

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = (self.site / HEAD).stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _forget(self) -> None:
        self._shards, self._dirty, self._digests, self._files = {}, set(), {}, 0
        self._seen, self._readable = self._stamp(), False
        if self._seen is not None:
            with contextlib.suppress(OSError, ValueError):  # damaged, or of another version: everything is built anew
                self._digests, self._files = read_head((self.site / HEAD).read_bytes())
                self._readable = True

    @property
    def built(self) -> bool:
        """Whether there is a release whose manifest this software can read."""
        self.refresh()
        return self._readable

    def refresh(self) -> None:
        """Read the manifest anew where somebody else has written it."""
        if self._stamp() != self._seen:
            self._forget()

    # --- What the builder remembers ----------------------------------------------------------------------------------

    def memory(self) -> dict[str, Any]:
        """Return what the builder noted last; nothing where that cannot be read."""
        try:
            found = json.loads((self.root / "builder.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Note something for the next time."""
        if self.memory() != dict(memory):
            self._write(self.root / "builder.json", json.dumps(dict(memory), sort_keys=True).encode(), durable=True)

    # --- Entries ------------------------------------------------------------------------------------------------------

    def shard(self, name: str) -> dict[str, Entry]:
        """Return the entries of a shard; none where its file is missing or damaged."""
        if name not in self._shards:
            entries: dict[str, Entry] = {}
            if name in self._digests:
                with contextlib.suppress(OSError, ValueError):
                    data = (self.site / MANIFEST / f"{name}.json").read_bytes()
                    entries = read_shard(data) if digest_of(data) == self._digests[name] else {}
            self._shards[name] = entries
        return self._shards[name]

    def shard_digests(self) -> dict[str, str]:
        """Return the digest that the head names for each shard."""
        return dict(self._digests)

    def start_over(self) -> None:
        """Forget the manifest: nothing on the disk counts as written any more."""
        (self.site / HEAD).unlink(missing_ok=True)
        self._forget()

    def entries(self) -> dict[str, Entry]:
        """Return every file that the manifest names."""
        return {path: entry for name in sorted(self._digests) for path, entry in self.shard(name).items()}

    def owned(self, folder: str) -> set[str]:
        """Return the files that the manifest names in the folder of an item or a plan."""
        return {path for path in self.shard(shard_of(f"{folder}index.html")) if path.startswith(folder)}

    # --- Writing --------------------------------------------------------------------------------------------------------

    def put(self, files: Files, *, check: bool = False) -> set[str]:
        """Write files with their compressed forms; returns the paths of all of them.

        A file that the manifest names with these bytes already is left alone; with ``check`` only if it is there in
        its size. Nobody waits for the disk: what a power failure takes is found by the check when the builder starts.
        Several files are written at once; ``settle`` waits until all are there.
        """
        paths: set[str] = set()
        for path, content in files.items():
            if isinstance(content, Source):
                self._copy(path, content, check)
                paths.add(path)
                continue
            entry = Entry(digest_of(content), len(content))
            forms = [f"{path}{suffix}" for suffix in SUFFIXES]
            known = self._has(path, entry, check)
            present = [form for form in forms if self.names(form)]
            if known and (not check or all(self._there(form) for form in present)):
                paths |= {path, *present}
                continue
            for name, data in {path: content, **packed(path, content)}.items():
                self._soon(self.site / name, data)
                self.name(name, Entry(digest_of(data), len(data)))
                paths.add(name)
            self.remove(form for form in forms if form not in paths and self.names(form))
        return paths

    def _copy(self, path: str, source: Source, check: bool) -> None:
        entry = Entry(source.sha256, source.path.stat().st_size)
        if self._has(path, entry, check):
            return
        target = self.site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{digest_of(target.name.encode())[:16]}{_PART}")
        shutil.copyfile(source.path, temporary)
        os.replace(temporary, target)
        self.name(path, entry)

    def remove(self, paths: Any) -> None:
        """Take files away, and the folders that are empty then; what is being written is in its place before."""
        gone = list(paths)
        if gone:
            self.settle()
        for path in gone:
            shard = shard_of(path)
            if self.shard(shard).pop(path, None) is not None:
                self._files -= 1
            self._dirty.add(shard)
            (self.site / path).unlink(missing_ok=True)
            self._prune((self.site / path).parent)

    def _prune(self, folder: Path) -> None:
        with contextlib.suppress(OSError):  # not empty
            while folder != self.site:
                folder.rmdir()
                folder = folder.parent

    def commit(self, *, built_at: datetime) -> None:
        """Write the shards that changed, then the head with its signature; without a change nothing is written."""
        if not self._dirty and self._readable:
            return
        self.settle()
        key = signing_key(self.root / "key")
        (self.site / MANIFEST).mkdir(parents=True, exist_ok=True)
        if not self._readable:
            # Shards of another version, or of a manifest that was damaged.
            for path in (self.site / MANIFEST).iterdir():
                path.unlink()
        for name in sorted(self._dirty):
            path = self.site / MANIFEST / f"{name}.json"
            if self._shards[name]:
                data = shard_bytes(self._shards[name])
                self._soon(path, data)
                self._digests[name] = digest_of(data)
            else:
                path.unlink(missing_ok=True)
                self._digests.pop(name, None)
        head = head_bytes(self._digests, files=self._files, built_at=built_at)
        self._soon(self.site / KEY, public_pem(key))
        self._soon(self.site / SIGNATURE, signature_of(key, head))
        self.settle()
        self._write(self.site / HEAD, head, durable=True)
        self._dirty.clear()
        self._seen, self._readable = self._stamp(), True
        if sum(map(len, self._shards.values())) > MOST_KEPT:
            self._shards = {}

    def entry(self, path: str) -> Entry | None:
        """Return what the manifest says of a file; None where it does not name it."""
        return self.shard(shard_of(path)).get(path)

    def names(self, path: str) -> bool:
        """Tell whether the manifest names this file."""
        return path in self.shard(shard_of(path))

    def _has(self, path: str, entry: Entry, check: bool) -> bool:
        return self.shard(shard_of(path)).get(path) == entry and (not check or self._there(path))

    def _there(self, path: str) -> bool:
        try:
            return (self.site / path).stat().st_size == self.shard(shard_of(path))[path].size
        except (OSError, KeyError):
            return False

    def name(self, path: str, entry: Entry) -> None:
        """Let the manifest name a file that was written."""
        shard = shard_of(path)
        self._files += path not in self.shard(shard)
        self.shard(shard)[path] = entry
        self._dirty.add(shard)

    def settle(self) -> None:
        """Wait until every file that was put is in its place; raises what went wrong, and reads the manifest anew then."""
        waiting, self._waiting = self._waiting, []
        wait(waiting)
        try:
            for one in waiting:
                one.result()
        except BaseException:
            self._forget()
            raise

    def _soon(self, path: Path, data: bytes) -> None:
        if self._writers is None:
            self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="release")
        self._waiting.append(self._writers.submit(self._write, path, data, durable=False))

    def _write(self, path: Path, data: bytes, *, durable: bool) -> None:
        temporary = path.with_name(f"{digest_of(path.name.encode())[:16]}{_PART}")
        try:
            handle = open(temporary, "wb")  # noqa: SIM115 - closed below, after its folder was made where need be
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = open(temporary, "wb")  # noqa: SIM115
        with handle:
            handle.write(data)
            if durable:
                handle.flush()
                os.fdatasync(handle.fileno())
        os.replace(temporary, path)


def files_below(site: Path) -> Iterator[str]:
    """Yield the path of every file of a release but the manifest's own and those being written."""
    for path, _ in _below(site):
        yield path


def files_marked(site: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the same with size, times and number on the disk; what goes away meanwhile is left out."""
    for path, entry in _below(site):
        with contextlib.suppress(FileNotFoundError):
            yield path, entry.stat(follow_symlinks=False)


def _below(site: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(site / folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if path != MANIFEST:
                    waiting.append(f"{path}/")
            elif not entry.name.endswith(_PART):
                yield path, entry


def entry_of(path: Path) -> Entry | None:
    """Read a file; None where it is not there."""
    try:
        with path.open("rb") as handle:
            return Entry(hashlib.file_digest(handle, "sha256").hexdigest(), path.stat().st_size)
    except OSError:
        return None


def release_retract(site: Path, uid: object) -> None:
    """Take the page and the files of an item away without waiting for the builder, nor for its manifest."""
    folder = site / folder_of(item_part(uid))
    for name in ("index.html", *(f"index.html{suffix}" for suffix in SUFFIXES)):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "files", ignore_errors=True)
