"""The manifest: every file of the release with its digest, in shards, and a head that names the shards and is signed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FORMAT = "gongkai-release-1"
_ITEM = re.compile(r"(info/[0-9a-f]{8}-[0-9a-f-]{27})/")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file has to be: SHA-256 in hexadecimal, and size in bytes."""

    sha256: str
    size: int


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def shard_of(path: str) -> str:
    """Return the shard (two hexadecimal digits) that names a file: one for everything of an item, one a folder else."""
    item = _ITEM.match(path)
    group = item[1] if item else path.rpartition("/")[0]
    return hashlib.sha256(group.encode()).hexdigest()[:2]


def shard_bytes(entries: Mapping[str, Entry]) -> bytes:
    """Return a shard as canonical JSON: path → [digest, size], sorted, a line an entry."""
    lines = (
        f"{json.dumps(path, ensure_ascii=False)}:{json.dumps([entry.sha256, entry.size], separators=(',', ':'))}"
        for path, entry in sorted(entries.items())
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def read_shard(data: bytes) -> dict[str, Entry]:
    """Read a shard; raises ValueError for anything that is none."""
    loaded = json.loads(data)
    if not isinstance(loaded, dict):
        raise ValueError("a shard is an object of paths")
    entries = {}
    for path, value in loaded.items():
        if not (
            isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int)
        ):
            raise ValueError(f"{path} has no digest and size")
        entries[path] = Entry(value[0], value[1])
    return entries


def head_bytes(shards: Mapping[str, str], *, files: int, built_at: datetime) -> bytes:
    """Return the head as canonical JSON: shard → digest of its bytes, number of files, moment of building. This is signed."""
    head = {
        "format": FORMAT,
        "built_at": built_at.isoformat(timespec="milliseconds"),
        "files": files,
        "shards": dict(sorted(shards.items())),
    }
    return (json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Findings:
    """How files differ from the manifest, each sorted by path."""

    changed: tuple[str, ...] = field(default=())
    missing: tuple[str, ...] = field(default=())
    added: tuple[str, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """Whether nothing differs."""
        return not (self.changed or self.missing or self.added)


def compare(expected: Mapping[str, Entry], found: Mapping[str, Entry]) -> Findings:
    """Return what differs between the files that have to be there and those that are."""
    return Findings(
        changed=tuple(sorted(path for path in expected.keys() & found.keys() if expected[path] != found[path])),
        missing=tuple(sorted(expected.keys() - found.keys())),
        added=tuple(sorted(found.keys() - expected.keys())),
    )
