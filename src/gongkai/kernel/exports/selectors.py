"""Exports that were asked for: each person sees only the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.exports.models import ExportBase
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
        return self.state in (ExportBase.State.WAITING, ExportBase.State.RUNNING)


def days_kept(rule: str, *, on: date) -> int:
    """Return how many days a finished export is kept, as the rule says on the day."""
    found = lookup.value(rule, on=on, layer=settings.LAYER)
    assert found.number is not None
    return found.number


def exports_of(table: type[ExportBase], *, actor: Actor, limit: int = 50) -> list[ExportRow]:
    """Return the actor's exports, newest first."""
    return [_row(found) for found in table._default_manager.filter(requested_by_id=actor.user_id)[:limit]]


def export_of(table: type[ExportBase], *, actor: Actor, export_id: int) -> ExportRow | None:
    """Return one export of the actor; None also when it is somebody else's."""
    found = table._default_manager.filter(pk=export_id, requested_by_id=actor.user_id).first()
    return _row(found) if found is not None and actor.user_id is not None else None


def may_read_export(table: type[ExportBase], actor: Actor, *, export_id: str) -> bool:
    """Tell whether the actor may read the file of an export: nobody but the person who asked for it."""
    if actor.user_id is None or not export_id.isascii() or not export_id.isdecimal() or len(export_id) > 18:
        return False
    return table._default_manager.filter(pk=int(export_id), requested_by_id=actor.user_id).exists()


def _row(found: ExportBase) -> ExportRow:
    return ExportRow(
        id=found.pk,
        state=found.state,
        state_name=found.get_state_display(),  # type: ignore[attr-defined]
        rows_done=found.rows_done,
        rows_total=found.rows_total,
        file_id=found.file_id,  # type: ignore[attr-defined]
        requested_at=found.requested_at,
        finished_at=found.finished_at,
    )
