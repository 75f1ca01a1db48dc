"""What every command of a case tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.domain.foi.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One wish; the subclasses say which."""

    verb: ClassVar[Verb]
    on: date
    by: str = ""
