"""The daily file of everything that is public, as it lies on the disk, and whether it may still be given out."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from gongkai.features.disclosure.selectors.public_changes import corrected_after, taken_down_after

CURRENT = "current.json"
ADDRESS = "/api/v1/dumps/publications.jsonl"


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump: its file, when it was made, and ``cursor``, the place in the order of changes that it is complete up to."""

    path: Path
    made_at: datetime
    items: int
    size: int
    sha256: str
    cursor: int


def dump_folder() -> Path:
    """Return the folder of this installation's dump."""
    return Path(settings.DUMP_DIR)


def dump_current(folder: Path) -> Dump | None:
    """Return the dump in a folder; None where there is none, or it is not whole."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
        dump = Dump(
            path=folder / str(told["file"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            items=int(told["items"]),
            size=int(told["size"]),
            sha256=str(told["sha256"]),
            cursor=int(told["cursor"]),
        )
        if dump.path.parent == folder and dump.path.stat().st_size == dump.size:
            return dump
    return None


def dump_readable(dump: Dump) -> bool:
    """Tell whether everything in the dump may still be read: nothing was taken down since."""
    return not taken_down_after(sequence=dump.cursor)


def dump_due(dump: Dump | None, *, today: date) -> bool:
    """Tell whether a new dump is to be made: each day, and when something was taken down or corrected since."""
    if dump is None or timezone.localdate(dump.made_at) != today:
        return True
    return taken_down_after(sequence=dump.cursor) or corrected_after(sequence=dump.cursor)
