"""Reading and checking the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from gongkai.domain.issues import Issue
from gongkai.kernel.audit.chain import GENESIS, Link, check_chain, digest
from gongkai.kernel.audit.hiding import hidden_entries
from gongkai.kernel.audit.models import Anchor, Entry
from gongkai.kernel.audit.permissions import can_view_audit
from gongkai.kernel.errors import NotPermitted, Refused

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

BEIJING = ZoneInfo("Asia/Shanghai")
CHUNK = 2000


@dataclass(frozen=True)
class Filters:
    """What the audit screen may be narrowed by; empty values do not narrow. Days are Beijing days, both included."""

    actor_name: str = ""
    action: str = ""
    target_type: str = ""
    target_id: str = ""
    words: str = ""
    unit_id: int | None = None
    first: date | None = None
    last: date | None = None


def entry_list(*, target_type: str, target_id: str | int) -> QuerySet[Entry]:
    """Return the entries of one object, newest first; whoever may see the object may see its history."""
    return Entry.objects.filter(target_type=target_type, target_id=str(target_id)).order_by("-sequence")


def entry_search(*, actor: Actor, filters: Filters) -> QuerySet[Entry]:
    """Return the entries that fit, newest first, without those of objects hidden from the actor. Raises NotPermitted."""
    if not can_view_audit(actor):
        raise NotPermitted(ability="查看审计记录")
    found = Entry.objects.exclude(hidden_entries(actor))
    exact = {
        "action": filters.action,
        "target_type": filters.target_type,
        "target_id": filters.target_id,
        "unit_id": filters.unit_id,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.actor_name:
        found = found.filter(actor_name__icontains=filters.actor_name)
    if filters.words:
        found = found.filter(summary__icontains=filters.words)
    if filters.first:
        found = found.filter(at__gte=start_of(filters.first))
    if filters.last:
        found = found.filter(at__lt=start_of(filters.last + timedelta(days=1)))
    return found.order_by("-sequence")


def target_types() -> list[str]:
    """Return the kinds of objects that have entries, in order (a loose index scan: fast however many entries there are)."""
    statement = (
        "WITH RECURSIVE kinds AS ("
        "(SELECT target_type FROM audit_entry ORDER BY target_type LIMIT 1) UNION ALL "
        "SELECT (SELECT e.target_type FROM audit_entry e WHERE e.target_type > k.target_type ORDER BY e.target_type LIMIT 1) "
        "FROM kinds k WHERE k.target_type IS NOT NULL) SELECT target_type FROM kinds WHERE target_type IS NOT NULL"
    )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [kind for (kind,) in cursor.fetchall()]


def chain_head() -> tuple[int, str]:
    """Return sequence and digest of the last entry; (0, 64 zeros) before the first one."""
    return Entry.objects.order_by("-sequence").values_list("sequence", "digest").first() or (0, GENESIS)


def chain_issues(*, after: tuple[int, str] = (0, GENESIS)) -> Iterator[Issue]:
    """Walk the whole chain without holding it in memory and yield what is wrong; the first error ends the walk.

    The published anchors are compared too: they find a chain that was cut off at its end or written anew.
    """
    anchors = {anchor.sequence: anchor for anchor in Anchor.objects.order_by("sequence")}
    if not Entry.objects.exists():
        entries: Iterator[Entry] = iter(())
    else:
        entries = Entry.objects.order_by("sequence").iterator(chunk_size=CHUNK)
    yield from check_chain(_links(entries, anchors), after=after)
    yield from _anchor_issues(anchors)


def _links(entries: Iterator[Entry], anchors: dict[int, Anchor]) -> Iterator[tuple[Link, str]]:
    for entry in entries:
        anchor = anchors.get(entry.sequence)
        if anchor is not None and anchor.digest == entry.digest:
            del anchors[entry.sequence]
        yield entry.link, entry.digest


def _anchor_issues(unmet: dict[int, Anchor]) -> Iterator[Issue]:
    """Name the first anchor that no entry agrees with."""
    for sequence, anchor in sorted(unmet.items()):
        found = Entry.objects.filter(sequence=sequence).values_list("digest", flat=True).first()
        values: dict[str, object] = {"day": anchor.day.isoformat(), "sequence": sequence}
        if found is None:
            yield Issue("audit.chain.anchor_missing", values=values)
            return
        if found != anchor.digest:
            yield Issue("audit.chain.anchor_differs", values={**values, "expected": anchor.digest, "found": found})
            return


def chain_verify() -> list[Issue]:
    """Check the whole chain; returns what is wrong, an empty list when nothing is."""
    return list(chain_issues())


def anchor_list(*, limit: int = 400) -> list[Anchor]:
    """Return the newest anchors; they are public."""
    return list(Anchor.objects.order_by("-day")[:limit])


def entries_between(*, first: date, last: date) -> Iterator[Entry]:
    """Return the entries recorded on the days from ``first`` to ``last`` in order, streamed. Raises Refused."""
    if first > last:
        raise Refused(Issue("audit.export.days", values={"first": first, "last": last}))
    found = Entry.objects.filter(recorded_at__gte=start_of(first), recorded_at__lt=start_of(last + timedelta(days=1)))
    return found.order_by("sequence").iterator(chunk_size=CHUNK)


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Beijing."""
    return datetime.combine(day, time.min, tzinfo=BEIJING)


def entry_intact(entry: Entry) -> bool:
    """Tell whether the entry's content still gives its digest (the links before it are not looked at)."""
    return digest(entry.link) == entry.digest
