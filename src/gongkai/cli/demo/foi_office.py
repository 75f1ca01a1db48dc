"""What the offices of the sample city have set up for their letters, and the replies that went out with their delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document

from gongkai.cli.demo.documents import content
from gongkai.domain.foi.delivering import DeliveryFacts, End
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.office import OfficeEntry
from gongkai.domain.foi.remedies import IssuerKind, Role
from gongkai.features.foi import services
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.answers import answer_rows
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.letters import result_letter
from gongkai.features.foi.selectors.office import office_get, office_on
from gongkai.features.foi.selectors.templates import template_shipped
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.features.foi.services.answers import AnswerEntry
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.cli.demo.foi import Case
    from gongkai.cli.demo.history import Stage
    from gongkai.cli.demo.loading import World

SYSTEM = Actor.system("示例市")
SET_UP = date(2024, 1, 2)
"""The first working day under the law of reconsideration of 2023."""
TOLD = "foi_office.yaml"


def add_offices(stage: Stage) -> None:
    """Put on the stage what every office sets up, so that each of its letters can be written, and one later change."""
    told = content(TOLD)
    stage.add(SET_UP, 10, lambda now: _set_up(stage.world, told, now))
    changed = told["changed"]
    stage.add(changed["from"], 10, lambda now: _change(stage.world.units[changed["unit"]], changed, now))


def _set_up(world: World, told: Mapping[str, Any], now: datetime) -> None:
    keys = {unit_id: key for key, unit_id in world.units.items()}
    for unit in receiving_units(on=SET_UP):
        key = keys[unit.pk]
        kind = IssuerKind(told["kinds"][key]) if key in told["kinds"] else None
        decided = kind or office_on(unit=unit, on=SET_UP).kind
        names = {**told["names"], **told["further"].get(decided.value if decided else "", {})}
        entry = OfficeEntry(
            issuer_kind=kind,
            names={Role(role): name for role, name in names.items()},
            doc_code=told["codes"].get(key, ""),
            doc_pattern=told["pattern"],
            seal_name=f"{unit.name}政府信息公开专用章",
            contact=told["contact"] if key == "office" else "办公室",
        )
        services.office_save(actor=SYSTEM, unit_id=unit.pk, entry=entry, from_on=SET_UP, note="首次填写", now=now)
    office = world.units["office"]
    _answers(office, told["answers"], now)
    _template(office, told["template"], now)


def _change(unit_id: int, changed: Mapping[str, Any], now: datetime) -> None:
    on = changed["from"]
    office = office_get(actor=SYSTEM, unit_id=unit_id, on=on)
    entry = replace(office.entry, contact=changed["contact"])
    services.office_save(actor=SYSTEM, unit_id=unit_id, entry=entry, from_on=on, note=changed["note"], now=now)


def _answers(unit_id: int, told: list[dict[str, Any]], now: datetime) -> None:
    for one in told:
        services.answer_save(actor=SYSTEM, unit_id=unit_id, entry=AnswerEntry(**one), now=now)


def _template(unit_id: int, told: dict[str, str], now: datetime) -> None:
    """The shipped template with a sentence of the office's own."""
    form = letter_form(code=told["letter"], on=SET_UP)
    assert form is not None
    document = Document(BytesIO(template_shipped(form=form)))
    document.paragraphs[-3].insert_paragraph_before(told["added"])
    data = BytesIO()
    document.save(data)
    upload = BytesIO(data.getvalue())
    upload.name = f"{form.title}（市政府办）.docx"
    services.template_upload(actor=SYSTEM, unit_id=unit_id, code=form.code, upload=upload, note=told["note"], now=now)


class Reply:
    """The reply to one application: its letter, written from an answer template, and its delivery with proof."""

    STEPS = frozenset({"send", "serve"})
    """Steps of the story that the delivery takes by itself."""

    def __init__(self, case: Case, told: Mapping[str, Any], actor: Callable[[], Actor]) -> None:
        self.case, self.told, self.actor = case, told, actor
        self.paper_id = 0
        self.sent_on: date | None = None

    @classmethod
    def of(cls, case: Case, actor: Callable[[], Actor]) -> Reply | None:
        """Return the reply to what was asked, None where the sample city has none."""
        wanted = case.told["subject"]
        told = next((one for one in content(TOLD)["replies"] if one["subject"] == wanted), None)
        return cls(case, told, actor) if told is not None else None

    def put(self, add: Callable[..., None]) -> None:
        """Add the letter, its sending and its delivery to the story of the case."""
        add(self.told["after"], 15, self._write)
        add(self.told["after"], 15, self._send, minute=30)
        add(self.told["ended"], 16, self._served)

    def _write(self, day: date, now: datetime) -> None:
        case = self.case
        actor = self.actor()
        application = application_get(actor=actor, application_id=case.pk)
        rows = answer_rows(unit_id=case.unit_id)
        answer = next(row.answer.pk for row in rows if row.answer.title == self.told["answer"])
        paper = services.letter_write(
            actor=actor,
            application_id=case.pk,
            code=result_letter(case_course(application=application)),
            values=self.told["values"],
            delivery=Delivery(self.told["way"]),
            sealed=True,
            answer_id=answer,
            on=day,
            now=now,
        )
        self.paper_id, self.sent_on = paper.pk, day

    def _facts(self, **more: Any) -> DeliveryFacts:
        assert self.sent_on is not None
        return DeliveryFacts(
            Delivery(self.told["way"]), self.sent_on, posting_no=self.told.get("posting_no", ""), **more
        )

    def _send(self, day: date, now: datetime) -> None:
        services.delivery_note(actor=self.actor(), paper_id=self.paper_id, facts=self._facts(), now=now)

    def _served(self, day: date, now: datetime) -> None:
        end = End(self.told["end"])
        facts = self._facts(
            end=end,
            ended_on=day,
            signed_by=self.told.get("signed_by", ""),
            read_at=now - timedelta(hours=2) if end is End.READ else None,
        )
        services.delivery_note(actor=self.actor(), paper_id=self.paper_id, facts=facts, now=now)
