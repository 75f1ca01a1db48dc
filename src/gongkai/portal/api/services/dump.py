"""Making the dump: written beside the former one, and in its place with one rename."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path

from gongkai.features.disclosure.selectors.public_changes import changes_horizon
from gongkai.features.disclosure.selectors.public_records import public_records_all
from gongkai.portal.api.base import json_bytes
from gongkai.portal.api.dumps import CURRENT, Dump
from gongkai.portal.api.shapes import full_data


def dump_make(folder: Path, *, at: datetime, on: date) -> Dump:
    """Write everything that is public at the moment, one JSON object a line; the former dump is deleted.

    The place in the order of changes is read first: what comes while the file is written may be in it already, and is
    told by the changes after that place in any case. One process writes at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "a", encoding="utf-8") as seat:
        fcntl.flock(seat, fcntl.LOCK_EX)
        cursor = changes_horizon(at=at)
        part = folder / "publications.part"
        digest, items, size = hashlib.sha256(), 0, 0
        with part.open("wb") as out:
            for chunk in public_records_all(at=at, on=on):
                lines = b"".join(json_bytes(full_data(record)) for record in chunk)
                out.write(lines)
                digest.update(lines)
                items, size = items + len(chunk), size + len(lines)
            out.flush()
            os.fsync(out.fileno())
        path = folder / f"publications-{on:%Y%m%d}-{digest.hexdigest()[:16]}.jsonl"
        part.replace(path)
        dump = Dump(path=path, made_at=at, items=items, size=size, sha256=digest.hexdigest(), cursor=cursor)
        _point(folder, dump)
        for old in folder.glob("publications-*.jsonl"):
            if old != path:
                with contextlib.suppress(OSError):
                    old.unlink()
    return dump


def _point(folder: Path, dump: Dump) -> None:
    told = {
        "file": dump.path.name,
        "made_at": dump.made_at.isoformat(),
        "items": dump.items,
        "size": dump.size,
        "sha256": dump.sha256,
        "cursor": dump.cursor,
    }
    part = folder / f"{CURRENT}.part"
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(folder / CURRENT)
