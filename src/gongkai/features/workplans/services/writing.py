"""What every write to an item has in common: locking, the ledger's line, the audit entry, the next day that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Subquery
from django.utils import timezone

from gongkai.domain.ledger import STATE_NAMES, State, attention_on
from gongkai.features.workplans.models import Check, LedgerEntry, WorkItem
from gongkai.features.workplans.selectors.access import NotFound
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted


def day_of(now: datetime) -> date:
    """Return the day of ``now`` where the office is."""
    return timezone.localdate(now)


def lock_item(item_id: int) -> WorkItem:
    """Load an item for writing, with its plan; raises NotFound. Call inside a transaction.

    The item it was split off from is locked with it, lower numbers first: whether a whole may end depends on its parts
    and the other way round, so no part may come back to life while the whole is being closed. Locks leave the key alone:
    rows that only refer to the item (or a unit, a person) are written meanwhile without waiting.
    """
    whole = Subquery(WorkItem.objects.filter(pk=item_id).values("parent_id"))
    family = WorkItem.objects.filter(Q(pk=item_id) | Q(pk=whole)).order_by("pk")
    locked = family.select_related("plan", "plan__owner").select_for_update(of=("self",), no_key=True)
    item = next((row for row in locked if row.pk == item_id), None)
    if item is None:
        raise NotFound("任务", item_id)
    return item


def require(allowed: bool, ability: str) -> None:
    """Raise NotPermitted, naming what was tried, unless it is allowed."""
    if not allowed:
        raise NotPermitted(ability=ability)


def refresh_attention(item: WorkItem) -> None:
    """Work out the item's next day that matters from its due date and open checks; the caller saves."""
    days = Check.objects.filter(item_id=item.pk, state=Check.State.OPEN).values_list("due_on", flat=True)
    item.attention_on = attention_on(State(item.state), item.due_on, days)


def write_entry(
    *,
    item: WorkItem,
    actor: Actor,
    verb: str,
    now: datetime,
    before: str = "",
    after: str = "",
    text: str = "",
    reason: str = "",
    percent: int | None = None,
    occurred_on: date | None = None,
    unit_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> LedgerEntry:
    """Add a line to the item's history."""
    return LedgerEntry.objects.create(
        item=item,
        verb=verb,
        before=before,
        after=after,
        text=text,
        reason=reason,
        percent=percent,
        details=dict(details or {}),
        occurred_on=occurred_on or day_of(now),
        by_id=actor.user_id,
        by_name=actor.name[:100],
        unit_id=unit_id,
        at=now,
    )


def audit_item(
    *,
    item: WorkItem,
    actor: Actor,
    action: str,
    summary: str,
    now: datetime,
    unit_id: int | None = None,
    **details: Any,
) -> None:
    """Add an audit entry about an item; call it last in the transaction."""
    record(
        actor=actor,
        action=action,
        target_type="workplans.item",
        target_id=item.pk,
        summary=summary,
        unit_id=unit_id,
        details=details,
        now=now,
    )


def acting_unit(actor: Actor, candidates: Sequence[frozenset[int]]) -> int | None:
    """Return the unit the actor acts for: the first of its units in the first set that has one, else its only unit."""
    for units in candidates:
        own = sorted(units & actor.unit_ids)
        if own:
            return own[0]
    return next(iter(actor.unit_ids)) if len(actor.unit_ids) == 1 else None


def state_name(state: str) -> str:
    """Return a state in words."""
    return STATE_NAMES[State(state)]
