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
from gongkai.cli.demo.foi_office import Reply
from gongkai.domain.foi import commands as c
from gongkai.domain.foi.fees import FeeMethod
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.model import ConsultationKind, Delivery
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.retrieval import Outcome, Search
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi import services
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.services import retrievals
from gongkai.features.foi.services.fees import fee_decide, fee_notify
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
        reply = Reply.of(self, self._actor)
        for number, (after, verb, given) in enumerate(self.told.get("steps", ())):
            if reply is None or verb not in Reply.STEPS:  # those are taken with the delivery of the letter
                self._add(after, 14, self._do, Verb(verb), given, minute=number * 5)
        if reply is not None:
            reply.put(self._add)
        for told in self.told.get("retrievals", ()):
            asked = Asked(self, told)
            self._add(told["after"], 15, asked.send)
            for after, act, *given in told.get("then", ()):
                self._add(after, 16, asked.act, act, *given)
        if "fee" in self.told:
            after = self.told["fee"]["after"]
            self._add(after, 15, self._fee_decide, minute=30)
            self._add(after + 1, 15, self._fee_notify, minute=40)

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

    def _fee_decide(self, day: date, now: datetime) -> None:
        told = self.told["fee"]
        fee_decide(
            actor=self._actor(),
            application_id=self.pk,
            method=FeeMethod.PER_PAGE,
            units=told["pages"],
            units_reason=told["why"],
            decided_by=told["by"],
            now=now,
        )

    def _fee_notify(self, day: date, now: datetime) -> None:
        fee_notify(actor=self._actor(), application_id=self.pk, on=day, now=now)
        self._do(Verb.DELIVER_FEE_NOTICE, {}, day, now)

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


class Asked:
    """One division asked for the records of a case, and what it does with that."""

    def __init__(self, case: Case, told: Mapping[str, Any]) -> None:
        self.case, self.told, self.pk = case, told, 0

    def send(self, day: date, now: datetime) -> None:
        """Ask the division."""
        case = self.case
        row = retrievals.retrieval_send(
            actor=case.stage.world.actor(CLERK, case.came),
            application_id=case.pk,
            division_id=case.stage.world.units[self.told["division"]],
            wanted=case.told["subject"],
            question=self.told.get("question", ""),
            due_on=day + timedelta(days=self.told["due"]),
            now=now,
        )
        self.pk = row.pk

    def act(self, act: str, *given: Any) -> None:
        """Let the division do something: accept, ask back with words, or answer."""
        *more, day, now = given
        who = self.case.stage.world.actor(self.told["division"], self.case.came)
        asked: dict[str, Any] = {"actor": who, "retrieval_id": self.pk, "now": now}
        if act == "accept":
            retrievals.retrieval_accept(**asked)
        elif act == "ask_back":
            retrievals.retrieval_ask_back(words=more[0], **asked)
        else:
            told = more[0]
            search = Search(told["where"], told["terms"], told["span"], who.name.split()[-1], day)
            answer = retrievals.Answer(Outcome(told["outcome"]), told["words"], search)
            retrievals.retrieval_answer(answer=answer, **asked)


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
