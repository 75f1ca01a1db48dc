"""Refusals that interfaces answer with a status of their own; every other ``Refused`` is 400."""

from __future__ import annotations

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused


class TooLarge(Refused):
    """What was sent is larger than is taken in: 413."""


class WrongType(Refused):
    """What was sent is of another type: 415."""


class Conflict(Refused):
    """What was sent does not fit what is there already: 409."""


class TooOften(Refused):
    """Too many requests: 429, with the seconds to wait."""

    def __init__(self, issue: Issue, seconds: int) -> None:
        super().__init__(issue)
        self.seconds = seconds
