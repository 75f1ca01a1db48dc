"""Adding to the chain; there is no other way to write, and none to change or delete.

Order: an advisory lock of the transaction is taken before the head is read and is held until commit, so entries are
committed in the order of their sequence, and a rollback leaves no gap. Call ``record`` last, after every other lock:
what a transaction locks after it can dead-lock with another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from gongkai.kernel.audit.actions import require_action
from gongkai.kernel.audit.chain import GENESIS, Link, digest, plain
from gongkai.kernel.audit.models import Anchor, Entry
from gongkai.kernel.audit.selectors import BEIJING, start_of

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

CHAIN_LOCK = 0x676B_6175_6469_74  # "gkaudit": the advisory lock under which the chain grows
BATCH = 2000
_held: ContextVar[list[tuple[Actor, Mapping[str, Any], datetime]] | None] = ContextVar("held", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Hold back what is recorded inside, and write it in its order at the end; inside a transaction only.

    For work of which several parts record something: the chain, for which all others wait, is locked once, when
    everything else is done. What was recorded inside one that ends with an exception is forgotten, as its part of the
    transaction is rolled back; where an exception is caught that may come after a record, an inner one stands around it.
    """
    outer = _held.get()
    entries: list[tuple[Actor, Mapping[str, Any], datetime]] = []
    token = _held.set(entries)
    try:
        yield
    finally:
        _held.reset(token)
    if outer is not None:
        outer.extend(entries)
    elif entries:
        _write(entries)


def record(
    *,
    actor: Actor,
    action: str,
    target_type: str,
    target_id: str | int,
    summary: str,
    unit_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> Entry:
    """Add one entry to the chain, in the transaction of the change it tells about; call it last in that transaction.

    ``action`` is a registered code, ``target_type`` the kind of the object (``workplans.item``), ``summary`` a Chinese
    sentence, ``details`` JSON values (see ``chain.plain``). Returns the entry, an empty one where it is held back.
    Raises UnknownAction.
    """
    entry = {
        "action": action,
        "target_type": target_type,
        "target_id": target_id,
        "summary": summary,
        "unit_id": unit_id,
        "details": details,
    }
    written = record_many(actor=actor, entries=[entry], now=now)
    return written[0] if written else Entry()


def record_many(*, actor: Actor, entries: Sequence[Mapping[str, Any]], now: datetime) -> list[Entry]:
    """Add many entries at once, in order; each mapping holds ``record``'s arguments but ``actor`` and ``now``.

    Three statements for up to two thousand entries. Raises UnknownAction before anything is written.
    """
    for content in entries:
        require_action(content["action"])
    told = [(actor, content, now) for content in entries]
    held = _held.get()
    if held is not None:
        held.extend(told)
        return []
    return _write(told) if told else []


def _write(told: Sequence[tuple[Actor, Mapping[str, Any], datetime]]) -> list[Entry]:
    with transaction.atomic(savepoint=False):  # without its entries the change itself must not stand
        sequence, previous, recorded_at = _lock_head()
        rows = []
        for actor, content, now in told:
            sequence += 1
            unit_id = content.get("unit_id")
            own_unit = next(iter(actor.unit_ids)) if len(actor.unit_ids) == 1 else None
            link = Link(
                sequence=sequence,
                at=now,
                recorded_at=recorded_at,
                actor_id=actor.user_id,
                actor_name=plain(actor.name)[:150],
                actor_kind=str(actor.kind),
                unit_id=own_unit if unit_id is None else unit_id,
                action=content["action"],
                target_type=content["target_type"],
                target_id=plain(str(content["target_id"])),
                summary=plain(content["summary"]),
                details=plain(content.get("details") or {}),
                previous=previous,
            )
            previous = digest(link)
            rows.append(Entry(digest=previous, **{name: getattr(link, name) for name in Link.__slots__}))
        return Entry.objects.bulk_create(rows, batch_size=BATCH)


def _lock_head() -> tuple[int, str, datetime]:
    """Wait for our turn, then return sequence and digest of the last entry and the database's time.

    Two statements, because the second one must see what was committed while the first one waited.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute(
            "SELECT e.sequence, e.digest, t.now FROM (SELECT clock_timestamp() AS now) t "
            "LEFT JOIN (SELECT sequence, digest FROM audit_entry ORDER BY sequence DESC LIMIT 1) e ON true"
        )
        sequence, last, now = cursor.fetchone()
    return (sequence or 0, last or GENESIS, now)


def anchors_make(*, now: datetime) -> list[Anchor]:
    """Write the anchor of every day that is over and has entries but no anchor yet; returns the new ones.

    A day is a day of Beijing by the database's clock. May run late, twice or on several machines.
    """
    today = now.astimezone(BEIJING).date()
    made = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        newest = Anchor.objects.order_by("-sequence").first()
        done_through = newest.sequence if newest else 0
        open_entries = Entry.objects.filter(sequence__gt=done_through, recorded_at__lt=start_of(today))
        for day in open_entries.datetimes("recorded_at", "day", tzinfo=BEIJING):
            until = start_of(day.date() + timedelta(days=1))
            last = open_entries.filter(recorded_at__lt=until).order_by("-sequence").first()
            if last is None or Anchor.objects.filter(day=day.date()).exists():
                continue
            made.append(Anchor(day=day.date(), sequence=last.sequence, digest=last.digest, made_at=now))
        Anchor.objects.bulk_create(made)
    return made
