"""Periodic work on clocks and the listener that tells owners; hourly, because a machine may be off at night."""

from __future__ import annotations

from django.utils import timezone

from gongkai.kernel.clocks import services
from gongkai.kernel.clocks.events import ClockRecomputed
from gongkai.kernel.jobs import periodic


@periodic("20 * * * *", name="clocks.calendar_alarm")
def calendar_alarm() -> None:
    """Miss next year's holiday notice from 1 November on."""
    services.calendar_alarm(now=timezone.now())


@periodic("5 * * * *", name="clocks.refresh_paused")
def refresh_paused() -> None:
    """Move the due day of paused clocks; it changes once a working day."""
    services.paused_clocks_refresh(now=timezone.now())


def tell_owners(event: ClockRecomputed) -> None:
    """Tell a clock's owners of its new dates; wired to the event in ``config.wiring``."""
    services.owners_tell(event=event, now=timezone.now())
