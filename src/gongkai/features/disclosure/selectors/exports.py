"""Exports of items that were asked for: each person sees only the own ones."""

from __future__ import annotations

from datetime import date

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.models import ItemExport
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.exports.selectors import ExportRow, days_kept, export_of, exports_of, may_read_export

RETENTION = "disclosure.export_retention"


def export_days(*, on: date) -> int:
    """Return how many days a finished export is kept, as the rulebook says on the day."""
    return days_kept(RETENTION, on=on)


def export_list(*, actor: Actor, limit: int = 50) -> list[ExportRow]:
    """Return the actor's exports, newest first."""
    return exports_of(ItemExport, actor=actor, limit=limit)


def export_get(*, actor: Actor, export_id: int) -> ExportRow:
    """Return one export of the actor; raises Refused ``disclosure.export.not_found`` also for somebody else's."""
    found = export_of(ItemExport, actor=actor, export_id=export_id)
    if found is None:
        raise Refused(Issue("disclosure.export.not_found", values={"id": export_id}))
    return found


def export_readable(actor: Actor, *, export_id: str) -> bool:
    """Tell whether the actor may read the file of an export: nobody but the person who asked for it."""
    return may_read_export(ItemExport, actor, export_id=export_id)
