"""What happened, as a page tells it line by line: in a case, in a review or suit, in a request for amendment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.features.foi.models.events import DatedStep
from gongkai.features.foi.selectors.course import EventRow


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event in words: what happened, on which day, who entered it when; ``late`` days lie between the two."""

    label: str
    words: str
    on: date
    by: str
    at: datetime
    late: int


def history_line(row: DatedStep | EventRow, *, label: str, words: str) -> HistoryLine:
    """Return the line of one event."""
    late = max((timezone.localdate(row.at) - row.on).days, 0)
    return HistoryLine(label=label, words=words, on=row.on, by=row.by_name, at=row.at, late=late)
