"""The manifest: every file of the release with its digest, in shards, and a head that names the shards and is signed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring

FORMAT = "gongkai-release-2"
DIGITS = 3
"""Hexadecimal digits of a shard's name: 4096 shards, so that one of 100 000 items still names about 150 files."""
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
    """Return the shard (three hexadecimal digits) that names a file: one for everything of an item, one a folder else."""
    item = _ITEM.match(path)
    group = item[1] if item else path.rpartition("/")[0]
    return hashlib.sha256(group.encode()).hexdigest()[:DIGITS]


def shard_bytes(entries: Mapping[str, Entry]) -> bytes:
    """Return a shard as canonical JSON: path → [digest, size], sorted, a line an entry."""
    lines = (
        f"{encode_basestring(path)}:[{encode_basestring(entry.sha256)},{entry.size}]"
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
    moment = built_at.isoformat(timespec="milliseconds")
    lines = ",\n".join(f'  "{name}": "{digest}"' for name, digest in sorted(shards.items()))
    return (
        f'{{\n "built_at": "{moment}",\n "files": {files},\n "format": "{FORMAT}",\n "shards": {{\n{lines}\n }}\n}}\n'
    ).encode()


def read_head(data: bytes) -> tuple[dict[str, str], int]:
    """Read a head: shard → digest, and the number of files; raises ValueError for anything that is none of this format."""
    head = json.loads(data)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ValueError("not the head of a manifest of this format")
    shards, files = head.get("shards"), head.get("files")
    if not isinstance(shards, dict) or not isinstance(files, int):
        raise ValueError("a head names its shards and the number of files")
    return {str(name): str(digest) for name, digest in shards.items()}, files


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
