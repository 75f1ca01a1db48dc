"""Counting, for all processes together, who comes with links that open nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from gongkai.kernel.approvals.models import TokenFailure
from gongkai.kernel.approvals.selectors.throttling import WINDOW, place_key

KEPT = timedelta(days=1)


def token_failed(*, place: str, now: datetime) -> int:
    """Count one failure of a place; the time runs from its first. Returns how many there are; safe at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO approvals_tokenfailure AS f (place, since, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (place) DO UPDATE SET "
            "count = CASE WHEN f.since <= %s THEN 1 ELSE f.count + 1 END, "
            "since = CASE WHEN f.since <= %s THEN EXCLUDED.since ELSE f.since END RETURNING count",
            [place_key(place), now, now - WINDOW, now - WINDOW],
        )
        return int(cursor.fetchone()[0])


def token_failures_sweep(*, now: datetime) -> int:
    """Delete what counts no more; returns how many places."""
    return TokenFailure.objects.filter(since__lt=now - KEPT).delete()[0]
