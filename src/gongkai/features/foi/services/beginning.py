"""Beginning a case: its number, its query code, its first events; whoever takes an application in goes this way."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.intake import Request
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, ReceiptFact
from gongkai.features.foi.models import Applicant, Application
from gongkai.features.foi.selectors.course import Course, case_course, law_of
from gongkai.features.foi.services.actions import CASE_ACTIONS
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.writing import audit_case, columns_set, day_of, events_add
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.registers.services import number_take

SERIES = "foi.application"
# Without signs that are taken for others on paper: 0 O, 1 I L, 2 Z, 5 S, 8 B.
CODE_SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """An application that was taken in; ``query_code`` is told once here, and stands sealed in the database."""

    application: Application
    query_code: str


@dataclass(frozen=True, slots=True)
class Once:
    """The number and the query code that were drawn for an application before it came in, so that it comes in once."""

    number: uuid.UUID
    query_code: str


def code_new() -> str:
    """Return a query code that nobody can guess."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


@sensitive_variables()
def application_begin(
    *,
    actor: Actor,
    unit: Unit,
    submit: c.Submit,
    applicant: Applicant,
    request: Request,
    once: Once | None = None,
    now: datetime,
) -> Taken:
    """Write a new application with its number, code and first events; ``applicant`` is not saved yet.

    Inside a transaction only; permissions and what must be filled in are the caller's matter. Raises Refused.
    """
    law = law_of(submit.on)
    decision = decide(CaseState(), submit, law=law, today=day_of(now))
    if not decision.allowed:
        raise Refused(decision.issues)
    code = once.query_code if once else code_new()
    applicant.save()
    number = number_take(series=SERIES, year=submit.on.year, unit_id=unit.pk)
    application = Application(
        uid=once.number if once else uuid.uuid4(),
        unit=unit,
        register_no=f"{submit.on.year}-{number:04d}",
        query_code=code,
        applicant=applicant,
        channel=submit.channel.value,
        subject=request.subject.strip(),
        doc_no=request.doc_no.strip(),
        description=request.description.strip(),
        wanted_form=request.wanted_form.value,
        wanted_delivery=request.wanted_delivery.value,
        started_on=submit.on,
        created_at=now,
        created_by_id=actor.user_id,
        stage=Stage.SUBMITTED.value,
        changed_at=now,
    )
    course = Course(application, (), (), CaseState(), law)
    columns_set(application=application, course=course, state=CaseState(stage=Stage.SUBMITTED), now=now)
    application.save()
    events_add(course=course, actor=actor, events=decision.events, now=now)
    audit_case(
        application=application,
        actor=actor,
        action=CASE_ACTIONS[submit.verb],
        summary=f"收到公开申请（{CHANNEL_NAMES[submit.channel]}）",
        channel=submit.channel.value,
        on=submit.on.isoformat(),
        now=now,
    )
    return Taken(application, code)


def receive(*, application: Application, actor: Actor, facts: Mapping[ReceiptFact, date], now: datetime) -> None:
    """Record what is known of the receipt day by day, then enter it into the register when it is certain."""
    for day in sorted(set(facts.values())):
        known = tuple(fact for fact in ReceiptFact if facts.get(fact) == day)
        step_write(
            course=case_course(application=application),
            actor=actor,
            command=c.RecordReceipt(on=day, by=actor.name, facts=known),
            now=now,
        )
    register_when_received(application=application, actor=actor, now=now)


def register_when_received(*, application: Application, actor: Actor, now: datetime) -> None:
    """Enter an application into the register once its day of receipt is certain; its number it has already."""
    if application.stage != Stage.RECEIVED.value:
        return
    course = case_course(application=application)
    command = register_command(course=course, by=actor.name, today=day_of(now))
    if command is not None:
        step_write(course=course, actor=actor, command=command, now=now)


def register_command(*, course: Course, by: str, today: date) -> c.Register | None:
    """Return the step that enters a case into the register; None where its receipt is not certain or it is entered."""
    state = course.state
    if state.stage is not Stage.RECEIVED or state.register_no:
        return None
    on = max(today, state.received_on or today)
    return c.Register(on=on, by=by, register_no=course.application.register_no)
