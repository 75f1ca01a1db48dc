"""Applications of the sample city that go on elsewhere, a reconsideration that waits for its answer, and amendments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gongkai.cli.demo.documents import content
from gongkai.cli.demo.foi import CLERK, Case
from gongkai.domain.foi import commands as c
from gongkai.domain.foi.amendment import AmendmentCommand, AmendmentVerb
from gongkai.domain.foi.defense import DefenseCommand, DefenseVerb, Procedure
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import Person
from gongkai.domain.foi.model import RemedyKind
from gongkai.domain.foi.parting import propose_parts
from gongkai.domain.foi.receipt import Channel
from gongkai.features.foi import services
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.remedies import case_remedies
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.cli.demo.history import Stage


class Linked:
    """What happens to a few applications besides their own steps."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.told = stage, content("foi_linked.yaml")

    def put(self) -> None:
        """Add every step to the stage."""
        for name, step in (("split", self._split), ("move", self._move)):
            told = self.told[name]
            case = self._case(told)
            self._add(case, told["then"], step, case)
        first, copy = self._case(self.told["merge"]), self._case({**self.told["merge"], "channel": "email"})
        self._add(copy, self.told["merge"]["then"], self._merge, copy, first)
        told = self.told["remedy"]
        case = self._case(told)
        self._add(case, told["filed"], self._file, case)
        self._add(case, told["notified"], self._notified, case)
        for told in self.told["amendments"]:
            Amendment(self.stage, told).put()

    def _case(self, told: Mapping[str, Any]) -> Case:
        case = Case(self.stage, told)
        case.put()
        return case

    def _add(self, case: Case, after: int, step: Callable[..., object], *given: Any) -> None:
        day = case.came + timedelta(days=after)
        self.stage.add(day, 16, lambda now: step(*given, day, now), 30)

    def _actor(self, day: date) -> Actor:
        return self.stage.world.actor(CLERK, day)

    def _split(self, case: Case, day: date, now: datetime) -> None:
        told = self.told["split"]
        parts = propose_parts(told["subject"], told["description"])
        services.application_split(
            actor=self._actor(day),
            application_id=case.pk,
            parts=parts,
            on=day,
            reason="题目是各件共同的说明。",
            now=now,
        )

    def _move(self, case: Case, day: date, now: datetime) -> None:
        told = self.told["move"]
        services.application_move(
            actor=self._actor(day),
            application_id=case.pk,
            to_unit_id=self.stage.world.units[told["to"]],
            reason=told["reason"],
            on=day,
            now=now,
        )

    def _merge(self, copy: Case, first: Case, day: date, now: datetime) -> None:
        actor = self._actor(day)
        into = case_detail(actor=actor, application_id=first.pk, today=day).application.register_no
        services.application_merge(
            actor=actor, application_id=copy.pk, into=into, reason=self.told["merge"]["reason"], on=day, now=now
        )

    def _file(self, case: Case, day: date, now: datetime) -> None:
        actor = self._actor(day)
        command = c.FileRemedy(on=day, by=actor.name, kind=RemedyKind.RECONSIDERATION, ref=self.told["remedy"]["ref"])
        services.case_do(actor=actor, application_id=case.pk, command=command, now=now)

    def _notified(self, case: Case, day: date, now: datetime) -> None:
        told, actor = self.told["remedy"], self._actor(day)
        application = case_detail(actor=actor, application_id=case.pk, today=day).application
        (row,) = case_remedies(application=application, today=day)
        hearing = case.came + timedelta(days=told["hearing"])
        steps = (
            DefenseCommand(
                verb=DefenseVerb.NOTIFY, on=day, by=actor.name, organ=told["organ"], procedure=Procedure.SIMPLE
            ),
            DefenseCommand(
                verb=DefenseVerb.SET_HEARING, on=day, by=actor.name, hearing_on=hearing, place=told["place"]
            ),
        )
        for command in steps:
            services.remedy_step(actor=actor, remedy_id=row.id, command=command, now=now)


class Amendment:
    """One request to amend the own record."""

    def __init__(self, stage: Stage, told: Mapping[str, Any]) -> None:
        self.stage, self.told = stage, told
        self.came = stage.today - timedelta(days=told["ago"])
        self.pk = 0

    def put(self) -> None:
        """Add its steps to the stage."""
        self.stage.add(self.came, 10, self._submit, 40)
        for after, verb, text in self.told["steps"]:
            day = self.came + timedelta(days=after)
            self.stage.add(day, 11, lambda now, v=verb, t=text, d=day: self._do(AmendmentVerb(v), t, d, now))

    def _submit(self, now: datetime) -> None:
        told = self.told
        person = dict(told["person"])
        kind = ApplicantClass(person.pop("kind"))
        taken = services.amendment_submit(
            actor=self.stage.world.actor(CLERK, self.came),
            unit_id=self.stage.world.units["office"],
            channel=Channel(told["channel"]),
            person=Person(kind=kind, **person),
            record=told["record"],
            wrong=told["wrong"],
            wanted=told["wanted"],
            on=self.came,
            now=now,
        )
        self.pk = taken.amendment.pk

    def _do(self, verb: AmendmentVerb, text: str, day: date, now: datetime) -> None:
        actor = self.stage.world.actor(CLERK, day)
        command = AmendmentCommand(verb=verb, on=day, by=actor.name, text=text)
        services.amendment_do(actor=actor, amendment_id=self.pk, command=command, now=now)


def add_linked(stage: Stage) -> None:
    """Put what goes on elsewhere, the reconsideration and the amendments on the stage."""
    Linked(stage).put()
