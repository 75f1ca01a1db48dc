"""What somebody wants to do with a case once its reply is out: a day of service put right, remedies, and what they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.domain.foi.command_base import Command
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.domain.foi.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectService(Command):
    """The day of service was entered wrongly: it is ``served_on``, for ``reason``; ``proof`` names the paper that shows it."""

    verb: ClassVar[Verb] = Verb.CORRECT_SERVICE
    served_on: date
    reason: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemedy(Command):
    """A reconsideration or a suit was filed."""

    verb: ClassVar[Verb] = Verb.FILE_REMEDY
    kind: RemedyKind
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRemedy(Command):
    """It was decided."""

    verb: ClassVar[Verb] = Verb.DECIDE_REMEDY
    kind: RemedyKind
    outcome: RemedyOutcome
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Handle the case again as a decision or judgment orders; ``days`` None means the statutory period."""

    verb: ClassVar[Verb] = Verb.REOPEN
    reason: str
    days: int | None = None
    working_days: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver(Command):
    """At the end of ``year`` the case is still open."""

    verb: ClassVar[Verb] = Verb.CARRY_OVER
    year: int
