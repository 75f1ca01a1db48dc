"""Applications for disclosure in the sample city, at every stage from not yet confirmed to archived, all to its office.

They stand in ``foi.yaml`` with days counted back from the day of loading, so that some are always near their end, one is
overdue and one waits for its confirmation. The clerk handles them, the head of the office consents and reviews, the
deputy director signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gongkai.cli.demo.documents import content
from gongkai.domain.foi import commands as c
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.model import ConsultationKind, Delivery
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi import services
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.cli.demo.history import Stage

COMMANDS = {one.verb: one for one in c.Command.__subclasses__()}
CLERK, HEAD, LEADER = "gongkai", "kezhang", "mishu"
WHO = {Verb.EXTEND: HEAD, Verb.REVIEW_LEGALITY: HEAD, Verb.SIGN: LEADER}
WEEKEND = 5
LETTER = "L01_receipt"


class Case:
    """One application and what happens to it, put on the stage step by step."""

    def __init__(self, stage: Stage, told: Mapping[str, Any]) -> None:
        self.stage, self.told = stage, told
        self.unit_id = stage.world.units["office"]
        self.came = _workday(stage.today - timedelta(days=told["ago"]), stage.today)
        self.pk = 0

    def put(self) -> None:
        """Add every step to the stage."""
        self.stage.add(self.came, 9, self._submit, 20)
        for after, *facts in self.told.get("receipt", ()):
            self._add(after, 10, self._receipt, tuple(ReceiptFact(one) for one in facts))
        if "letter" in self.told:
            self._add(self.told["letter"], 11, self._letter)
        for number, (after, verb, given) in enumerate(self.told.get("steps", ())):
            self._add(after, 14, self._do, Verb(verb), given, minute=number * 5)

    def _add(self, after: int, hour: int, step: Callable[..., object], *given: Any, minute: int = 0) -> None:
        day = _workday(self.came + timedelta(days=after), self.stage.today)
        self.stage.add(day, hour, lambda now: step(*given, day, now), minute)

    def _actor(self, verb: Verb | None = None) -> Actor:
        name = WHO.get(verb, CLERK) if verb is not None else CLERK
        return self.stage.world.actor(name, self.came)

    def _submit(self, now: datetime) -> None:
        told, channel = self.told, Channel(self.told["channel"])
        person = dict(told["person"])
        kind = ApplicantClass(person.pop("kind"))
        taken = services.application_submit(
            actor=Actor.anonymous() if channel is Channel.ONLINE else self._actor(),
            unit_id=self.unit_id,
            channel=channel,
            person=Person(kind=kind, **person),
            request=Request(
                subject=told["subject"],
                description=told["description"],
                doc_no=told.get("doc_no", ""),
                wanted_form=Form(told.get("form", "electronic")),
                wanted_delivery=Delivery(told.get("delivery", "online")),
            ),
            on=self.came,
            now=now,
        )
        self.pk = taken.application.pk

    def _receipt(self, facts: tuple[ReceiptFact, ...], day: date, now: datetime) -> None:
        services.receipt_record(actor=self._actor(), application_id=self.pk, facts=facts, on=day, now=now)

    def _letter(self, day: date, now: datetime) -> None:
        services.letter_write(
            actor=self._actor(),
            application_id=self.pk,
            code=LETTER,
            values={"materials": ["政府信息公开申请表一份"]},
            delivery=Delivery(self.told.get("delivery", "online")),
            sealed=True,
            on=day,
            now=now,
        )

    def _do(self, verb: Verb, given: Mapping[str, Any], day: date, now: datetime) -> None:
        values = {name: _value(name, value) for name, value in given.items()}
        actor = self._actor(verb)
        if "due" in values:
            values["due_on"] = day + timedelta(days=values.pop("due"))
        if values.get("evidence") == "all":
            values["evidence"] = self._keep_evidence(actor, day, now)
        command = COMMANDS[verb](on=day, by=actor.name, **values)
        services.case_do(actor=actor, application_id=self.pk, command=command, now=now)

    def _keep_evidence(self, actor: Actor, day: date, now: datetime) -> tuple[str, ...]:
        """Note every paper of the checklist that is due by now, and return their codes."""
        wanted = [line.item for line in case_detail(actor=actor, application_id=self.pk, today=day).evidence]
        for item in wanted:
            if not item.later:
                services.paper_add(
                    actor=actor,
                    application_id=self.pk,
                    kind="evidence",
                    title=item.words,
                    note="纸质材料，随卷保存。",
                    evidence=item.code,
                    now=now,
                )
        return tuple(item.code for item in wanted if not item.later)


def _value(name: str, value: Any) -> Any:
    if name == "kind":
        return ConsultationKind(value)
    if name == "delivery":
        return Delivery(value)
    return tuple(value) if isinstance(value, list) else value


def _workday(day: date, today: date) -> date:
    """Return the day itself, or the Friday before a weekend; days to come stay as they are."""
    return day - timedelta(days=day.weekday() - WEEKEND + 1) if day.weekday() >= WEEKEND and day <= today else day


def add_applications(stage: Stage) -> None:
    """Put the applications and everything that happens to them on the stage."""
    for told in content("foi.yaml")["cases"]:
        Case(stage, told).put()
