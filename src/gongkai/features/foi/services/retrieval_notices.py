"""Telling divisions and offices about retrievals, and the daily look at what is due; nothing of what was asked is told here."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.urls import reverse

from gongkai.domain.foi.retrieval import days_late
from gongkai.features.foi.models import Retrieval
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.divisions import division_people
from gongkai.features.foi.selectors.retrievals import OPEN_STAGES
from gongkai.features.foi.services.actions import KIND_RETRIEVAL
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.notices.services import notice_send

LINES = 20


def division_tell(*, retrieval: Retrieval, what: str, key: str, now: datetime) -> int:
    """Tell the people of the division that is asked; returns how many notices are new."""
    people = division_people(division_ids=[retrieval.division_id], today=day_of(now))
    return _tell(retrieval, [user.pk for user in people.get(retrieval.division_id, ())], what, key, now)


def office_tell(*, retrieval: Retrieval, what: str, key: str, now: datetime) -> int:
    """Tell the disclosure office of the unit; returns how many notices are new."""
    unit_id = retrieval.application.unit_id
    people = users_of_units(unit_ids=[unit_id], today=day_of(now), roles=OFFICE)
    return _tell(retrieval, [user.pk for user in people.get(unit_id, ())], what, key, now)


def _tell(retrieval: Retrieval, recipients: list[int], what: str, key: str, now: datetime) -> int:
    return notice_send(
        recipients=recipients,
        kind=KIND_RETRIEVAL,
        title=f"调取信息 {retrieval.application.register_no}：{what}",
        body=f"查找的内容请打开查看。反馈期限 {retrieval.due_on.isoformat()}。",
        url=reverse("foi:staff:retrieval", args=[retrieval.pk]),
        dedupe_key=f"foi.retrieval.{retrieval.pk}.{key}",
        now=now,
    )


def retrievals_remind(*, now: datetime) -> int:
    """Tell each division once a day what is overdue or nearly, and each office what its divisions are late with."""
    today, calendar = day_of(now), calendar_current()
    near = calendar.add_working_days(today, NEAR_WORKING_DAYS, strict=False)
    rows = Retrieval.objects.filter(stage__in=OPEN_STAGES, application__closed_on__isnull=True, due_on__lte=near)
    by_division: dict[int, list[str]] = defaultdict(list)
    by_unit: dict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("application", "division").order_by("due_on", "pk"):
        late = days_late(row.due_on, today=today, calendar=calendar)
        words = f"已逾期 {late} 个工作日（{row.due_on.isoformat()}到期）" if late else f"{row.due_on.isoformat()} 到期"
        by_division[row.division_id].append(f"{row.application.register_no}：{words}")
        if late:
            by_unit[row.application.unit_id].append(f"{row.application.register_no}（{row.ref}）：{words}")
    divisions = division_people(division_ids=sorted(by_division), today=today)
    offices = users_of_units(unit_ids=sorted(by_unit), today=today, roles=OFFICE)
    sent = 0
    for division_id, lines in by_division.items():
        people = [user.pk for user in divisions.get(division_id, ())]
        sent += _due(people, f"{len(lines)} 项查找任务需要反馈", lines, f"division.{division_id}.{today}", now)
    for unit_id, lines in by_unit.items():
        people = [user.pk for user in offices.get(unit_id, ())]
        sent += _due(people, f"{len(lines)} 项查找任务逾期未反馈", lines, f"office.{unit_id}.{today}", now)
    return sent


def _due(people: list[int], title: str, lines: list[str], key: str, now: datetime) -> int:
    more = f"\n另有 {len(lines) - LINES} 项。" if len(lines) > LINES else ""
    return notice_send(
        recipients=people,
        kind=KIND_RETRIEVAL,
        title=title,
        body="\n".join(lines[:LINES]) + more,
        url=reverse("foi:staff:retrievals"),
        dedupe_key=f"foi.retrieval.due.{key}",
        level="warning",
        now=now,
    )
