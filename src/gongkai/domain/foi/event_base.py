"""What every event of a case tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; the subclasses say what. ``label`` is how it is called in Chinese."""

    label: ClassVar[str]
    on: date
    by: str = ""
