"""The review sheet (公开审查表): a round as printable evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongkai.domain.approval import VERDICT_NAMES, Verdict
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.permissions import can_enter_back_office
from gongkai.kernel.approvals.models import Approval, Purpose
from gongkai.kernel.approvals.selectors.progress import StepRow, approval_progress
from gongkai.kernel.approvals.selectors.rounds import BEIJING, approval_get, day_of
from gongkai.kernel.approvals.sheet import FILE
from gongkai.kernel.documents.render import render_docx
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import clean_name, file_store

SheetLine = tuple[str, str]
"""A label and a text in the first table of the sheet."""
HEADINGS = {
    Purpose.ORDINARY: "政府信息公开审查表",
    Purpose.EMERGENCY: "政府信息公开审查表（应急发布）",
    Purpose.AFTER_REVIEW: "政府信息公开审查表（应急发布后补审）",
}


def review_sheet(*, actor: Actor, approval_id: int, extra: Sequence[SheetLine] = (), now: datetime) -> bytes:
    """Return the sheet of a round as DOCX; ``extra`` are lines of the feature (attribute, ground, document number).

    Whoever may see the text may have its sheet: the feature asks before it calls. Raises NotPermitted for a visitor.
    """
    if not can_enter_back_office(actor):
        raise NotPermitted(ability="打印公开审查表")
    approval = approval_get(approval_id)
    progress = approval_progress(approval, today=day_of(now))
    context = {
        "heading": HEADINGS[Purpose(approval.purpose)],
        "round": str(approval.round),
        "state": approval.get_state_display(),
        "matter": [{"label": label, "text": text} for label, text in (*_matter(approval), *extra) if text],
        "steps": [
            {"name": step.name, "who": _who(step), "at": _moment(step.signed_at), "opinion": _opinion(step)}
            for step in progress.steps
        ],
        "route": f"{progress.route_name}（{'、'.join(progress.basis) or '本单位规定'}{'' if progress.verified else '，依据待核'}）",
        "separation": "".join(progress.separation),
        "forms": [
            {
                "title": step.form_title,
                "who": _who(step),
                "at": _moment(step.signed_at),
                "rows": [{"question": row.question, "answer": row.answer, "note": row.note} for row in step.form_rows],
            }
            for step in progress.steps
            if step.form_rows
        ],
        "digest": approval.digest,
        "made_at": _moment(now),
    }
    return render_docx(FILE, context)


def review_sheet_store(*, actor: Actor, approval_id: int, extra: Sequence[SheetLine] = (), now: datetime) -> StoredFile:
    """Store the sheet as a file of the text that the round is about, and return its record."""
    approval = approval_get(approval_id)
    return file_store(
        actor=actor,
        upload=review_sheet(actor=actor, approval_id=approval_id, extra=extra, now=now),
        name=clean_name(f"公开审查表-{approval.title[:60]}-第{approval.round}轮.docx"),
        unit_id=approval.unit_id,
        target_type=approval.target_type,
        target_id=approval.target_id,
        now=now,
    )


def _matter(approval: Approval) -> list[SheetLine]:
    opened = f"{approval.opened_by or '系统'}，{_moment(approval.opened_at)}"
    lines = [("标题", approval.title), ("单位", approval.unit.name), ("送审", opened)]
    if approval.purpose == Purpose.EMERGENCY:
        lines.append(("应急发布的理由", approval.reason))
    if approval.review_due_on is not None:
        due = approval.review_due_on
        lines.append(("补审期限", f"{due.year}年{due.month}月{due.day}日"))
    return lines


def _who(step: StepRow) -> str:
    if not step.who:
        return ""
    parts = [step.role] if step.role else []
    if step.on_behalf_of:
        parts.append(f"受{step.on_behalf_of}委托代签")
    if step.by_link:
        parts.append(f"以一次性链接签署，{step.vouched_by}发出")
    return f"{step.who}（{'，'.join(parts)}）" if parts else step.who


def _opinion(step: StepRow) -> str:
    if not step.who:
        return "（未签）"
    verdict = VERDICT_NAMES[Verdict(step.verdict)]
    words = f"{verdict}。{step.remark}" if step.remark else verdict
    return f"{words}（所签内容 {step.digest_short}）"


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
