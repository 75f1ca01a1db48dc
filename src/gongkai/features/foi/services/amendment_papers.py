"""The papers of a request for amendment: proofs are kept sealed and opened with a reason, letters are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentPaper, AmendmentRequest
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import amendment_get
from gongkai.features.foi.services.amendment_actions import AMENDMENT
from gongkai.features.foi.services.papers import SEALED_ENDING, check_upload, paper_file
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.sealed import unseal_bytes

Kind = AmendmentPaper.Kind
SEALED = frozenset({Kind.IDENTITY, Kind.PROOF})


def amendment_audit(
    *, row: AmendmentRequest, actor: Actor, action: str, summary: str, now: datetime, **more: Any
) -> None:
    """Add an audit entry about a request, without anything about the person or the record; call it last."""
    record(
        actor=actor,
        action=action,
        target_type=AMENDMENT,
        target_id=row.pk,
        summary=f"{row.register_no} {summary}",
        unit_id=row.unit_id,
        details=more,
        now=now,
    )


def paper_write(
    *,
    row: AmendmentRequest,
    actor: Actor,
    kind: str,
    upload: Any,
    title: str = "",
    name: str = "",
    letter: str = "",
    letter_no: str = "",
    now: datetime,
) -> AmendmentPaper:
    """Store a file with its paper, sealed where it proves something; permission is the caller's matter. Raises Refused."""
    sealed = kind in SEALED
    shown = name or getattr(upload, "name", "") or title
    label = Kind(kind).label
    file = paper_file(
        actor=actor,
        data=check_upload(upload, shown, identity=kind == Kind.IDENTITY),
        name=shown,
        seal=(label, place_of(row)) if sealed else None,
        unit_id=row.unit_id,
        target=(AMENDMENT, row.pk),
        now=now,
    )
    paper = AmendmentPaper.objects.create(
        amendment=row,
        kind=kind,
        title=(title.strip() or (label if sealed else shown))[:200],
        file=file,
        sealed=sealed,
        letter=letter,
        letter_no=letter_no,
        added_by_id=actor.user_id,
        added_by_name=actor.name[:150],
        added_at=now,
    )
    amendment_audit(
        row=row, actor=actor, action="foi.amendment.paper_add", summary=f"添加材料（{label}）", paper=paper.pk, now=now
    )
    return paper


def papers_carry(*, source: AmendmentRequest, target: AmendmentRequest, actor: Actor, now: datetime) -> None:
    """Give a request that was handed over the proofs that came with it, sealed anew."""
    papers = source.papers.select_related("file").filter(kind__in=sorted(SEALED), file__isnull=False)
    for paper in papers.order_by("added_at", "id"):
        data = unseal_bytes(file_path(file=paper.file).read_bytes(), place=place_of(source))
        name = paper.file.name.removesuffix(SEALED_ENDING)
        paper_write(row=target, actor=actor, kind=paper.kind, upload=data, name=name, title=paper.title, now=now)


def amendment_paper_open(*, actor: Actor, paper_id: int, reason: str = "", now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of a paper; a sealed one after writing down who looked and why. Raises NotFound, Refused."""
    paper = AmendmentPaper.objects.select_related("file").filter(pk=paper_id).first()
    if paper is None:
        raise NotFound("材料")
    row = amendment_get(actor=actor, amendment_id=paper.amendment_id)
    if paper.file is None:
        raise NotFound("材料")
    data = file_path(file=paper.file).read_bytes()
    if not paper.sealed:
        return paper.file.name, data
    if not permissions.can_open_applicant(actor, row.unit_id):
        raise NotPermitted(ability="查看加密材料")
    if not reason.strip():
        raise Refused(Issue("foi.reason.missing", "reason"))
    opened = unseal_bytes(data, place=place_of(row))
    with transaction.atomic():
        amendment_audit(
            row=row,
            actor=actor,
            action="foi.amendment.paper_open",
            summary=f"查看加密材料，理由：{' '.join(reason.split())[:200]}",
            paper=paper.pk,
            now=now,
        )
    return paper.file.name.removesuffix(SEALED_ENDING), opened


def place_of(row: AmendmentRequest) -> str:
    """Return what the sealed bytes of a request are bound to."""
    return f"foi.amendment:{row.uid}"
