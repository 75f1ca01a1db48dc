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
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.notices.services import notice_send

OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD})
LINES = 20  # a notice lists this many and says how many more there are


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
    people = users_of_units(unit_ids=sorted(by_unit), today=today, roles=OFFICE)
    sent = 0
    for unit_id, lines in by_unit.items():
        told = [words for _, words in sorted(lines)]
        more = f"\n另有 {len(told) - LINES} 项。" if len(told) > LINES else ""
        sent += notice_send(
            recipients=[user.pk for user in people.get(unit_id, ())],
            kind=KIND_REMEDY,
            title=f"复议诉讼有 {len(told)} 项要办理",
            body="\n".join(told[:LINES]) + more,
            url=reverse("foi:staff:remedies"),
            dedupe_key=f"foi.remedy.{unit_id}.{today.isoformat()}",
            level="urgent" if any(order == 0 for order, _ in lines) else "warning",
            now=now,
        )
    return sent


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
