"""The papers of a case: adding them, taking them out of use, and opening what is kept sealed."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.writing import audit_case, case_lock
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.media import UNKNOWN, media_type_of
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.files.services import file_store
from gongkai.kernel.sealed import seal_bytes, unseal_bytes

MOST_BYTES = 20 * 1024 * 1024
"""Size of one paper; a technical bound. A larger one is brought on paper or split."""
IDENTITY_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".pdf"})
ENDINGS = IDENTITY_ENDINGS | {".docx", ".doc", ".xlsx", ".xls", ".ofd", ".txt", ".wps", ".et", ".zip", ".tif", ".tiff"}
MAGIC = frozenset({".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx", ".ofd", ".zip", ".doc", ".xls"})
SEALED_ENDING = ".sealed"
_BY_VISITOR = "网上申请"


def paper_add(
    *,
    actor: Actor,
    application_id: int,
    kind: str,
    title: str = "",
    note: str = "",
    evidence: str = "",
    upload: Any = None,
    now: datetime,
) -> CasePaper:
    """Add a paper to a case, or a note that stands for one; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        application = case_lock(actor=actor, application_id=application_id).application
        if not permissions.can_handle_case(actor, application.unit_id):
            raise NotPermitted(ability="添加案卷材料")
        issues = []
        if kind not in CasePaper.Kind.values:
            issues.append(Issue("foi.paper.kind", "kind", {"kind": kind}))
        if upload is None and not note.strip():
            issues.append(Issue("foi.paper.nothing", "upload"))
        if upload is None and not title.strip():
            issues.append(Issue("foi.paper.title", "title"))
        if kind == CasePaper.Kind.IDENTITY and upload is None:
            issues.append(Issue("foi.paper.identity_file", "upload"))
        if issues:
            raise Refused(issues)
        return paper_write(
            application=application,
            actor=actor,
            kind=kind,
            title=title,
            note=note,
            evidence=evidence,
            upload=upload,
            now=now,
        )


def paper_write(
    *,
    application: Application,
    actor: Actor,
    kind: str,
    title: str,
    note: str = "",
    evidence: str = "",
    letter: str = "",
    letter_no: str = "",
    upload: Any = None,
    name: str = "",
    keeper_id: int | None = None,
    now: datetime,
) -> CasePaper:
    """Store a file with its paper, sealed where it proves an identity; permission is the caller's matter. Raises Refused.

    ``keeper_id`` is the unit that stores the file where it is not the one that was asked: a division of it.
    """
    sealed = kind == CasePaper.Kind.IDENTITY
    shown = name or getattr(upload, "name", "") or title
    file = None
    if upload is not None:
        file = paper_file(
            actor=actor,
            data=check_upload(upload, shown, identity=sealed),
            name=shown,
            seal=(CasePaper.Kind(kind).label, identity_place(application)) if sealed else None,
            unit_id=keeper_id or application.unit_id,
            target=(CASE, application.pk),
            now=now,
        )
    paper = CasePaper.objects.create(
        application=application,
        kind=kind,
        evidence=evidence,
        title=(title.strip() or shown or CasePaper.Kind(kind).label)[:200],
        file=file,
        note=note.strip(),
        sealed=sealed,
        letter=letter,
        letter_no=letter_no,
        added_by_id=actor.user_id,
        added_by_name=actor.name[:150],
        added_at=now,
    )
    audit_case(
        application=application,
        actor=actor,
        action="foi.paper.add",
        summary=f"添加材料（{CasePaper.Kind(kind).label}）",
        paper=paper.pk,
        sha256=file.sha256 if file and not sealed else "",
        now=now,
    )
    return paper


