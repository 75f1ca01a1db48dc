"""What the clocks tell the rest of the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class CalendarImported(Event):
    """A year's holiday notice was put on file, or a later notice changed the year."""

    name: ClassVar[str] = "clocks.calendar.imported"
    year: int
    version: int
    notice_no: str


@dataclass(frozen=True)
class ClockRecomputed(Event):
    """A new calendar gave a clock other dates; ``calendar`` is the notice that did it."""

    name: ClassVar[str] = "clocks.clock.recomputed"
    clock_id: int
    target_type: str
    target_id: str
    title: str
    url: str
    old_due_on: date | None
    new_due_on: date | None
    old_provisional: bool
    new_provisional: bool
    calendar: str
