"""Where a command is judged: collects every reason against it, and what follows if there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.foi.clocks import read_reply
from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.model import CaseState, Law
from gongkai.domain.foi.verbs import VERB_NAMES
from gongkai.domain.issues import Basis, Issue, Severity


@dataclass(slots=True)
class Bench:
    """One command before the bench, with the state, the law and the day it is judged on."""

    state: CaseState
    command: Command
    law: Law
    today: date
    issues: list[Issue] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def what(self) -> str:
        """The command in words."""
        return VERB_NAMES[self.command.verb]

    def refuse(self, code: str, where: str | None = None, basis: tuple[Basis, ...] = (), **values: object) -> None:
        """Record a reason against the command."""
        self.issues.append(Issue(code, where, {"what": self.what, **values}, Severity.ERROR, basis=basis))

    def warn(self, code: str, where: str | None = None, basis: tuple[Basis, ...] = (), **values: object) -> None:
        """Record something to look at that does not stop the command."""
        self.issues.append(Issue(code, where, {"what": self.what, **values}, Severity.WARNING, basis=basis))

    def happen(self, event: Event) -> None:
        """Record what follows."""
        self.events.append(event)

    def not_before(self, label: str, day: date | None, *, on: date | None = None, where: str = "on") -> None:
        """The command (or another day in it) may not lie before the event that orders it."""
        mine = on or self.command.on
        if day is not None and mine < day:
            self.refuse("foi.day.before", where, on=mine, before=label, before_on=day)

    def in_turn(self) -> None:
        """What the organ does itself may not lie before the latest event."""
        if self.state.latest is not None:
            self.not_before(*self.state.latest)

    def need(self, text: str, where: str, code: str) -> None:
        """A text that has to be there."""
        if not text.strip():
            self.refuse(code, where)

    def within_period(self, code: str, basis_of: str) -> None:
        """The command is possible only while the reply period runs."""
        reading = read_reply(self.state, self.law, today=self.command.on)
        if reading is not None and reading.due_on is not None and self.command.on > reading.due_on:
            self.refuse(code, "on", self.basis(basis_of), on=self.command.on, due=reading.due_on)

    def basis(self, fact: str) -> tuple[Basis, ...]:
        """The provisions behind a fact of the reply period, else behind the rule of that id."""
        rule = self.law.rules.get(fact)
        if rule is not None:
            return rule.basis
        known = self.law.rules["foi.reply"].facts.get(fact)
        return known.basis if known is not None else ()
