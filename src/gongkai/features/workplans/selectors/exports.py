"""Exports that were asked for: each person sees only the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from gongkai.features.workplans.models import LedgerExport
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.kernel.accounts.actor import Actor
from gongkai.rulebook import lookup


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export as its page shows it; ``file_id`` is set once it is done and until it is deleted."""

    id: int
    state: str
    state_name: str
    rows_done: int
    rows_total: int
    file_id: int | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def under_way(self) -> bool:
        """Tell whether the job waits or runs."""
        return self.state in (LedgerExport.State.WAITING, LedgerExport.State.RUNNING)


def export_days(*, on: date) -> int:
    """Return how many days a finished export is kept, as the rulebook says on the day."""
    found = lookup.value("workplans.export_retention", on=on, layer=settings.LAYER)
    assert found.number is not None
    return found.number


def export_list(*, actor: Actor, limit: int = 50) -> list[ExportRow]:
    """Return the actor's exports, newest first."""
    return [_row(found) for found in LedgerExport.objects.filter(requested_by_id=actor.user_id)[:limit]]


def export_get(*, actor: Actor, export_id: int) -> ExportRow:
    """Return one export of the actor; raises NotFound also when it is somebody else's."""
    found = LedgerExport.objects.filter(pk=export_id, requested_by_id=actor.user_id).first()
    if found is None or actor.user_id is None:
        raise NotFound("导出", export_id)
    return _row(found)


def export_readable(actor: Actor, *, export_id: str) -> bool:
    """Tell whether the actor may read the file of an export: nobody but the person who asked for it."""
    if actor.user_id is None or not export_id.isdigit():
        return False
    return LedgerExport.objects.filter(pk=int(export_id), requested_by_id=actor.user_id).exists()


def _row(found: LedgerExport) -> ExportRow:
    return ExportRow(
        id=found.pk,
        state=found.state,
        state_name=found.get_state_display(),
        rows_done=found.rows_done,
        rows_total=found.rows_total,
        file_id=found.file_id,
        requested_at=found.requested_at,
        finished_at=found.finished_at,
    )
