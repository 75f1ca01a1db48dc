"""The periodic jobs and the listener do their work when called."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from tests.kernel.people import make_person, make_place

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.clocks import services, tasks
from gongkai.kernel.clocks.events import ClockRecomputed
from gongkai.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_the_alarm_looks_at_today(monkeypatch: pytest.MonkeyPatch) -> None:
    make_person(Role.SYSTEM_ADMINISTRATOR, make_place().office)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 2, 4, tzinfo=UTC))
    tasks.calendar_alarm()
    tasks.calendar_alarm()
    assert Notice.objects.get().title == "2027年节假日安排尚未导入"


def test_paused_clocks_are_refreshed_without_complaint() -> None:
    tasks.refresh_paused()


def test_owners_are_told_once(actor: Actor, now: datetime) -> None:
    owner = make_person(Role.DRAFTER, make_place().bureau)
    clock = services.clock_start(
        actor=actor,
        target_type="clocktest.application",
        target_id=1,
        rule="foi.reply",
        facts=[{"kind": "received", "on": date(2026, 3, 2)}],
        now=now,
        layer="cn",
        owner_ids=[owner.id],
    )
    event = ClockRecomputed(
        clock.id, "x", "1", "试验", "/admin/", date(2026, 3, 30), date(2026, 3, 31), False, False, "某通知"
    )
    tasks.tell_owners(event)
    tasks.tell_owners(event)
    notice = Notice.objects.get(recipient=owner)
    assert notice.title == "试验：期限由2026-03-30改为2026-03-31"
    assert "某通知" in notice.body
