"""The papers of cases: their kinds, which case one belongs to, and what redaction of one starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from gongkai.domain.redaction.marks import Term, marks_of_findings
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.content.check import check_file
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.wordlists.selectors.rules import content_rules

PAPER_KINDS = CasePaper.Kind.choices
REDACTED = frozenset({".pdf", ".docx"})


@dataclass(frozen=True, slots=True)
class Redactable:
    """A record that can be redacted: the grounds to choose from, and personal data that the content check found in it.

    ``unread`` says why nothing could be proposed.
    """

    application_id: int
    register_no: str
    title: str
    file_id: int
    grounds: tuple[tuple[str, str], ...]
    proposed: tuple[str, ...]
    unread: str = ""


def paper_application(*, actor: Actor, paper_id: int) -> int:
    """Return the case of a paper; raises NotFound where the actor may not know of it."""
    found = CasePaper.objects.filter(pk=paper_id).values_list("application_id", flat=True).first()
    if found is None:
        raise NotFound("材料")
    return application_get(actor=actor, application_id=found).pk


def redactable(*, actor: Actor, paper_id: int, today: date, propose: bool = True) -> Redactable:
    """Return what redaction of a paper starts from; raises NotFound for papers that cannot be redacted.

    Without ``propose`` the content check, which reads the whole file, is left out.
    """
    paper = CasePaper.objects.select_related("file").filter(pk=paper_id, sealed=False, removed_at__isnull=True).first()
    if paper is None or paper.file is None or PurePosixPath(paper.file.name).suffix.lower() not in REDACTED:
        raise NotFound("材料")
    application = application_get(actor=actor, application_id=paper.application_id)
    if not permissions.can_handle_case(actor, application.unit_id):
        raise NotFound("材料")
    grounds = law_of(application.started_on).dispositions.grounds
    proposed, unread = _proposed(paper.file, application.unit_id, today) if propose else ((), "")
    return Redactable(
        application_id=application.pk,
        register_no=application.register_no,
        title=paper.title,
        file_id=paper.file.pk,
        grounds=tuple((code, ground.label) for code, ground in grounds.items() if ground.refusal),
        proposed=proposed,
        unread=unread,
    )


def _proposed(file: StoredFile, unit_id: int, today: date) -> tuple[tuple[str, ...], str]:
    """The personal data that the content check finds in a record, and why there is nothing."""
    try:
        rules = content_rules(on=today, unit_id=unit_id)
        report = check_file(file_path(file=file), name=file.name, rules=rules)
    except DocumentRefused:
        return (), "这份文件读不出文字，请自行填写。"
    marks = marks_of_findings(report.findings, ground="")
    found = tuple(mark.what.text for mark in marks if isinstance(mark.what, Term))
    return found, "" if found else "没有发现个人信息，请逐页阅读后自行填写。"


@dataclass(frozen=True, slots=True)
class RedactionSheet:
    """The list of what was removed from a record: its lines, and the copy that was made with it, if it is in use."""

    paper: CasePaper
    register_no: str
    unit: str
    lines: tuple[str, ...]
    copy: CasePaper | None


def redaction_list(*, actor: Actor, paper_id: int) -> RedactionSheet:
    """Return the list of what was removed from a record of a case that the actor may see; raises NotFound."""
    paper = CasePaper.objects.filter(pk=paper_id, evidence="redaction_list", removed_at__isnull=True).first()
    if paper is None or not paper.note:
        raise NotFound("遮盖清单")
    application = application_get(actor=actor, application_id=paper.application_id)
    copies = CasePaper.objects.filter(
        application=application, kind=CasePaper.Kind.REDACTED.value, removed_at__isnull=True, added_at=paper.added_at
    )
    return RedactionSheet(
        paper, application.register_no, application.unit.name, tuple(paper.note.splitlines()), copies.first()
    )
