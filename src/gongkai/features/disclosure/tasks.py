"""Jobs of disclosure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from gongkai.features.disclosure.selectors.schedules import schedules_due
from gongkai.features.disclosure.services import due
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.jobs import periodic

logger = logging.getLogger(__name__)

PUBLISHER = Actor.system("定时发布")
LOOK = 0.5
"""Seconds between two looks of the publisher."""
REST = timedelta(seconds=10)
"""How long a schedule that could not be tried is left alone, so that a fault does not fill the log."""


@periodic("* * * * *", name="disclosure.sweep_schedules")
def sweep_schedules() -> None:
    """Do what the publisher has missed, and raise the alarm for what still waits; every minute."""
    publish_due()
    due.schedules_alarm(actor=PUBLISHER, now=timezone.now())


def publish_due(*, ahead: timedelta = timedelta(0), resting: dict[int, datetime] | None = None) -> int:
    """Do everything that is due, each at the time at which its turn comes; returns how many were done or failed.

    What raises an error is logged and left for later; the others do not wait for it.
    """
    rest = {} if resting is None else resting
    settled = 0
    for schedule_id in schedules_due(now=timezone.now(), ahead=ahead):
        now = timezone.now()
        if rest.get(schedule_id, now) > now:
            continue
        try:
            found = due.schedule_run(actor=PUBLISHER, schedule_id=schedule_id, now=now, ahead=ahead)
        except Exception:
            logger.exception("schedule %s could not be tried", schedule_id)
            rest[schedule_id] = now + REST
        else:
            settled += found is not None
    return settled


def publish_until(stop: threading.Event, *, tell: Callable[[int], None] | None = None) -> None:
    """Look twice a second for what is due within a few seconds, until told to stop; survives a database that is away."""
    resting: dict[int, datetime] = {}
    while not stop.wait(LOOK):
        try:
            settled = publish_due(ahead=due.AHEAD, resting=resting)
            if settled and tell is not None:
                tell(settled)
        except Exception:
            logger.exception("the publisher could not look for what is due")
            close_old_connections()
            stop.wait(1)
