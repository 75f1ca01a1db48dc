"""Jobs of disclosure."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from gongkai.features.disclosure.events import ItemDated
from gongkai.features.disclosure.publication_events import ItemPublished, ItemWithdrawn
from gongkai.features.disclosure.selectors.schedules import schedules_due
from gongkai.features.disclosure.services import due
from gongkai.features.disclosure.services.aggregation import mentions_collect
from gongkai.features.disclosure.services.drafts import presence_sweep
from gongkai.features.disclosure.services.exports import JOB as EXPORT_JOB
from gongkai.features.disclosure.services.exports import export_write, exports_sweep
from gongkai.features.disclosure.services.imports import IMPORT_JOB, ImportSession
from gongkai.features.disclosure.services.intake import OCR_JOB
from gongkai.features.disclosure.services.links import links_check
from gongkai.features.disclosure.services.ocr import ocr_run
from gongkai.features.disclosure.services.reviews import review_plan
from gongkai.features.disclosure.services.succession import items_follow_unit
from gongkai.features.disclosure.services.telling_release import tell_citing
from gongkai.features.disclosure.services.timeliness import timeliness_start
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.jobs import job, periodic
from gongkai.kernel.orgs.events import UnitsMerged, UnitSplit

logger = logging.getLogger(__name__)

PUBLISHER = Actor.system("定时发布")
CARETAKER = Actor.system("公开后管理")
LOOK = 0.5
"""Seconds between two looks of the publisher."""
REST = timedelta(seconds=10)
"""How long a schedule that could not be tried is left alone, so that a fault does not fill the log."""


@periodic("* * * * *", name="disclosure.sweep_schedules")
def sweep_schedules() -> None:
    """Do what the publisher has missed, and raise the alarm for what still waits; every minute."""
    publish_due()
    due.schedules_alarm(actor=PUBLISHER, now=timezone.now())


@periodic("25 * * * *", name="disclosure.sweep_presence")
def sweep_presence() -> None:
    """Forget who had which item open for editing an hour ago and longer; every hour."""
    presence_sweep(now=timezone.now())


@periodic("*/10 * * * *", name="disclosure.sweep_links", longest=timedelta(hours=2))
def sweep_links() -> None:
    """Ask the links of what is going out or public whether they open; every ten minutes those that are due."""
    links_check(now=timezone.now())


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


def on_item_dated(event: ItemDated) -> None:
    """Start the clocks of publication, or correct them, once the day of issue is known."""
    timeliness_start(actor=PUBLISHER, item_id=event.item_id, now=timezone.now())


def on_item_published(event: ItemPublished) -> None:
    """Set the day of the next review, and note which persons the item names; a moment ahead counts as come."""
    now = max(timezone.now(), event.published_at)
    review_plan(actor=CARETAKER, item_id=event.item_id, now=now)
    mentions_collect(item_id=event.item_id, now=now)


def on_item_withdrawn(event: ItemWithdrawn) -> None:
    """What is not public any more is not reviewed and names nobody; owners of what cites it are told."""
    now = max(timezone.now(), event.ended_at)
    review_plan(actor=CARETAKER, item_id=event.item_id, now=now)
    mentions_collect(item_id=event.item_id, now=now)
    tell_citing(publication_id=event.publication_id, now=now)


def on_units_merged(event: UnitsMerged) -> None:
    """Give the items of units that are gone to the one that carries on."""
    for source_id in event.source_ids:
        _follow(source_id, event.target_id, f"{event.on.year}年机构合并")


def on_unit_split(event: UnitSplit) -> None:
    """Give the items of a unit that is gone to its first successor; where it goes on, they stay."""
    if not event.kept:
        _follow(event.source_id, event.target_ids[0], f"{event.on.year}年机构拆分")


def _follow(source_id: int, target_id: int, reason: str) -> None:
    items_follow_unit(actor=CARETAKER, from_unit_id=source_id, to_unit_id=target_id, reason=reason, now=timezone.now())


@job(EXPORT_JOB, retries=0, longest=timedelta(hours=2))
def write_export(export_id: int) -> None:
    """Write a long export; why it failed is told to whoever asked."""
    export_write(export_id=export_id, now=timezone.now())


@periodic("50 18 * * *", name="disclosure.sweep_exports")
def sweep_exports() -> None:
    """Delete old exports (02:50 in Beijing)."""
    exports_sweep(now=timezone.now())


@job(OCR_JOB, retries=2, longest=timedelta(hours=6))
def recognize(job_id: int) -> None:
    """Recognize the text of a scan, page by page."""
    ocr_run(job_id=job_id, now=timezone.now())


@job(IMPORT_JOB, retries=2, longest=timedelta(hours=12))
def import_documents(batch_id: int) -> None:
    """Import the rows of a batch that are still waiting, a chunk a transaction."""
    with ImportSession(batch_id) as session:
        while session.step(now=timezone.now()):
            pass
