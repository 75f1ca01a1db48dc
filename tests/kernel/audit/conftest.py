"""What the tests of the audit trail share: an actor, a moment, and actions of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

register_actions({"audittest.thing.create": "新建试验品", "audittest.thing.change": "修改试验品"})


@pytest.fixture
def actor() -> Actor:
    return Actor.system("试验程序")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def at_clock(monkeypatch: pytest.MonkeyPatch):
    """``at_clock(moment)`` lets the chain believe the database's clock shows ``moment``.

    Triggers are off for the rest of the test: they know better.
    """
    from django.db import connection

    from gongkai.kernel.audit import services

    real = services._lock_head

    def set_clock(moment: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        monkeypatch.setattr(services, "_lock_head", lambda: (*real()[:2], moment))

    return set_clock
