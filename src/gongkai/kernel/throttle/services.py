"""Counting: one statement each, so that nothing is lost between processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from gongkai.kernel.throttle.models import RateCount
from gongkai.kernel.throttle.selectors import place_key


@dataclass(frozen=True, slots=True)
class Hit:
    """How often the place has done it now, and for how many more seconds that counts (at least 1)."""

    count: int
    seconds: int


def hit(*, kind: str, place: str, seconds: int, now: datetime) -> Hit:
    """Count that a place did something; the time of ``seconds`` runs from the first time.

    Call it outside of a transaction that may be rolled back: the count would be rolled back with it.
    """
    until = now + timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO throttle_ratecount AS r (kind, place, count, until) VALUES (%s, %s, 1, %s) "
            "ON CONFLICT (kind, place) DO UPDATE SET "
            "count = CASE WHEN r.until <= %s THEN 1 ELSE r.count + 1 END, "
            "until = CASE WHEN r.until <= %s THEN EXCLUDED.until ELSE r.until END RETURNING count, until",
            [kind, place_key(kind, place), until, now, now],
        )
        count, end = cursor.fetchone()
    return Hit(int(count), max(1, int((end - now).total_seconds())))


def take_once(*, kind: str, token: str, seconds: int, now: datetime) -> bool:
    """Tell whether this is the first use of a token within ``seconds``; of many at the same moment one is the first."""
    return hit(kind=kind, place=token, seconds=seconds, now=now).count == 1


def counts_sweep(*, now: datetime) -> int:
    """Delete what counts no more; returns how many."""
    return RateCount.objects.filter(until__lte=now).delete()[0]
