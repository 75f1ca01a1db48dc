"""The daily look at reconsiderations and suits: answers that are due, hearings that come, decisions to be carried out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse

from gongkai.domain.calendars import Calendar
from gongkai.domain.foi.model import RemedyOutcome
from gongkai.features.foi.models import CaseRemedy
from gongkai.features.foi.services.remedy_actions import KIND_REMEDY
from gongkai.features.foi.services.sweeps import offices_remind
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current


def remedies_remind(*, now: datetime) -> int:
    """Tell each unit's disclosure office once a day what is due in reviews and suits; returns how many notices were sent."""
    today = day_of(now)
    calendar = calendar_current()
    near = calendar.add_working_days(today, NEAR_WORKING_DAYS, strict=False)
    pending = Q(outcome=RemedyOutcome.PENDING.value)
    answer = pending & Q(answered_on__isnull=True, answer_due_on__lte=near)
    hearing = pending & Q(hearing_on__range=(today, near))
    redo = Q(redone_on__isnull=True, redo_due_on__lte=near)
    by_unit: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = CaseRemedy.objects.filter(answer | hearing | redo).select_related("application").order_by("pk")
    for row in rows:
        for line in _lines(row, today, near, calendar):
            by_unit[row.application.unit_id].append(line)
    return offices_remind(
        by_unit=by_unit,
        kind=KIND_REMEDY,
        title="复议诉讼有 {count} 件事要办理",
        url=reverse("foi:staff:remedies"),
        key="foi.remedy",
        now=now,
    )


def _lines(row: CaseRemedy, today: date, near: date, calendar: Calendar) -> list[tuple[int, str]]:
    """What one remedy wants, the most pressing with the smallest number; nothing of the applicant or of what was asked."""
    what = f"{row.application.register_no} {row.get_kind_display()}"
    found = []
    due = row.answer_due_on
    if row.answered_on is None and due is not None and due <= near and row.outcome == RemedyOutcome.PENDING.value:
        found.append(_due(due, today, calendar, f"{what}：答复和证据"))
    if row.redone_on is None and row.redo_due_on is not None and row.redo_due_on <= near:
        found.append(_due(row.redo_due_on, today, calendar, f"{what}：按决定、判决履行"))
    if row.hearing_on is not None and today <= row.hearing_on <= near and row.decided_on is None:
        found.append((1, f"{what}：{row.hearing_on.isoformat()} 听证、开庭"))
    return found


def _due(due: date, today: date, calendar: Calendar, what: str) -> tuple[int, str]:
    if due < today:
        late = calendar.working_days_between(due, today, strict=False)
        return 0, f"{what}，已逾期 {late} 个工作日（{due.isoformat()}到期）"
    return 2, f"{what}，{due.isoformat()} 到期"
