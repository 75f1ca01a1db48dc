"""Files that are published with an item: looked at before they are kept, and kept under the item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.actions import TARGET
from gongkai.features.disclosure.services.contents import clean_text
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.attachments import check_attachment
from gongkai.kernel.documents.errors import refusal
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import clean_name, file_store

MOST_ATTACHMENTS = 200
LONGEST_TITLE = 200
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file to be attached: exactly one of ``upload`` (Django's upload, an open file, bytes) and ``path``."""

    name: str
    upload: Any = None
    path: Path | None = None
    title: str = ""
    alt: str = ""

    def read(self) -> bytes:
        """Return the bytes; raises DocumentRefused when there are more than an upload may have or none can be read."""
        limit = settings.UPLOAD_LIMIT_BYTES
        try:
            size = self.path.stat().st_size if self.path else getattr(self.upload, "size", None)
            if isinstance(size, int) and size > limit:
                raise _too_large(self.name, size, limit)
            if self.path is not None:
                return self.path.read_bytes()
        except OSError as error:
            raise refusal("document.unreadable", name=self.name) from error
        if isinstance(self.upload, (bytes, bytearray, memoryview)):
            data = bytes(self.upload)
        else:
            self.upload.seek(0)
            data = self.upload.read(limit + 1)
        if len(data) > limit:
            raise _too_large(self.name, len(data), limit)
        return data


def _too_large(name: str, size: int, limit: int) -> Refused:
    return refusal("document.too_large", name=name, size=megabytes(size), limit=megabytes(limit))


def check_attachments(attachments: Sequence[NewAttachment]) -> None:
    """Look at every file before any is kept; raises Refused with the reasons of all of them."""
    issues: list[Issue] = []
    if len(attachments) > MOST_ATTACHMENTS:
        issues.append(Issue("disclosure.attachment.too_many", field="file", values={"limit": MOST_ATTACHMENTS}))
    for one in attachments[:MOST_ATTACHMENTS]:
        try:
            check_attachment(one.read(), name=one.name)
        except Refused as refused:
            issues += refused.issues
    if issues:
        raise Refused(issues)


def store_attachments(
    item: Item, attachments: Sequence[NewAttachment], *, actor: Actor, now: datetime
) -> tuple[AttachmentRef, ...]:
    """Keep files that were looked at, and return how the content names them."""
    return tuple(ref_of(store(item, one, actor=actor, now=now), one) for one in attachments)


def store(item: Item, one: NewAttachment, *, actor: Actor, now: datetime) -> StoredFile:
    """Keep one file under the item; its name stays out of the audit trail where access is limited."""
    return file_store(
        actor=actor,
        upload=one.read(),
        name=one.name,
        unit_id=item.unit_id,
        target_type=TARGET,
        target_id=item.pk,
        private=item.access_limited,
        now=now,
    )


def ref_of(file: StoredFile, one: NewAttachment) -> AttachmentRef:
    """Return how a content names a kept file; without a title readers see the name without its extension."""
    name = clean_name(file.name)
    title = clean_text(one.title, lines=False)[:LONGEST_TITLE]
    return AttachmentRef(
        file_id=file.pk,
        sha256=file.sha256,
        name=name,
        size=file.size,
        media_type=file.media_type,
        title=title or Path(name).stem,
        alt=clean_text(one.alt),
    )
