"""Writing long exports of items in the background (see ``kernel.exports``)."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO
from urllib.parse import parse_qs

from gongkai.features.disclosure.models import ItemExport
from gongkai.features.disclosure.selectors.export import items_export_count, items_export_name, items_write
from gongkai.features.disclosure.selectors.exports import RETENTION
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.services.actions import TARGET_EXPORT
from gongkai.features.disclosure.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.exports import services as exports
from gongkai.kernel.notices.kinds import register_kinds

JOB = "disclosure.write_export"
register_targets({TARGET_EXPORT: "公开信息导出"})
register_actions({f"{TARGET_EXPORT}.request": "申请导出公开信息"})
register_kinds({TARGET_EXPORT: "公开信息导出"})


def _count(actor: Actor, query: str, today: date) -> int:
    return items_export_count(actor=actor, filters=ItemFilters.from_text(query), today=today)


def _write(target: IO[bytes], actor: Actor, query: str, today: date, progress: exports.Progress) -> int:
    return items_write(
        target,
        actor=actor,
        filters=ItemFilters.from_text(query),
        order=parse_qs(query).get("order", ["changed"])[-1],
        today=today,
        progress=progress,
    )


ITEMS = exports.ExportKind(
    table=lambda: ItemExport,
    type=TARGET_EXPORT,
    job=JOB,
    notice=TARGET_EXPORT,
    what="公开信息",
    unit="条信息",
    retention=RETENTION,
    path="/admin/disclosure/exports/{}/".format,
    name=lambda today: items_export_name(today=today),
    count=_count,
    write=_write,
    day=day_of,
)


def export_request(*, actor: Actor, query: str = "", now: datetime) -> ItemExport:
    """Ask for the list of items, narrowed by a query string, to be written in the background.

    Raises NotPermitted for somebody who is not signed in, and Refused while another export of the person is under way.
    """
    found: ItemExport = exports.export_ask(ITEMS, actor=actor, query=query, now=now)
    return found


def export_write(*, export_id: int, now: datetime) -> None:
    """Write the file of an export that waits; why it failed is told to the person, and raised."""
    exports.export_run(ITEMS, export_id=export_id, now=now)


def exports_sweep(*, now: datetime) -> int:
    """Delete the files of exports older than the rulebook allows, end those that got stuck; returns how many it deleted."""
    return exports.exports_clean(ITEMS, now=now)
