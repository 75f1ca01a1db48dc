"""Counting what was looked for and not found, so that editors see what people miss; nobody is named."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import connection

from gongkai.domain.personal_data import find_personal_data
from gongkai.domain.search import Query
from gongkai.kernel.content.rules import personal_rules
from gongkai.portal.models import SearchMiss

SHORTEST, LONGEST = 2, 60
MOST_A_DAY = 5_000
"""Different texts kept of one day; a machine that types rubbish fills no more."""
KEPT = timedelta(days=180)
_DIGITS = re.compile(r"[0-9]{7,}")


def miss_record(*, query: Query, on: date) -> bool:
    """Count a query that found nothing on a day; returns whether it was kept.

    Numbers of persons are masked before anything is written, and every other long number with them.
    """
    text = without_persons(query.text)[:LONGEST].strip()
    if not len(text) >= SHORTEST or not query.title_key:
        return False
    table = SearchMiss._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, text, times) SELECT %s, %s, 1 "
            f"WHERE EXISTS (SELECT 1 FROM {table} WHERE day = %s AND text = %s) "
            f"OR (SELECT count(*) FROM {table} WHERE day = %s) < %s "
            f"ON CONFLICT (day, text) DO UPDATE SET times = {table}.times + 1",
            [on, text, on, text, on, MOST_A_DAY],
        )
        return bool(cursor.rowcount)


def without_persons(text: str) -> str:
    """Return a text with everything that names or numbers a person masked."""
    for finding in reversed(find_personal_data(text, personal_rules())):
        length = finding.end - finding.start
        text = text[: finding.start] + "*" * length + text[finding.end :]
    return _DIGITS.sub(lambda match: "*" * len(match.group()), text)


def misses_forget(*, on: date) -> int:
    """Delete what is older than half a year; returns how many."""
    return SearchMiss.objects.filter(day__lt=on - KEPT).delete()[0]
