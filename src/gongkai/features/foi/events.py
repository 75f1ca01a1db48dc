"""What happens to applications, for whoever wants to know; listeners stand in ``config.wiring`` only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class ApplicationSubmitted(Event):
    """An application came in, by whatever channel."""

    name: ClassVar[str] = "foi.application.submitted"
    application_id: int
    at: datetime


@dataclass(frozen=True)
class CaseMoved(Event):
    """Something was done with a case; ``verb`` is a verb of ``domain.foi``, ``actor_id`` None for the system."""

    name: ClassVar[str] = "foi.application.moved"
    application_id: int
    verb: str
    before: str
    after: str
    actor_id: int | None
    at: datetime
