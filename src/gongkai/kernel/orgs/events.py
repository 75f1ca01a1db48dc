"""What the directory of units tells the rest of the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class UnitsMerged(Event):
    """Units no longer exist from the day ``on``; another one carries on what was theirs."""

    name: ClassVar[str] = "orgs.units.merged"
    source_ids: tuple[int, ...]
    target_id: int
    on: date


@dataclass(frozen=True)
class UnitSplit(Event):
    """A unit was split up; where it no longer exists, the first successor carries on what was its."""

    name: ClassVar[str] = "orgs.unit.split"
    source_id: int
    target_ids: tuple[int, ...]
    kept: bool
    on: date
