"""A campaign of a bureau and the batches on it, for the tests of steps for many cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.command_data import command_to_data
from gongkai.features.foi.models import Application, BatchLine, BatchRun, Campaign, OfficeFacts
from gongkai.features.foi.selectors.selection import Selection
from gongkai.features.foi.services import batches
from gongkai.features.foi.services.campaigns import campaign_create
from gongkai.kernel.accounts.actor import Actor
from tests.factories.foi import Desk, person, request
from tests.factories.world import TODAY, moment

NAMES = {"basic_court": "青溪县人民法院", "review_channel": "https://review.example.gov.cn/"}


class Campaigning:
    """Like applications of the desk's unit, and the ways to do something with all of them."""

    def __init__(self, desk: Desk, day: date = TODAY) -> None:
        self.desk, self.day = desk, day
        self.now = moment(day, 11)

    def cases(self, number: int, *, accepted: bool = True, **more: Any) -> list[Application]:
        """Like applications by different people, ready to be worked on."""
        made = []
        for n in range(number):
            who = person(name=f"赵{'一二三四五六七八九十'[n % 10]}{n // 10 or ''}", phone=f"139000{n:05d}")
            taken = self.desk.taken(on=self.day, person=who, request=request(**more)).application
            made.append(self.desk.do(taken, c.Accept(on=self.day)) if accepted else taken)
        return made

    def campaign(self, name: str = "学府路环评批复") -> Campaign:
        """A campaign without members."""
        return campaign_create(actor=self.desk.clerk, unit_id=self.desk.unit.pk, name=name, now=self.now)

    def pick(self, cases: Sequence[Application]) -> Selection:
        """The selection of some cases."""
        return Selection(self.desk.unit.pk, ids=tuple(one.pk for one in cases))

    def ask(
        self, selection: Selection, step: str, values: Any = None, *, by: Actor | None = None, **more: Any
    ) -> BatchRun:
        """Ask for a step, and have it tried."""
        run = batches.batch_ask(
            actor=by or self.desk.clerk, selection=selection, step=step, values=values or {}, now=self.now, **more
        )
        return self.worked(run)

    def step(
        self, cases: Sequence[Application], command: c.Command, *, by: Actor | None = None, **more: Any
    ) -> BatchRun:
        """Ask for a step of the law on some cases, and have it tried."""
        values = {"command": command_to_data(command), **more}
        return self.ask(self.pick(cases), command.verb.value, values, by=by)

    def started(self, run: BatchRun, *, by: Actor | None = None) -> BatchRun:
        """Confirm a batch that was tried, and have it done."""
        batches.batch_start(actor=by or self.desk.clerk, run_id=run.pk, now=self.now)
        return self.worked(run)

    def worked(self, run: BatchRun) -> BatchRun:
        """Work a phase of a batch off."""
        while batches.batch_work(run_id=run.pk, now=self.now):
            pass
        run.refresh_from_db()
        return run

    def joined(self, cases: Sequence[Application], campaign: Campaign | None = None) -> Campaign:
        """Put cases into a campaign."""
        found = campaign or self.campaign()
        self.ask(self.pick(cases), "join", campaign_id=found.pk)
        return found

    def told(self, run: BatchRun) -> dict[str, str]:
        """What the lines say that were refused, by register number."""
        lines = BatchLine.objects.filter(run=run, state="refused").select_related("application")
        return {line.application.register_no: line.told for line in lines}

    def facts(self) -> OfficeFacts:
        """What the letters of the unit need to know of it."""
        return OfficeFacts.objects.create(
            unit=self.desk.unit,
            number=1,
            from_on=date(2020, 1, 1),
            names=NAMES,
            phone="0797-1234567",
            by_name="",
            at=self.now,
        )
