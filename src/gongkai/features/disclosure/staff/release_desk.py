"""The release desk: everything between the last signature and the public, in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.features.disclosure.selectors import desk, releases
from gongkai.features.disclosure.selectors import gate as gates
from gongkai.features.disclosure.selectors.schedules import missed_schedules, schedule_list
from gongkai.features.disclosure.staff.pages import disclosure_view
from gongkai.features.disclosure.staff.release_gate import override_words
from gongkai.features.disclosure.staff.release_words import moment_words
from gongkai.features.disclosure.staff.review_page import TARGET
from gongkai.kernel.approvals import selectors as approvals
from gongkai.kernel.clocks.selectors import clock_list

ENDED_DAYS = 30
"""How far back withdrawals are listed here; the record itself has no end."""


@dataclass(frozen=True)
class MomentRow:
    """A schedule of an item or of a bundle, as the desk lists it."""

    title: str
    url: str
    unit_name: str
    action_name: str
    words: str
    set_by: str
    state: str
    light: str
    state_words: str
    reasons: tuple[str, ...]


@require_GET
@disclosure_view
def release_desk(request: HttpRequest) -> HttpResponse:
    """Show what is approved and waits, what is scheduled, missed, lit or was taken down lately."""
    actor, now = request.actor, timezone.now()
    today = timezone.localtime(now).date()
    since = now - releases.LIT_FOR
    emergency = [row for row in approvals.emergency_unreviewed(actor=actor, today=today) if row.target_type == TARGET]
    context = {
        "page_title": "发布台",
        "breadcrumbs": [("公开信息", reverse("disclosure:staff:item_list")), ("发布台", "")],
        "waiting": _with_due(desk.approved_list(actor=actor)),
        "scheduled": [moment_row(one, now) for one in schedule_list(actor=actor)],
        "missed": [moment_row(one, now) for one in missed_schedules(actor=actor, since=since)],
        "emergency": emergency,
        "asked": [override_words(one, may_decide=True) for one in gates.overrides_waiting(actor=actor)],
        "lit": [override_words(one) for one in gates.overrides_lit(actor=actor, at=now)],
        "endings": desk.ending_list(actor=actor, now=now, days=ENDED_DAYS),
        "ended_days": ENDED_DAYS,
        "today": today,
    }
    return render(request, "disclosure/staff/release/desk.html", context)


def _with_due(items: Iterable[Any]) -> list[tuple[Any, date | None]]:
    """Return the items with the first day by which they have to be public, the most urgent first."""
    listed = list(items)
    due: dict[str, date] = {}
    for clock in clock_list(target_type=TARGET, target_ids=[item.pk for item in listed]):
        if clock.due_on is not None:
            due.setdefault(clock.target_id, clock.due_on)
    rows = [(item, due.get(str(item.pk))) for item in listed]
    return sorted(rows, key=lambda row: row[1] or date.max)


def moment_row(one: Any, now: datetime) -> MomentRow:
    """Turn a Schedule into a row of the desk."""
    if one.item_id is not None:
        title, url, unit = one.item.title, reverse("disclosure:staff:release", args=[one.item_id]), one.item.unit
    else:
        title, url = one.bundle.title, reverse("disclosure:staff:bundle_detail", args=[one.bundle_id])
        unit = one.bundle.unit
    light, words = _standing(one)
    return MomentRow(
        title=title,
        url=url,
        unit_name=unit.display_name,
        action_name=one.get_action_display(),
        words=moment_words(one.due_at, now=now),
        set_by=one.set_by.display_name if one.set_by else "",
        state=one.state,
        light=light,
        state_words=words,
        reasons=tuple(one.reasons),
    )


def _standing(one: Any) -> tuple[str, str]:
    """Say how a schedule stands: light and words."""
    if one.state == "failed":
        return "red", "没有执行"
    if one.state == "waiting" and one.alarmed_at is not None:
        return "red", "过了时间还没执行"
    if one.state == "done" and one.alarmed_at is not None:
        return "yellow", f"晚了{round(one.late_seconds or 0)}秒"
    return "blue", one.get_state_display()
