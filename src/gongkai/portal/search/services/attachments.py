"""Reading the text of public files, each once; what cannot be read is noted and is no failure of the search."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from gongkai.domain.items.content import AttachmentRef
from gongkai.features.disclosure.selectors.publications import public_file
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.documents import DocumentRefused, Limits, read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.selectors import file_list_by_id, file_path
from gongkai.portal.models import AttachmentText
from gongkai.portal.search.schema import MOST_FILES
from gongkai.rulebook.messages import describe

logger = logging.getLogger(__name__)

READER = Actor.system("站内检索")
LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_unpacked_bytes=100 * 1024 * 1024, max_pages=300, max_rows=20_000)
"""Smaller than for a person who waits: what is beyond is found by its name only."""


def attachment_texts(*, files: Iterable[AttachmentRef], now: datetime) -> dict[str, str]:
    """Return the texts of files by digest; those not read before are read now and kept."""
    wanted = {file.sha256: file for file in files if not file.media_type.startswith("image/")}
    known = dict(AttachmentText.objects.filter(sha256__in=list(wanted)).values_list("sha256", "text"))
    missing = {file.file_id: file for sha256, file in wanted.items() if sha256 not in known}
    stored = {one.pk: one for one in file_list_by_id(actor=READER, file_ids=missing)} if missing else {}
    rows = []
    for file_id, file in missing.items():
        text, problem = _read(stored.get(file_id), file)
        rows.append(AttachmentText(sha256=file.sha256, text=text, problem=problem, read_at=now))
        known[file.sha256] = text
    AttachmentText.objects.bulk_create(rows, ignore_conflicts=True)
    return known


def texts_forget(*, digests: Collection[str], at: datetime) -> int:
    """Delete the texts of files that nobody may read any more; returns how many."""
    gone = [sha256 for sha256 in digests if not public_file(sha256=sha256, at=at)]
    return AttachmentText.objects.filter(sha256__in=gone).delete()[0] if gone else 0


def _read(stored: object, file: AttachmentRef) -> tuple[str, str]:
    if stored is None or stored.sha256 != file.sha256:  # type: ignore[attr-defined]
        return "", "文件不在了"
    try:
        text = read_document(file_path(file=stored), name=file.name, limits=LIMITS).text()  # type: ignore[arg-type]
    except DocumentRefused as refused:
        problem = "；".join(describe(issue) for issue in refused.issues)
        logger.info("attachment %s is found by its name only: %s", file.sha256[:12], problem)
        return "", problem[:300]
    except Refused as refused:
        logger.warning("attachment %s could not be opened: %s", file.sha256[:12], refused)
        return "", str(refused)[:300]
    return text.replace("\x00", "")[:MOST_FILES], ""
