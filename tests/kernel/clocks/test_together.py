"""Clocks and the calendar at the same moment, on real transactions."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from tests.kernel.clocks.conftest import NOTICE_2027, NOW

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks import services
from gongkai.kernel.clocks.models import StoredClock
from gongkai.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system("测试")


def start(target_id: int, received: str = "2026-03-02") -> object:
    try:
        return services.clock_start(
            actor=ACTOR,
            target_type="clocktest.application",
            target_id=target_id,
            rule="foi.reply",
            facts=[{"kind": "received", "on": received}],
            now=NOW,
            layer="cn",
        )
    except Refused as refused:
        return refused


class TestTogether:
    def test_started_twice_at_once_one_is_told_so(self, transactional_db: None) -> None:
        gate = threading.Barrier(2)

        def run() -> object:
            try:
                gate.wait(timeout=30)
                return start(1)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            found = [one.result(timeout=60) for one in [pool.submit(run) for _ in range(2)]]
        refused = [one for one in found if isinstance(one, Refused)]
        assert [one.codes() for one in refused] == [["clocks.start.twice"]]
        assert StoredClock.objects.count() == 1

    def test_an_import_waits_for_a_clock_that_is_just_being_started(self, transactional_db: None) -> None:
        def bring() -> object:
            try:
                return services.calendar_year_import(actor=ACTOR, text=NOTICE_2027, now=NOW)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                started = start(2, received="2026-12-20")
                second = pool.submit(bring)
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.7)
            second.result(timeout=60)
        assert isinstance(started, StoredClock) and started.provisional
        assert not StoredClock.objects.get().provisional
