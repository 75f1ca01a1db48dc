"""Supervision notices: numbered letters in blue, yellow or red from a template that an office may replace."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import State, overdue_days
from gongkai.features.workplans import permissions
from gongkai.features.workplans.events import SupervisionNoticeAnswered, SupervisionNoticeIssued
from gongkai.features.workplans.models import NoticeTemplate, SupervisionNotice, WorkItem
from gongkai.features.workplans.selectors.access import NotFound, item_standing
from gongkai.features.workplans.selectors.items import unit_labels
from gongkai.features.workplans.selectors.lights import dates_of
from gongkai.features.workplans.selectors.supervision import letter_template
from gongkai.features.workplans.services.structure import unit_issues
from gongkai.features.workplans.services.writing import (
    acting_unit,
    audit_item,
    day_of,
    lock_item,
    require,
    write_entry,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.documents import render_docx
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import file_store
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.registers.services import number_take

SERIES = "workplans.supervision"


def supervision_notice_issue(
    *,
    actor: Actor,
    item_id: int,
    unit_id: int,
    color: str,
    reason: str,
    requirement: str,
    answer_due_on: date,
    now: datetime,
) -> SupervisionNotice:
    """Issue a numbered supervision notice to a unit about an item, with its letter as a DOCX file.

    The number comes from a register without gaps. Raises NotFound, NotPermitted, Refused (also when the template lacks
    or asks for values, naming them: then no number is used up).
    """
    today = day_of(now)
    with transaction.atomic():
        item = lock_item(item_id)
        standing = item_standing(item=item, today=today)
        require(permissions.can_issue_notice(actor, standing), "发出督办单")
        issues = unit_issues([unit_id], field="unit_id", today=today)
        if unit_id not in standing.everyone:
            issues.append(Issue("workplans.notice.unit_not_concerned", field="unit_id"))
        if color not in SupervisionNotice.Color.values:
            issues.append(Issue("workplans.notice.color", field="color", values={"color": color}))
        for name, text in (("reason", reason), ("requirement", requirement)):
            if not text.strip():
                label = "督办事由" if name == "reason" else "办理要求"
                issues.append(Issue("workplans.notice.text_missing", field=name, values={"what": label}))
        if answer_due_on < today:
            values = {"day": answer_due_on.isoformat()}
            issues.append(Issue("workplans.notice.due_past", field="answer_due_on", values=values))
        if item.state in (State.CLOSED.value, State.CANCELED.value):
            issues.append(Issue("workplans.evidence.item_ended"))
        if actor.user_id is None:
            issues.append(Issue("workplans.notice.needs_person"))
        if issues:
            raise Refused(issues)
        number = number_take(series=SERIES, year=today.year)
        unit = Unit.objects.get(pk=unit_id)
        issued_unit_id = acting_unit(actor, [frozenset({item.plan.owner_id}), actor.unit_ids]) or item.plan.owner_id
        notice = SupervisionNotice(
            item=item,
            unit=unit,
            color=color,
            year=today.year,
            number=number,
            number_text=f"政务公开督〔{today.year}〕{number}号",
            reason=reason.strip(),
            requirement=requirement.strip(),
            answer_due_on=answer_due_on,
            issued_by_id=actor.user_id,
            issued_unit_id=issued_unit_id,
            issued_at=now,
        )
        notice.file = _write_letter(actor, notice, item, today, now)
        notice.save()
        write_entry(
            item=item,
            actor=actor,
            verb="supervise",
            text=f"{notice.get_color_display()}督办单 {notice.number_text}（{unit.display_name}）",
            reason=notice.reason,
            details={"notice": notice.pk, "color": color, "unit": unit_id},
            now=now,
        )
        publish(SupervisionNoticeIssued(notice_id=notice.pk, at=now))
        audit_item(
            item=item,
            actor=actor,
            action="workplans.supervision.issue",
            summary=f"向{unit.display_name}发出{notice.get_color_display()}督办单 {notice.number_text}：{item}",
            unit_id=unit_id,
            notice=notice.pk,
            color=color,
            file=notice.file_id,
            now=now,
        )
    return notice


def _write_letter(actor: Actor, notice: SupervisionNotice, item: WorkItem, today: date, now: datetime) -> StoredFile:
    letter = render_docx(letter_template(color=notice.color), letter_values(notice, item, today=today))
    return file_store(
        actor=actor,
        upload=letter,
        name=f"{notice.get_color_display()}督办单-{notice.year}-{notice.number}号-{notice.unit.display_name}.docx",
        target_type="workplans.item",
        target_id=item.pk,
        now=now,
    )


def letter_values(notice: SupervisionNotice, item: WorkItem, *, today: date) -> dict[str, Any]:
    """Return the values that the letter's template may use, by name."""
    labels = unit_labels(item_ids=[item.pk]).get(item.pk, {})
    late = overdue_days(dates_of(item), today=today)
    return {
        "color": notice.get_color_display(),
        "number": notice.number_text,
        "unit": notice.unit.name,
        "plan": item.plan.title,
        "doc_no": item.plan.doc_no,
        "item_number": item.number,
        "item": item.title,
        "clause": item.text,
        "lead_units": "、".join(label.text for label in labels.get("lead", ())) or "无",
        "responsible_units": "、".join(label.text for label in labels.get("responsible", ())) or "无",
        "due": _day(item.due_on) if item.due_on else item.due_phrase or "未定",
        "overdue_days": late,
        "situation": f"已逾期{late}天" if late else "尚未到期",
        "reason": notice.reason,
        "requirement": notice.requirement,
        "answer_due": _day(notice.answer_due_on),
        "issuer": notice.issued_unit.name,
        "issued": _day(today),
        "place": settings.PLACE,
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def supervision_notice_answer(*, actor: Actor, notice_id: int, text: str, now: datetime) -> SupervisionNotice:
    """Answer a notice for the unit it was sent to; once. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        found = SupervisionNotice.objects.filter(pk=notice_id).values_list("item_id", flat=True).first()
        if found is None:
            raise NotFound("督办单", notice_id)
        item = lock_item(found)
        notice = (
            SupervisionNotice.objects.select_for_update(of=("self",), no_key=True)
            .select_related("unit")
            .get(pk=notice_id)
        )
        require(permissions.can_answer_notice(actor, notice.unit_id) and actor.user_id is not None, "答复督办单")
        issues = []
        if notice.answered_at is not None:
            issues.append(Issue("workplans.notice.answered", values={"number": notice.number_text}))
        if not text.strip():
            issues.append(Issue("ledger.text.missing", field="text", values={"verb": "答复督办单"}))
        if issues:
            raise Refused(issues)
        notice.answer, notice.answered_by_id, notice.answered_at = text.strip(), actor.user_id, now
        notice.save(update_fields=["answer", "answered_by", "answered_at"])
        write_entry(
            item=item,
            actor=actor,
            verb="answer",
            text=text.strip(),
            unit_id=notice.unit_id,
            details={"notice": notice.pk, "number": notice.number_text},
            now=now,
        )
        publish(SupervisionNoticeAnswered(notice_id=notice.pk, at=now))
        audit_item(
            item=item,
            actor=actor,
            action="workplans.supervision.answer",
            summary=f"{notice.unit.display_name}答复督办单 {notice.number_text}：{item}",
            unit_id=notice.unit_id,
            notice=notice.pk,
            now=now,
        )
    return notice


def notice_template_replace(*, actor: Actor, color: str, upload: Any, name: str = "", now: datetime) -> NoticeTemplate:
    """Use an uploaded DOCX file as the template of one color from now on.

    It is tried out first: values it asks for that no letter has are named, and nothing is stored. Raises NotPermitted,
    Refused (DocumentRefused).
    """
    require(permissions.can_replace_template(actor), "更换督办单模板")
    if color not in SupervisionNotice.Color.values:
        raise Refused(Issue("workplans.notice.color", field="color", values={"color": color}))
    data = upload if isinstance(upload, bytes) else upload.read()
    render_docx(data, SAMPLE)
    with transaction.atomic():
        file = file_store(
            actor=actor, upload=data, name=name or Path(getattr(upload, "name", "模板.docx")).name, now=now
        )
        template = NoticeTemplate.objects.create(color=color, file=file, uploaded_by_id=actor.user_id, uploaded_at=now)
        record(
            actor=actor,
            action="workplans.template.replace",
            target_type="workplans.template",
            target_id=template.pk,
            summary=f"更换{template.get_color_display()}督办单模板",
            details={"file": file.pk, "sha256": file.sha256},
            now=now,
        )
    return template


# What a letter knows, with values to try a template out.
SAMPLE: dict[str, Any] = {
    "color": "黄色",
    "number": "政务公开督〔2026〕1号",
    "unit": "市示例局",
    "plan": "2026年政务公开工作要点",
    "doc_no": "示府办字〔2026〕1号",
    "item_number": "1",
    "item": "示例任务",
    "clause": "示例条款。",
    "lead_units": "市政府办公室",
    "responsible_units": "市示例局",
    "due": "2026年9月30日",
    "overdue_days": 1,
    "situation": "已逾期1天",
    "reason": "未按时完成。",
    "requirement": "请于规定日期前办结。",
    "answer_due": "2026年10月15日",
    "issuer": "市政府办公室",
    "issued": "2026年10月1日",
    "place": "示例市",
}
