"""One file of an import, from its bytes to what it proposes; runs in processes of its own, so no Django is needed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from gongkai.domain.document import Document
from gongkai.domain.intake import Proposals, body_of, propose
from gongkai.kernel.documents import DocumentRefused, Limits, read_document
from gongkai.kernel.documents.attachments import check_attachment
from gongkai.kernel.documents.bundles import Bundle, open_zip, unlisted_folder
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.staging import StagedBytes, stage
from gongkai.kernel.ocr import picture_kind
from gongkai.rulebook.messages import describe

SCANS = frozenset({"document.pdf.no_text"})
"""Refusals of files whose pages are pictures: the text can be recognized."""


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to be read: its path inside a ZIP archive or a folder (``source``), and where its bytes are kept.

    Of the ``main`` file of a row the text is wanted, of the others only whether they may be attached.
    """

    source: Path
    zipped: bool
    path: str
    main: bool
    limits: Limits
    store: Path


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of a file: its bytes beside the store, what it proposes, or the sentences why not (``issues``).

    ``scan`` tells that the pages of a main file are pictures.
    """

    staged: StagedBytes | None = None
    proposals: Proposals = field(default_factory=Proposals)
    body: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    scan: bool = False


def read_file(task: FileTask) -> FileRead:
    """Read one file of an import and put its bytes beside the store; every refusal is told in ``issues``."""
    name = PurePosixPath(task.path).name
    try:
        data = _bundle(task.source, task.zipped, task.limits).read(task.path)
        document = read_or_none(data, name=name, limits=task.limits) if task.main else None
        if document is None:
            check_attachment(data, name=name, limits=task.limits)
        staged = stage(data, root=task.store, name=name, most=task.limits.max_bytes)
    except Refused as refused:
        return FileRead(issues=tuple(refused.sentences()))
    if document is None:
        return FileRead(staged, scan=task.main)
    proposals = propose(document)
    body = tuple(dict(block) for block in body_of(document, proposals).blocks)
    return FileRead(staged, proposals, body, tuple(describe(issue) for issue in document.issues))


def read_or_none(data: bytes, *, name: str, limits: Limits) -> Document | None:
    """Return the document, or None for a scan or picture whose text has to be recognized. Raises DocumentRefused."""
    if picture_kind(data):
        return None
    try:
        return read_document(data, name=name, limits=limits)
    except DocumentRefused as refused:
        if {issue.code for issue in refused.issues} <= SCANS:
            return None
        raise


def close_archive() -> None:
    """Close the archive that was read last in this process."""
    _bundle.cache_clear()


@lru_cache(maxsize=1)
def _bundle(source: Path, zipped: bool, limits: Limits) -> Bundle:
    """Return the opened archive or folder; the one that was read last stays open."""
    return open_zip(source, name=source.name, limits=limits) if zipped else unlisted_folder(source, limits=limits)
