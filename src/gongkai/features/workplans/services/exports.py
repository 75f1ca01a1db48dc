"""Writing long exports of the ledger in the background (see ``kernel.exports``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO

from gongkai.features.workplans.models import LedgerExport
from gongkai.features.workplans.selectors.addresses import export_path
from gongkai.features.workplans.selectors.export import items_export_count, items_export_name, items_write
from gongkai.features.workplans.selectors.exports import RETENTION
from gongkai.features.workplans.selectors.filters import ItemFilters
from gongkai.features.workplans.services.actions import KIND_EXPORT
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.exports import services as exports

JOB = "workplans.write_export"


def _count(actor: Actor, query: str, today: date) -> int:
    return items_export_count(actor=actor, filters=ItemFilters.from_text(query), today=today)


def _write(target: IO[bytes], actor: Actor, query: str, today: date, progress: exports.Progress) -> int:
    return items_write(target, actor=actor, filters=ItemFilters.from_text(query), today=today, progress=progress)


LEDGER = exports.ExportKind(
    table=lambda: LedgerExport,
    type="workplans.export",
    job=JOB,
    notice=KIND_EXPORT,
    what="台账",
    unit="项任务",
    retention=RETENTION,
    path=export_path,
    name=lambda today: items_export_name(today=today),
    count=_count,
    write=_write,
    day=day_of,
)


def export_request(*, actor: Actor, query: str = "", now: datetime) -> LedgerExport:
    """Ask for the ledger, narrowed by a query string, to be written in the background.

    Raises NotPermitted for somebody who is not signed in, and Refused while another export of the person is under way.
    """
    found: LedgerExport = exports.export_ask(LEDGER, actor=actor, query=query, now=now)
    return found


def export_write(*, export_id: int, now: datetime) -> None:
    """Write the file of an export that waits; why it failed is told to the person, and raised."""
    exports.export_run(LEDGER, export_id=export_id, now=now)


def exports_sweep(*, now: datetime) -> int:
    """Delete the files of exports older than the rulebook allows, end those that got stuck; returns how many it deleted."""
    return exports.exports_clean(LEDGER, now=now)
