"""Jobs of the API: the dump, made each day, and anew when something in it may no longer be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from gongkai.features.disclosure.publication_events import ItemWithdrawn
from gongkai.kernel.jobs import enqueue, job, periodic
from gongkai.portal.api.dumps import Dump, dump_current, dump_due, dump_folder
from gongkai.portal.api.services.dump import dump_make

RENEW = "api.dump"
TOGETHER = 10
"""Seconds within which what is taken down leads to one new dump."""


def on_item_withdrawn(event: ItemWithdrawn) -> None:
    """Make the dump anew without what was taken down; until then it is not given out."""
    moment = max(event.ended_at, timezone.now())  # it may end some seconds from now
    turn = int(moment.timestamp()) // TOGETHER + 1
    enqueue(RENEW, once=f"{RENEW}.{turn}", at=datetime.fromtimestamp(turn * TOGETHER, tz=UTC))


@job(RENEW, lock="api.dump", retries=3)
def renew() -> None:
    """Make the dump anew where that is due; the first one is left to the sweep."""
    dump = dump_current(dump_folder())
    if dump is not None:
        _make_due(dump)


@periodic("*/10 * * * *", name="api.dump_sweep", longest=timedelta(hours=2))
def sweep() -> None:
    """Make the first dump of a day, and one without what was taken down or corrected."""
    _make_due(dump_current(dump_folder()))


def _make_due(dump: Dump | None) -> None:
    now = timezone.now()
    if dump_due(dump, today=timezone.localdate(now)):
        dump_make(dump_folder(), at=now, on=timezone.localdate(now))


__all__ = ["on_item_withdrawn", "renew", "sweep"]
