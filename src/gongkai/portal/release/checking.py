"""Comparing the release with its manifest, and mending what differs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gongkai.domain.release import Findings, Part, compare, part_of
from gongkai.portal.release.disk import HEAD, MANIFEST, SIGNATURE, Disk, entry_of, files_below
from gongkai.portal.release.keys import holds, signing_key

AT_ONCE = 200
"""Files that are read before the builder may have its turn."""


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


def release_check(disk: Disk) -> Checked:
    """Read every file of the release and compare it with the manifest, the manifest with its signature.

    The builder is kept waiting for a few files at a time only: what it writes meanwhile is compared as it is then.
    """
    there = set(files_below(disk.site))
    with disk.alone():
        shards = sorted(disk.shard_digests())
        signed, damaged = _signed(disk), tuple(_damaged(disk))
    changed: list[str] = []
    missing: list[str] = []
    files = 0
    for shard in shards:
        with disk.alone():
            paths = sorted(disk.shard(shard))
        files += len(paths)
        there.difference_update(paths)
        for start in range(0, len(paths), AT_ONCE):
            with disk.alone():
                found = _compare(disk, shard, paths[start : start + AT_ONCE])
            changed += found.changed
            missing += found.missing
    added: list[str] = []
    if there and not damaged:  # else it is not known which files are strangers
        with disk.alone():
            added = sorted(path for path in there if not disk.names(path) and (disk.site / path).exists())
    return Checked(Findings(tuple(changed), tuple(missing), tuple(added)), signed, damaged, files)


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


def _damaged(disk: Disk) -> list[str]:
    wrong = []
    for name, digest in disk.shard_digests().items():
        entry = entry_of(disk.site / MANIFEST / f"{name}.json")
        if entry is None or entry.sha256 != digest:
            wrong.append(name)
    known = {f"{name}.json" for name in disk.shard_digests()} | {Path(HEAD).name, Path(SIGNATURE).name, "key.pem"}
    folder = disk.site / MANIFEST
    wrong += [path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.name not in known]
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
