"""Storing files, and saying which object they belong to."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files import permissions, storage
from gongkai.kernel.files.media import media_type_of
from gongkai.kernel.files.models import StoredFile

register_targets({"files.file": "文件"})
register_actions(
    {"files.file.store": "存入文件", "files.file.attach": "指定文件所属对象", "files.file.discard": "删除文件"}
)

logger = logging.getLogger(__name__)

ORPHAN_AFTER = timedelta(days=1)
"""How old bytes without a record must be before they are deleted; no upload takes that long. A technical bound."""
LONGEST_NAME = 200
"""Characters of a file name that are kept; the extension always is."""


def file_store(
    *,
    actor: Actor,
    upload: Any = None,
    path: Path | None = None,
    name: str = "",
    unit_id: int | None = None,
    target_type: str = "",
    target_id: str | int = "",
    most: int | None = None,
    private: bool = False,
    now: datetime,
) -> StoredFile:
    """Store a file and return its record.

    Exactly one of ``upload`` (Django's uploaded file, an open binary file, or bytes) and ``path`` is given; ``name``
    defaults to theirs. ``most`` is the largest size in bytes (default: setting ``UPLOAD_LIMIT_BYTES``); with ``private``
    the audit trail does not tell the file's name. The bytes are streamed to disk before the record is written: a
    rolled-back transaction may leave bytes without a record, never a record without bytes.

    Raises NotPermitted, and Refused when the file is empty or too large, the disk is full or cannot be written.
    """
    if (upload is None) == (path is None):
        raise TypeError("give either an upload or a path")
    if not permissions.can_store(actor, unit_id):
        raise NotPermitted(ability="上传文件")
    shown = clean_name(name or (path.name if path else getattr(upload, "name", "") or ""))
    limit = settings.UPLOAD_LIMIT_BYTES if most is None else most
    told = getattr(upload, "size", None)
    if isinstance(told, int) and told > limit:  # before a byte is read; what lies about its size is cut off on the way
        raise Refused(storage.too_large(shown, limit))
    stored = storage.store(_chunks(upload, path, shown), root=Path(settings.FILES_DIR), name=shown, most=limit)
    with transaction.atomic():
        file = StoredFile.objects.create(
            sha256=stored.sha256,
            name=shown,
            size=stored.size,
            media_type=media_type_of(shown, stored.head),
            unit_id=unit_id,
            uploaded_by_id=actor.user_id,
            created_at=now,
            target_type=target_type,
            target_id=str(target_id),
        )
        audit.record(
            actor=actor,
            action="files.file.store",
            target_type="files.file",
            target_id=file.pk,
            summary="存入文件（名称不公开）" if private else f"存入文件《{shown}》",
            unit_id=unit_id,
            details={"sha256": stored.sha256, "size": stored.size, "target": _reference(target_type, target_id)},
            now=now,
        )
    return file


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Bytes in the store, or on their way there, and the record they are to get; ``head`` are the first bytes."""

    sha256: str
    size: int
    head: bytes
    name: str
    unit_id: int | None
    target_type: str
    target_id: str


def files_record(*, actor: Actor, files: Sequence[KeptFile], private: bool = False, now: datetime) -> list[StoredFile]:
    """Write the records of many files whose bytes are in the store (see ``staging``), in order, with one audit entry each.

    A handful of statements, however many files. With ``private`` the audit trail does not tell their names. Raises
    NotPermitted.
    """
    if any(not permissions.can_store(actor, unit_id) for unit_id in {file.unit_id for file in files}):
        raise NotPermitted(ability="上传文件")
    rows = [
        StoredFile(
            sha256=file.sha256,
            name=clean_name(file.name),
            size=file.size,
            media_type=media_type_of(clean_name(file.name), file.head),
            unit_id=file.unit_id,
            uploaded_by_id=actor.user_id,
            created_at=now,
            target_type=file.target_type,
            target_id=file.target_id,
        )
        for file in files
    ]
    with transaction.atomic():
        StoredFile.objects.bulk_create(rows)
        entries = [
            {
                "action": "files.file.store",
                "target_type": "files.file",
                "target_id": row.pk,
                "summary": "存入文件（名称不公开）" if private else f"存入文件《{row.name}》",
                "unit_id": row.unit_id,
                "details": {
                    "sha256": row.sha256,
                    "size": row.size,
                    "target": _reference(row.target_type, row.target_id),
                },
            }
            for row in rows
        ]
        audit.record_many(actor=actor, entries=entries, now=now)
    return rows


def file_attach(
    *,
    actor: Actor,
    file: StoredFile,
    target_type: str,
    target_id: str | int,
    private: bool = False,
    now: datetime,
) -> StoredFile:
    """Say which object a file belongs to that was stored before the object was there (an upload under preview).

    With ``private`` the audit trail does not tell the file's name.

    Raises NotPermitted unless the actor may read the file, and Refused when it belongs to another object already.
    """
    with transaction.atomic():
        locked = StoredFile.objects.select_for_update().get(pk=file.pk)
        if not permissions.can_read(actor, locked):
            raise NotPermitted(ability="使用此文件")
        wanted = (target_type, str(target_id))
        if locked.target_type and (locked.target_type, locked.target_id) != wanted:
            raise Refused(Issue("files.attached_elsewhere", field="file", values={"name": locked.name}))
        if (locked.target_type, locked.target_id) == wanted:
            return locked
        locked.target_type, locked.target_id = wanted
        locked.save(update_fields=["target_type", "target_id"])
        audit.record(
            actor=actor,
            action="files.file.attach",
            target_type="files.file",
            target_id=locked.pk,
            summary=f"{'文件' if private else f'文件《{locked.name}》'}归入 {_reference(*wanted)}",
            unit_id=locked.unit_id,
            now=now,
        )
    return locked


def file_discard(*, actor: Actor, file: StoredFile, reason: str, now: datetime) -> None:
    """Delete the record of a file that the program wrote and nobody needs any more; a sweep deletes the bytes later.

    For jobs only: raises NotPermitted for people. Whatever refers to the file must have let go of it.
    """
    if not actor.is_system:
        raise NotPermitted(ability="删除文件")
    with transaction.atomic():
        _record_gone(actor, file, f"删除文件《{file.name}》：{reason}", now)
        file.delete()


def file_erase(*, actor: Actor, file: StoredFile, reason: str, now: datetime) -> None:
    """Destroy a file that its feature has decided to destroy: the record at once, the bytes once that is committed.

    Bytes that another record names stay; bytes stored within the last day are left to the sweep, which knows when nobody
    is about to name them. The name of the file is not told. Permission is the caller's matter; whatever refers to the
    file must have let go of it.
    """
    with transaction.atomic():
        _record_gone(actor, file, f"销毁文件（名称不公开）：{reason}", now)
        sha256 = file.sha256
        file.delete()
        transaction.on_commit(lambda: _bytes_erase(sha256, (now - ORPHAN_AFTER).timestamp()))


def _record_gone(actor: Actor, file: StoredFile, summary: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action="files.file.discard",
        target_type="files.file",
        target_id=file.pk,
        summary=summary,
        unit_id=file.unit_id,
        details={"sha256": file.sha256, "size": file.size, "target": _reference(file.target_type, file.target_id)},
        now=now,
    )


def _bytes_erase(sha256: str, before: float) -> None:
    if not StoredFile.objects.filter(sha256=sha256).exists():
        storage.remove(storage.place_of(Path(settings.FILES_DIR), sha256), before=before)


def orphans_sweep(*, now: datetime) -> tuple[int, int]:
    """Delete bytes that no record names (their transaction was rolled back); returns how many files, how many bytes.

    Only what was last stored more than a day ago is looked at: an upload's record may follow its bytes by as long as the
    request lasts, and storing known bytes again makes them young. Each file is asked for once more right before it goes.
    """
    root, before = Path(settings.FILES_DIR), (now - ORPHAN_AFTER).timestamp()
    files = size = 0
    for chunk in _batched(storage.old_places(root, before=before), 1000):
        digests = [digest for digest, _ in chunk if digest]
        known = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        for digest, place in chunk:
            if digest in known or (digest and StoredFile.objects.filter(sha256=digest).exists()):
                continue
            freed = storage.remove(place, before=before)
            files, size = files + bool(freed), size + freed
    if files:
        logger.info("%s files (%s bytes) without a record deleted from the file store", files, size)
    return files, size


def _batched(found: Iterable[tuple[str, Path]], size: int) -> Iterator[list[tuple[str, Path]]]:
    rest = iter(found)
    while chunk := list(islice(rest, size)):
        yield chunk


def clean_name(name: str) -> str:
    """Return a file name without folders and control characters, cut to a bearable length; never empty."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(c for c in base if c.isprintable()).strip().strip(".") or "未命名文件"
    if len(base) <= LONGEST_NAME:
        return base
    stem, dot, extension = base.rpartition(".")
    if not dot or len(extension) > 10:
        return base[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension


def _chunks(upload: Any, path: Path | None, name: str) -> Iterable[bytes]:
    if path is not None:
        return _from_path(path, name)
    if isinstance(upload, (bytes, bytearray, memoryview)):
        return [bytes(upload)] if len(upload) else []
    if hasattr(upload, "chunks"):
        return upload.chunks(chunk_size=storage.CHUNK)
    return _from_stream(upload)


def _from_path(path: Path, name: str) -> Iterator[bytes]:
    try:
        source = path.open("rb")
    except OSError as error:
        raise Refused(Issue("files.unreadable", field="file", values={"name": name})) from error
    with source:
        yield from _from_stream(source)


def _from_stream(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(storage.CHUNK):
        yield chunk


def _reference(target_type: str, target_id: str | int) -> str:
    return f"{target_type}:{target_id}" if target_type else ""
