"""Handing out the letters of a batch: as one archive, or merged for printing. It is written down, for letters name people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.batches import batch_get, letter_files
from gongkai.features.foi.services.batches import BATCH
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.storage import place_of
from gongkai.kernel.letters.merging import letters_merge

ARCHIVE, PRINT = "zip", "print"
KIND_NAMES = {ARCHIVE: "逐份打包", PRINT: "合并打印"}
VOLUME = 200
"""Letters of one file for printing: what a word processor still opens at once. A technical bound."""
_EPOCH = (1980, 1, 1, 0, 0, 0)

register_actions({"foi.batch.letters": "公开申请批量办理：下载文书"})


def batch_letters(*, actor: Actor, run_id: int, kind: str, now: datetime) -> tuple[str, Iterator[bytes]]:
    """Return name and bytes, piece by piece, of a ZIP of the letters that a batch wrote; the taking is on record.

    ``kind`` is ARCHIVE (a file a letter) or PRINT (files of up to ``VOLUME`` letters, a page break between). Nothing is
    held in memory but one letter or volume. Raises NotFound, NotPermitted, Refused where there is none.
    """
    run = batch_get(actor=actor, run_id=run_id)
    if not permissions.can_handle_case(actor, run.unit_id):
        raise NotPermitted(ability="下载一批文书")
    files = letter_files(run=run)
    if not files or kind not in KIND_NAMES:
        raise Refused(Issue("foi.batch.no_letters"))
    with transaction.atomic():
        record(
            actor=actor,
            action="foi.batch.letters",
            target_type=BATCH,
            target_id=run.pk,
            summary=f"批量办理第{run.pk}号：下载文书{len(files)}份（{KIND_NAMES[kind]}）",
            unit_id=run.unit_id,
            details={"letters": len(files), "kind": kind},
            now=now,
        )
    members = _letters(files) if kind == ARCHIVE else _volumes(files)
    return f"批量办理第{run.pk}号 文书（{KIND_NAMES[kind]}）.zip", zip_stream(members)


def _letters(files: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    for number, (name, sha256) in enumerate(files, start=1):
        yield f"{number:05d} {name}", _read(sha256)


def _volumes(files: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    first = 1
    for number, data in letters_merge((_read(sha256) for _, sha256 in files), most=VOLUME):
        yield f"第{first}至{first + number - 1}份.docx", data
        first += number


def _read(sha256: str) -> bytes:
    return place_of(Path(settings.FILES_DIR), sha256).read_bytes()


class _Pieces(io.RawIOBase):
    """What a ZIP was written to since it was asked last; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held.append(bytes(data))
        return len(self._held[-1])

    def take(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data


def zip_stream(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP piece by piece; what is in it is packed already, so it is stored as it is."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
            yield pieces.take()
    yield pieces.take()
