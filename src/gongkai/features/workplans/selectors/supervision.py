"""Supervision notices and their templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db.models import Q, QuerySet

from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import NoticeTemplate, SupervisionNotice
from gongkai.features.workplans.selectors.access import NotFound, scope_of, visible_items
from gongkai.features.workplans.selectors.values import NoticeRow
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.selectors import file_path

LETTERS = Path(__file__).resolve().parents[1] / "templates" / "workplans" / "letters"


def letter_template(*, color: str) -> bytes:
    """Return the template of a color: the newest one that was uploaded, else the shipped one."""
    replaced = NoticeTemplate.objects.filter(color=color).select_related("file").order_by("-pk").first()
    path = file_path(file=replaced.file) if replaced else LETTERS / f"supervision_{color}.docx"
    return path.read_bytes()


def notice_template_list() -> list[tuple[str, str, int | None]]:
    """Return (color, its name, id of the uploaded file or None for the shipped template) for each color."""
    found = {row.color: row.file_id for row in NoticeTemplate.objects.order_by("pk")}
    return [(value, str(label), found.get(value)) for value, label in SupervisionNotice.Color.choices]


def _visible(*, actor: Actor, today: date) -> QuerySet[SupervisionNotice]:
    """Return the notices the actor may see: all, or those about items or to units of the actor's."""
    notices = SupervisionNotice.objects.select_related("item", "unit", "issued_by", "answered_by")
    if permissions.can_see_all(actor):
        return notices
    items = visible_items(scope_of(actor=actor, today=today)).values("pk")
    return notices.filter(Q(item_id__in=items) | Q(unit_id__in=actor.unit_ids))


def supervision_notice_list(
    *, actor: Actor, today: date, item_id: int | None = None, unanswered: bool = False, limit: int = 500
) -> list[NoticeRow]:
    """Return the notices the actor may see, newest first."""
    notices = _visible(actor=actor, today=today)
    if item_id is not None:
        notices = notices.filter(item_id=item_id)
    if unanswered:
        notices = notices.filter(answered_at__isnull=True)
    return notice_rows(notices.order_by("-year", "-number")[:limit], actor=actor, today=today)


def own_notices_unanswered(*, actor: Actor, today: date, limit: int = 500) -> list[NoticeRow]:
    """Return the notices that were sent to the actor's units and wait for an answer, newest first; one query."""
    notices = SupervisionNotice.objects.select_related("item", "unit", "issued_by", "answered_by")
    waiting = notices.filter(unit_id__in=actor.unit_ids, answered_at__isnull=True)
    return notice_rows(waiting.order_by("-year", "-number")[:limit], actor=actor, today=today)


def supervision_notice_get(*, actor: Actor, notice_id: int, today: date) -> NoticeRow:
    """Return one notice; raises NotFound also when the actor may not see it."""
    found = notice_rows(_visible(actor=actor, today=today).filter(pk=notice_id), actor=actor, today=today)
    if not found:
        raise NotFound("督办单", notice_id)
    return found[0]


def notice_rows(notices: Iterable[SupervisionNotice], *, actor: Actor, today: date) -> list[NoticeRow]:
    """Turn loaded notices into rows."""
    return [
        NoticeRow(
            id=notice.pk,
            item_id=notice.item_id,
            item_title=str(notice.item),
            unit_id=notice.unit_id,
            unit_name=notice.unit.display_name,
            color=notice.color,
            color_name=notice.get_color_display(),
            number_text=notice.number_text,
            reason=notice.reason,
            requirement=notice.requirement,
            answer_due_on=notice.answer_due_on,
            issued_at=notice.issued_at,
            issued_by_name=notice.issued_by.get_full_name(),
            file_id=notice.file_id,
            answered_at=notice.answered_at,
            answered_by_name=notice.answered_by.get_full_name() if notice.answered_by else "",
            answer=notice.answer,
            late=notice.answered_at is None and notice.answer_due_on < today,
            can_answer=notice.answered_at is None and permissions.can_answer_notice(actor, notice.unit_id),
        )
        for notice in notices
    ]