def paper_file(
    *,
    actor: Actor,
    data: bytes,
    name: str,
    seal: tuple[str, str] | None,
    unit_id: int,
    target: tuple[str, int],
    now: datetime,
) -> StoredFile:
    """Keep the bytes of a paper that were checked (``check_upload``), for those who may see its ``target`` only.

    With ``seal`` (what it is called, what the seal is bound to) they are sealed, and its own name is not kept.
    """
    return file_store(
        actor=actor if actor.is_authenticated else Actor.system(_BY_VISITOR),
        upload=seal_bytes(data, place=seal[1]) if seal is not None else data,
        name=f"{seal[0]}{_ending(name)}{SEALED_ENDING}" if seal is not None else name,
        unit_id=unit_id,
        target_type=target[0],
        target_id=target[1],
        most=MOST_BYTES * 2,
        private=True,
        now=now,
    )


def paper_remove(*, actor: Actor, paper_id: int, reason: str, now: datetime) -> CasePaper:
    """Take a paper out of use with the reason; it stays on record. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        paper = CasePaper.objects.select_for_update(no_key=True).filter(pk=paper_id).first()
        if paper is None:
            raise NotFound("材料")
        application = application_get(actor=actor, application_id=paper.application_id)
        if not permissions.can_handle_case(actor, application.unit_id):
            raise NotPermitted(ability="移除案卷材料")
        if paper.removed_at is not None:
            raise Refused(Issue("foi.paper.removed"))
        if application.closed_on is not None:
            raise Refused(Issue("foi.paper.closed", values={"closed": application.closed_on}))
        if not reason.strip():
            raise Refused(Issue("foi.reason.missing", "reason"))
        paper.removed_at, paper.removed_reason = now, reason.strip()
        paper.save(update_fields=["removed_at", "removed_reason"])
        audit_case(
            application=application,
            actor=actor,
            action="foi.paper.remove",
            summary=f"移除材料（{paper.get_kind_display()}）",
            paper=paper.pk,
            now=now,
        )
    return paper


def identity_open(*, actor: Actor, paper_id: int, reason: str, now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of a proof of identity, after writing down who looked and why; raises NotFound, Refused."""
    paper = CasePaper.objects.select_related("file").filter(pk=paper_id, sealed=True).first()
    if paper is None or paper.file is None:
        raise NotFound("材料")
    application = application_get(actor=actor, application_id=paper.application_id)
    if not permissions.can_open_applicant(actor, application.unit_id):
        raise NotPermitted(ability="查看身份证明")
    if not reason.strip():
        raise Refused(Issue("foi.reason.missing", "reason"))
    data = unseal_bytes(file_path(file=paper.file).read_bytes(), place=identity_place(application))
    audit_case(
        application=application,
        actor=actor,
        action="foi.paper.open",
        summary=f"查看身份证明，理由：{' '.join(reason.split())[:200]}",
        paper=paper.pk,
        now=now,
    )
    return paper.file.name.removesuffix(SEALED_ENDING), data


def identity_place(application: Application) -> str:
    """Return what the sealed bytes of a proof of identity are bound to."""
    return f"foi.identity:{application.uid}"


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def check_upload(upload: Any, name: str, *, identity: bool) -> bytes:
    """Return the bytes of an upload; refused by size before reading, by kind of file, and by what it says it is."""
    allowed = IDENTITY_ENDINGS if identity else ENDINGS
    issues = []
    size = len(upload) if isinstance(upload, bytes) else int(getattr(upload, "size", 0) or 0)
    if size > MOST_BYTES:
        issues.append(Issue("foi.paper.too_large", "upload", {"name": name, "most": MOST_BYTES // 1024 // 1024}))
    if _ending(name) not in allowed:
        known = "、".join(sorted(one.lstrip(".") for one in allowed))
        issues.append(Issue("foi.paper.ending", "upload", {"name": name, "known": known}))
    if issues:
        raise Refused(issues)
    data = upload if isinstance(upload, bytes) else upload.read()
    if _ending(name) in MAGIC and media_type_of(name, data[:16]) == UNKNOWN:
        raise Refused(Issue("foi.paper.disguised", "upload", {"name": name}))
    return bytes(data)
