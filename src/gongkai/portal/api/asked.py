"""Cursors of the lists, beside what every interface reads (``kernel.api.asked``)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.selectors.public_records import Position
from gongkai.kernel.api.asked import (
    LEAST_YEAR,
    MOST_TEXT,
    MOST_YEAR,
    Read,
    asked,
    choice,
    day,
    number,
    sequence,
    text,
)
from gongkai.kernel.errors import Refused

__all__ = [
    "LEAST_YEAR",
    "MOST_TEXT",
    "MOST_YEAR",
    "Read",
    "asked",
    "choice",
    "cursor_of",
    "day",
    "number",
    "position",
    "sequence",
    "text",
]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_POSITION = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


def cursor_of(position: Position) -> str:
    """Write where a list was left as one word."""
    moment = (position.published_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{moment}-{position.publication_id}".encode()).decode().rstrip("=")


def position(name: str, value: str) -> Position:
    """Read what ``cursor_of`` wrote."""
    try:
        told = base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        told = ""
    found = _POSITION.fullmatch(told)
    if found is None:
        raise Refused(Issue("api.cursor.unknown", field=name))
    return Position(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
