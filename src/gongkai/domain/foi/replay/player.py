"""Playing a case file to the machine: one command after another, with everything that follows kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.clocks import opinion_reading, read_reply, reasons_reading
from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import evolve
from gongkai.domain.foi.fees import FeeMethod, Tariff
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState, Law, Stage
from gongkai.domain.foi.receipt import Channel
from gongkai.domain.foi.replay.script import Remark, Script
from gongkai.domain.foi.table import TABLE
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.issues import Issue, Severity

UNSTATED = "unstated"
NOT_TOLD = "材料未载明"
NO_NUMBER = "（未写编号）"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: the command, the event of the file behind it, and how the case stood afterwards."""

    line: int
    kind: str
    command: Command
    implied: bool
    stage: Stage
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was left out: why, and at which stage the case was."""

    line: int
    kind: str
    on: date
    verb: Verb
    stage: Stage
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Run:
    """What became of one case."""

    script: Script
    law: Law
    today: date
    channel: Channel
    tariffs: Mapping[FeeMethod, Tariff] = field(default_factory=dict)
    state: CaseState = field(default_factory=CaseState)
    events: list[Event] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    warnings: list[tuple[int, Issue]] = field(default_factory=list)


class Player:
    """Plays the events of one case in order."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.line = run.script.line
        self.kind = ""

    @property
    def state(self) -> CaseState:
        """The case as it stands."""
        return self.run.state

    def all_or_nothing(self, act: Callable[[], object]) -> None:
        """Take the steps of one event; when one of them is refused none of them counts."""
        run = self.run
        before, refusals = run.state, len(run.refusals)
        kept = [(known, len(known)) for known in (run.events, run.taken, run.remarks, run.warnings)]
        act()
        if len(run.refusals) > refusals:
            run.state = before
            for known, length in kept:
                del known[length:]

    def attempt(self, command: Command, *, implied: bool = False) -> bool:
        """Decide one command; keep what follows, or the refusal."""
        run = self.run
        decision = decide(run.state, command, law=run.law, today=run.today)
        if not decision.allowed:
            if not any(one.line == self.line and one.verb is command.verb for one in run.refusals):
                issues = tuple(one for one in decision.issues if one.severity is Severity.ERROR)
                refusal = Refusal(self.line, self.kind, command.on, command.verb, run.state.stage, issues)
                run.refusals.append(refusal)
            return False
        run.warnings.extend((self.line, issue) for issue in decision.issues)
        for event in decision.events:
            run.state = evolve(run.state, event)
            run.events.append(event)
        reading = read_reply(run.state, run.law, today=command.on)
        due = reading.due_on if reading is not None else None
        run.taken.append(Taken(self.line, self.kind, command, implied, run.state.stage, due))
        return True

    def refuse(self, command: Command, issue: Issue) -> None:
        """Leave an event out for a reason that the machine does not know."""
        run = self.run
        run.refusals.append(Refusal(self.line, self.kind, command.on, command.verb, run.state.stage, (issue,)))

    def imply(self, command: Command) -> bool:
        """A step that the file leaves out."""
        return self.attempt(command, implied=True)

    def remark(self, code: str, **values: object) -> None:
        """Say what was assumed at this line."""
        remark = Remark(code, self.line, values)
        if remark not in self.run.remarks:
            self.run.remarks.append(remark)

    def last_day(self) -> date:
        """The day of the latest event."""
        assert self.state.latest is not None
        return self.state.latest[1]

    def do(self, command: Command) -> bool:
        """Decide a command after registering and handing over, where the file leaves these unsaid."""
        while (self.state.stage, command.verb) not in TABLE:
            if self.state.stage is Stage.RECEIVED:
                number = self.run.script.ref or NO_NUMBER
                done = self.imply(c.Register(on=self.last_day(), register_no=number))
            elif self.state.stage is Stage.CHECKING:
                done = self.imply(c.Accept(on=self.last_day()))
            else:
                break
            if not done:
                return False
        return self.attempt(command)

    def silent(self, on: date) -> None:
        """Let opinions and reasons lapse whose period was over by then."""
        for one in self.state.open_consultations:
            reading = opinion_reading(one, self.run.law, today=on)
            if reading is not None and reading.overdue_days:
                self.imply(c.LapseConsultation(on=on, kind=one.kind, ref=one.ref))
        reading = reasons_reading(self.state, self.run.law, today=on)
        reasons = self.state.reasons
        if reasons is not None and reasons.open and reading is not None and reading.overdue_days:
            self.imply(c.LapseReasons(on=on))
