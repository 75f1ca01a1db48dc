"""The daily look at requests for amendment: which are near their configured period, late, or decided and not told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse

from gongkai.domain.foi.amendment import AmendmentStage
from gongkai.features.foi.models import AmendmentRequest
from gongkai.features.foi.services.amendment_actions import KIND_AMENDMENT
from gongkai.features.foi.services.sweeps import offices_remind
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS
from gongkai.kernel.clocks.selectors import calendar_current

_OPEN = [one.value for one in (AmendmentStage.RECEIVED, AmendmentStage.EVIDENCE_WAIT, AmendmentStage.CHECKING)]


def amendments_remind(*, now: datetime) -> int:
    """Tell each unit's disclosure office once a day which requests want attention; returns how many notices were sent."""
    today = day_of(now)
    near = calendar_current().add_working_days(today, NEAR_WORKING_DAYS, strict=False)
    due = Q(stage__in=_OPEN, due_on__lte=near)
    untold = Q(stage=AmendmentStage.DECIDED.value, decided_on__lt=today)
    by_unit: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in AmendmentRequest.objects.filter(due | untold).order_by("due_on", "pk"):
        by_unit[row.unit_id].append(_words(row, today))
    return offices_remind(
        by_unit=by_unit,
        kind=KIND_AMENDMENT,
        title="{count} 件更正申请需要处理",
        url=reverse("foi:staff:amendments"),
        key="foi.amendment.due",
        now=now,
    )


def _words(row: AmendmentRequest, today: date) -> tuple[int, str]:
    """What a request wants, the most pressing with the smallest number; nothing of the person or the record.

    No number is 0: the law sets no period here.
    """
    if row.stage == AmendmentStage.DECIDED.value:
        return 2, f"{row.register_no}：已经作出处理，还没有告知申请人"
    assert row.due_on is not None
    if row.due_on < today:
        return 1, f"{row.register_no}：超过设定的办理期限（{row.due_on.isoformat()}）"
    return 3, f"{row.register_no}：{row.due_on.isoformat()} 到期"
