"""Writing tables as CSV that spreadsheets open rightly and never run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Signs by which a spreadsheet takes a text for a formula."""


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table in UTF-8 with the mark that spreadsheets need; nothing is written for None, days as 2026-03-02."""
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value
