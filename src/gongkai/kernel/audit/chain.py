"""The hash chain itself, pure: what is hashed, how, and what is wrong with a link.

Plain Python without Django, so that anyone can take an exported file and check it. The rules in words stand in
``docs/domain/audit.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from gongkai.domain.issues import Issue, Severity

GENESIS = "0" * 64
"""What the first entry has in place of a digest before it."""

BACKWARDS_TOLERANCE = timedelta(seconds=5)
"""How far the database's clock may step back between two entries (time servers correct it) before it is pointed out."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is hashed. ``at`` is when the act happened as the program knew it, ``recorded_at`` the moment by
    the database's own clock at which the entry was written; both with a zone."""

    sequence: int
    at: datetime
    recorded_at: datetime
    actor_id: int | None
    actor_name: str
    actor_kind: str
    unit_id: int | None
    action: str
    target_type: str
    target_id: str
    summary: str
    details: Mapping[str, Any]
    previous: str


HASHED = tuple(field.name for field in fields(Link))


def canonical(link: Link) -> bytes:
    """Return the bytes that are hashed: one JSON object, keys sorted, no spaces, UTF-8, moments in UTC."""
    content = {name: getattr(link, name) for name in HASHED}
    content["at"] = moment(link.at)
    content["recorded_at"] = moment(link.recorded_at)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(link: Link) -> str:
    """Return the SHA-256 of the canonical bytes, 64 small hexadecimal digits."""
    return hashlib.sha256(canonical(link)).hexdigest()


def moment(at: datetime) -> str:
    """Return a moment in UTC with six digits of a second: ``2026-03-02T01:30:00.000000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:
    """Return ``value`` as JSON that comes back from the database exactly as it went in.

    Dates, moments, numbers with a fraction, identifiers and enumerations become text; sets become sorted lists; keys
    become text; characters that PostgreSQL cannot store (NUL, lone surrogates) become U+FFFD. Raises TypeError for
    anything else, files and model objects for instance.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, datetime):
        return moment(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(part) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(part) for part in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} cannot stand in the details of an audit entry")


def check_chain(links: Iterable[tuple[Link, str]], *, after: tuple[int, str] = (0, GENESIS)) -> Iterator[Issue]:
    """Walk links with their stored digests in order and yield what is wrong.

    An error ends the walk: behind the first broken link nothing can be said. ``after`` is sequence and digest of the
    entry before the first one. A clock that went backwards is a warning.
    """
    sequence, previous = after
    clock: datetime | None = None
    for link, stored in links:
        if link.sequence != sequence + 1:
            yield Issue("audit.chain.gap", values={"sequence": sequence + 1, "found": link.sequence})
            return
        if link.previous != previous:
            yield Issue(
                "audit.chain.previous", values={"sequence": link.sequence, "expected": previous, "found": link.previous}
            )
            return
        computed = digest(link)
        if computed != stored:
            yield Issue(
                "audit.chain.content", values={"sequence": link.sequence, "expected": computed, "found": stored}
            )
            return
        if clock is not None and clock - link.recorded_at > BACKWARDS_TOLERANCE:
            values = {"sequence": link.sequence, "before": moment(clock), "after": moment(link.recorded_at)}
            yield Issue("audit.chain.time", values=values, severity=Severity.WARNING)
        sequence, previous, clock = link.sequence, stored, link.recorded_at
