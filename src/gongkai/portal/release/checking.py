"""Comparing the release with its manifest, and mending what differs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gongkai.domain.release import Findings, Part, compare, part_of, shard_of
from gongkai.portal.release.disk import HEAD, MANIFEST, SIGNATURE, Disk, entry_of, files_below, files_marked
from gongkai.portal.release.keys import holds, signing_key

AT_ONCE = 200
"""Files that are read before the builder may have its turn."""
BY_TURNS = 16
"""Shards of at most 4096 that a check reads though nothing of them has moved: all of them in four and a half hours."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: files that differ from the manifest, whether its signature holds, damaged shards, files named."""

    findings: Findings
    signed: bool
    damaged: tuple[str, ...]
    files: int

    @property
    def clean(self) -> bool:
        """Whether everything is as it was written."""
        return self.signed and not self.damaged and self.findings.clean


@dataclass(slots=True)
class Memory:
    """What the last checks found right: for each shard the head's digest of it, and a sum over the marks of its files.

    The mark of a file is made of its size, its times (of its bytes and of its inode) and its number on the disk: the
    system sets the time of the inode itself, so nobody rewrites a file and keeps it without the rights of the system.
    """

    sums: dict[str, tuple[str, int]] = field(default_factory=dict)
    shards: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    turn: str = ""
    """The last shard that was read though nothing of it had moved."""


def release_check(
    disk: Disk, memory: Memory | None = None, *, by_turns: int = BY_TURNS, rest: Callable[[], object] = lambda: None
) -> Checked:
    """Compare the files of the release with its manifest, the manifest with its signature.

    Without a memory every file is read. With one the marks of all files are looked at; those of a shard are read where
    a mark, or the shard, is another one than at the last check, and of ``by_turns`` shards more, so that a file whose
    mark was forged is found as well, when its turn has come. The builder is kept waiting for a few files at a time only:
    what it writes meanwhile is compared as it is then. ``rest`` is called every few hundred files.
    """
    marks = _marks(disk.site, rest)
    with disk.alone():
        digests = disk.shard_digests()
        signed, damaged = _signed(disk), tuple(_damaged(disk, memory))
    names = sorted(digests)
    wanted = names if memory is None else _to_read(names, digests, marks, memory, by_turns)
    changed: list[str] = []
    missing: list[str] = []
    crowded: set[str] = marks.keys() - digests.keys()
    files = 0
    for shard in wanted:
        with disk.alone():
            paths = sorted(disk.shard(shard))
        files += len(paths)
        wrong = len(changed) + len(missing)
        for start in range(0, len(paths), AT_ONCE):
            with disk.alone():
                found = _compare(disk, shard, paths[start : start + AT_ONCE])
            changed += found.changed
            missing += found.missing
            rest()
        if marks.get(shard, _NOTHING).files != len(paths):
            crowded.add(shard)
        elif memory is not None and len(changed) + len(missing) == wrong:
            memory.sums[shard] = digests[shard], marks[shard].total
    added: list[str] = []
    if crowded and not damaged:  # else it is not known which files are strangers
        there = [path for path in files_below(disk.site) if shard_of(path) in crowded]
        with disk.alone():
            added = sorted(path for path in there if not disk.names(path) and (disk.site / path).exists())
    return Checked(Findings(tuple(changed), tuple(missing), tuple(added)), signed, damaged, files)


@dataclass(slots=True)
class _Marks:
    """How many files of a shard lie on the disk, and the sum of their marks."""

    files: int = 0
    total: int = 0


_NOTHING = _Marks()


def _marks(site: Path, rest: Callable[[], object]) -> dict[str, _Marks]:
    found: dict[str, _Marks] = {}
    for number, (path, status) in enumerate(files_marked(site)):
        one = found.setdefault(shard_of(path), _Marks())
        one.files += 1
        mark = hash((path, *_mark(status)))
        one.total = (one.total + mark) & 0xFFFFFFFFFFFFFFFF
        if number % AT_ONCE == 0:
            rest()
    return found


def _mark(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _to_read(
    names: list[str], digests: dict[str, str], marks: dict[str, _Marks], memory: Memory, by_turns: int
) -> list[str]:
    """The shards of which something has moved, and those whose turn it is."""
    moved = {name for name in names if memory.sums.get(name) != (digests[name], marks.get(name, _NOTHING).total)}
    later = [name for name in names if name > memory.turn]
    turn = [*later, *names][:by_turns]
    memory.turn = turn[-1] if turn else ""
    for gone in memory.sums.keys() - digests.keys():
        del memory.sums[gone]
    return sorted({*moved, *turn})


def _compare(disk: Disk, shard: str, paths: list[str]) -> Findings:
    """Compare those of the files that the manifest names still."""
    entries = disk.shard(shard)
    expected = {path: entries[path] for path in paths if path in entries}
    found = {path: entry for path in expected if (entry := entry_of(disk.site / path)) is not None}
    return compare(expected, found)


def _signed(disk: Disk) -> bool:
    """Whether the head carries the signature of the key beside the release; a key of the attacker's own does not count."""
    try:
        head, signature = (disk.site / HEAD).read_bytes(), (disk.site / SIGNATURE).read_bytes()
    except OSError:
        return False
    public: Ed25519PublicKey = signing_key(disk.root / "key").public_key()
    return holds(public, head, signature)


def _damaged(disk: Disk, memory: Memory | None) -> list[str]:
    wrong = []
    known = memory.shards if memory is not None else {}
    for name, digest in disk.shard_digests().items():
        path = disk.site / MANIFEST / f"{name}.json"
        try:
            stamp = digest, _mark(path.stat())
        except OSError:
            wrong.append(name)
            continue
        if known.get(name) == stamp:
            continue
        entry = entry_of(path)
        if entry is None or entry.sha256 != digest:
            wrong.append(name)
        else:
            known[name] = stamp
    names = {f"{name}.json" for name in disk.shard_digests()} | {Path(HEAD).name, Path(SIGNATURE).name, "key.pem"}
    folder = disk.site / MANIFEST
    wrong += [path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.name not in names]
    return sorted(wrong)


def release_heal(disk: Disk, checked: Checked) -> frozenset[Part] | None:
    """Take away what was added and forget what was changed or lost, so that it is written anew.

    Returns the parts to render; None where that has to be everything: the manifest itself was damaged, or a file that
    belongs to no part, as a stylesheet.
    """
    lost = (*checked.findings.changed, *checked.findings.missing)
    with disk.alone():
        for name in checked.damaged:
            (disk.site / MANIFEST / name).unlink(missing_ok=True)
        disk.remove(lost)
        if checked.damaged or not checked.signed:
            disk.start_over()
            return None  # whether a file is a stranger shows when the manifest can be trusted again
        for path in checked.findings.added:
            (disk.site / path).unlink(missing_ok=True)
    parts = {part_of(path) for path in lost}
    return None if None in parts else frozenset(part for part in parts if part is not None)
