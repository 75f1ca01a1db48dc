"""Daily looks at open cases: read their clocks again, and tell the offices what wants attention. Safe late and twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from gongkai.domain.deadlines import State
from gongkai.domain.foi.model import Stage
from gongkai.features.foi.models import Application, HandOver
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.services.actions import KIND_CASE, KIND_DUE
from gongkai.features.foi.services.rounds import rounds_write
from gongkai.features.foi.services.writing import COLUMNS, columns_set, day_of
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.notices.services import notice_send

BATCH = 200
LINES = 20  # a notice lists this many and says how many more there are
_REPLIED = (Stage.SENT.value, Stage.DELIVERED.value)


def cases_refresh(*, now: datetime) -> int:
    """Read the clocks of all open cases again and correct the columns that repeat them; returns how many had changed.

    A new holiday notice, a corrected calendar or a new local rule moves due days; events are never touched.
    """
    changed, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Application.objects.filter(closed_on__isnull=True, pk__gt=last).order_by("pk")
            batch = list(rows.select_for_update(of=("self",), no_key=True)[:BATCH])
            for application in batch:
                course = case_course(application=application)
                before = [getattr(application, name) for name in COLUMNS if name != "changed_at"]
                at = application.changed_at
                columns_set(application=application, course=course, state=course.state, now=now)
                if [getattr(application, name) for name in COLUMNS if name != "changed_at"] != before:
                    application.save(update_fields=COLUMNS)
                    rounds_write([(application, course.state, course.law)])
                    changed += 1
                else:
                    application.changed_at = at
        if not batch:
            return changed
        last = batch[-1].pk


def cases_remind(*, now: datetime) -> int:
    """Tell each unit's disclosure office once a day which cases want attention; returns how many notices were sent."""
    today = day_of(now)
    by_unit: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for application in _wanting(today):
        order, words = _words(application, today)
        by_unit[application.unit_id].append((order, f"{application.register_no}：{words}"))
    return offices_remind(
        by_unit=by_unit,
        kind=KIND_DUE,
        title="{count} 件公开申请需要处理",
        url=reverse("foi:staff:board"),
        key="foi.due",
        now=now,
    )


def offices_remind(
    *,
    by_unit: Mapping[int, Sequence[tuple[int, str]]],
    kind: str,
    title: str,
    url: str,
    key: str,
    now: datetime,
) -> int:
    """Tell each unit's disclosure office, once a day, lines of what wants attention; returns how many notices were sent.

    A line comes with a number: the smallest is told first, and 0 (late by law) makes the notice urgent. ``title`` has a
    place for their ``{count}``.
    """
    today = day_of(now)
    people = users_of_units(unit_ids=sorted(by_unit), today=today, roles=OFFICE)
    sent = 0
    for unit_id, lines in by_unit.items():
        told = [words for _, words in sorted(lines)]
        more = f"\n另有 {len(told) - LINES} 件。" if len(told) > LINES else ""
        sent += notice_send(
            recipients=[user.pk for user in people.get(unit_id, ())],
            kind=kind,
            title=title.format(count=len(told)),
            body="\n".join(told[:LINES]) + more,
            url=url,
            dedupe_key=f"{key}.{unit_id}.{today.isoformat()}",
            level="urgent" if any(order == 0 for order, _ in lines) else "warning",
            now=now,
        )
    return sent


def _wanting(today: date) -> list[Application]:
    """Cases that are overdue or nearly, whose confirmation is missing, or for which a wait has lapsed."""
    near = calendar_current().add_working_days(today, NEAR_WORKING_DAYS, strict=False)
    running = Application.objects.filter(closed_on__isnull=True).exclude(stage__in=_REPLIED)
    due = running.filter(due_on__lte=near).exclude(clock_state=State.PAUSED.value)
    waits = running.filter(wait_due_on__lte=today)
    return list((due | waits).distinct().order_by("due_on", "pk"))


def _words(application: Application, today: date) -> tuple[int, str]:
    """Say what a case wants; the number sorts the worst first."""
    due = application.due_on
    paused = application.clock_state == State.PAUSED.value
    if application.stage == Stage.SUBMITTED.value:
        return 1, "还没有与申请人确认收到，请尽快联系"
    if due is not None and due < today and not paused:
        late = calendar_current().working_days_between(due, today, strict=False)
        return 0, f"答复已逾期 {late} 个工作日（{due.isoformat()}到期）"
    if application.wait_due_on is not None and application.wait_due_on <= today:
        return 2, f"等待的期限到 {application.wait_due_on.isoformat()} 届满，请处理"
    return 3, f"{due.isoformat() if due else ''} 到期"


def submission_tell(*, application_id: int, now: datetime, happened_at: datetime | None = None) -> int:
    """Tell the office of the unit what came in without its doing; returns how many notices are new."""
    application = Application.objects.filter(pk=application_id).first()
    handed = HandOver.objects.filter(application_id=application_id).select_related("system").first()
    if application is None or (application.stage != Stage.SUBMITTED.value and handed is None):
        return 0
    waits = application.stage == Stage.SUBMITTED.value
    came = (
        "申请人在网上提交了政府信息公开申请。" if handed is None else f"“{handed.system}”移交了一件政府信息公开申请。"
    )
    wanted = (
        "双方确认之日为收到申请之日，请尽快与申请人联系确认。" if waits else "申请人已经确认，期限已经起算，请办理。"
    )
    people = users_of_units(unit_ids=[application.unit_id], today=day_of(now), roles=OFFICE)
    return notice_send(
        recipients=[user.pk for user in people.get(application.unit_id, ())],
        kind=KIND_CASE,
        title=f"收到公开申请 {application.register_no}，请{'确认' if waits else '办理'}",
        body=f"{came}{wanted}",
        url=reverse("foi:staff:case", args=[application.pk]),
        dedupe_key=f"foi.submitted.{application.pk}",
        now=now,
        happened_at=happened_at,
    )
