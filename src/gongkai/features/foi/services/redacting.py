"""Severance (区分处理, art. 37): what may not be disclosed is taken out of a record for good, and the list of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.redaction.marks import Mark, Report
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import case_lock
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.redaction import Order, redact_apart
from gongkai.rulebook.messages import describe, text

LIST, COPY = "redaction_list", "redacted_copy"
"""The lines of the checklist of a partial disclosure that the two papers settle."""


def paper_redact(
    *,
    actor: Actor,
    paper_id: int,
    marks: Sequence[Mark],
    seen_pages: frozenset[int] = frozenset(),
    keep_pictures: bool = True,
    now: datetime,
) -> tuple[CasePaper, CasePaper]:
    """Redact a record of a case; returns the redacted copy and the list of what was removed on which ground.

    The whole record stays with the case as it is. The work is done in a process of its own and outside of a transaction;
    a result that does not pass its check is not kept. Raises NotFound, NotPermitted, Refused with every reason.
    """
    paper = CasePaper.objects.select_related("file").filter(pk=paper_id).first()
    if paper is None or paper.sealed or paper.file is None or paper.removed_at is not None:
        raise NotFound("材料")
    application = application_get(actor=actor, application_id=paper.application_id)
    if not permissions.can_handle_case(actor, application.unit_id):
        raise NotPermitted(ability="区分处理")
    if application.closed_on is not None:
        raise Refused(Issue("foi.paper.closed", values={"closed": application.closed_on}))
    known = law_of(application.started_on).dispositions.grounds
    order = Order(
        data=file_path(file=paper.file).read_bytes(),
        name=paper.file.name,
        marks=tuple(marks),
        grounds={code: ground.label for code, ground in known.items() if ground.refusal},
        seen_pages=seen_pages,
        keep_pictures=keep_pictures,
    )
    done = redact_apart(order)
    with transaction.atomic(), gathered():
        course = case_lock(actor=actor, application_id=application.pk)
        copy = paper_write(
            application=course.application,
            actor=actor,
            kind=CasePaper.Kind.REDACTED.value,
            title=f"{paper.title}（区分处理后）",
            evidence=COPY,
            upload=done.data,
            name=f"区分处理后 {paper.file.name}",
            now=now,
        )
        told = paper_write(
            application=course.application,
            actor=actor,
            kind=CasePaper.Kind.EVIDENCE.value,
            title=f"遮盖清单：{paper.title}",
            evidence=LIST,
            note=report_words(done.report),
            now=now,
        )
    return copy, told


def report_words(report: Report) -> str:
    """Say how much rests on which ground, what was removed where and why, and how the result was checked.

    The removed text is not in it.
    """
    lines = [f"{citation}：共{count}处" for citation, count in report.grounds().items()]
    for one in report.removed:
        basis = f"；依据：{one.citation}" if one.citation else ""
        reason = f"；理由：{one.reason}" if one.reason else ""
        lines.append(f"{one.where}：{text(one.what)}{one.count}处{basis}{reason}")
    lines.append("核对：" + "、".join(text(code) for code in report.checks))
    lines += [describe(issue) for issue in report.notices]
    return "\n".join(lines)
