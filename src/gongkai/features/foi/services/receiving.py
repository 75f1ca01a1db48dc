"""Taking applications in: from the public form, and by the office for what came on paper, by fax, e-mail or by word."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.intake import Person, Request, check_application
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, NEEDED, Channel, ReceiptFact
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.events import ApplicationSubmitted
from gongkai.features.foi.models import Applicant, Application
from gongkai.features.foi.selectors.access import application_by_code
from gongkai.features.foi.selectors.course import Course, case_course, law_of
from gongkai.features.foi.selectors.units import receiving_unit
from gongkai.features.foi.services.actions import CASE_ACTIONS
from gongkai.features.foi.services.commands import case_do, step_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import audit_case, columns_set, day_of, events_add
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish
from gongkai.kernel.registers.services import number_take

SERIES = "foi.application"
# Without signs that are taken for others on paper: 0 O, 1 I L, 2 Z, 5 S, 8 B.
CODE_SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 12
APPLICANT = "申请人"
ONLINE_WITHDRAWAL = "申请人凭查询码在网上撤回"
"""The record of a withdrawal on the applicant's own page, where no words were added."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An application that was taken in; ``query_code`` is told once here, and stands sealed in the database."""

    application: Application
    query_code: str


def code_shown(query_code: str) -> str:
    """Return a query code in groups of four, as people read it out."""
    return "-".join(query_code[at : at + 4] for at in range(0, len(query_code), 4))


@sensitive_variables()
def application_submit(
    *,
    actor: Actor,
    unit_id: int,
    channel: Channel,
    person: Person,
    request: Request,
    on: date | None = None,
    facts: Mapping[ReceiptFact, date] | None = None,
    identity: Any = None,
    shown: bool = False,
    attachments: tuple[Any, ...] = (),
    now: datetime,
) -> Taken:
    """Take in an application: give it its number and query code, and begin its case.

    ``on`` is the day it came in (today, unless the office enters a paper later), ``facts`` what else is known of its receipt
    (signed for, in hand, confirmed). ``identity`` is an uploaded proof of identity, kept sealed; ``shown`` tells that it was
    seen at the desk. Visitors may send online only. Raises NotPermitted, Refused with everything that is missing.
    """
    on = on or day_of(now)
    unit = receiving_unit(unit_id=unit_id, on=day_of(now))
    if channel is not Channel.ONLINE and not permissions.can_handle_case(actor, unit_id):
        raise NotPermitted(ability="登记公开申请")
    submit = c.Submit(on=on, by=actor.name, channel=channel)
    decision = decide(CaseState(), submit, law=law_of(on), today=day_of(now))
    proven = identity is not None or shown
    issues = [*check_application(person, request, proven=proven), *decision.issues]
    issues += [
        Issue(
            "foi.receipt.not_of_channel", "facts", {"fact": fact.value, "channel": CHANNEL_NAMES[channel], "wanted": ""}
        )
        for fact in facts or {}
        if fact not in NEEDED[channel]
    ]
    if issues:
        raise Refused(issues)
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    with transaction.atomic(), gathered():
        applicant = _applicant(person)
        applicant.save()
        number = number_take(series=SERIES, year=on.year, unit_id=unit_id)
        application = Application(
            unit=unit,
            register_no=f"{on.year}-{number:04d}",
            query_code=code,
            applicant=applicant,
            channel=channel.value,
            subject=request.subject.strip(),
            doc_no=request.doc_no.strip(),
            description=request.description.strip(),
            wanted_form=request.wanted_form.value,
            wanted_delivery=request.wanted_delivery.value,
            started_on=on,
            created_at=now,
            created_by_id=actor.user_id,
            stage=Stage.SUBMITTED.value,
            changed_at=now,
        )
        course = Course(application, (), (), CaseState(), law_of(on))
        columns_set(application=application, course=course, state=CaseState(stage=Stage.SUBMITTED), now=now)
        application.save()
        events_add(course=course, actor=actor, events=decision.events, now=now)
        audit_case(
            application=application,
            actor=actor,
            action=CASE_ACTIONS[submit.verb],
            summary=f"收到公开申请（{CHANNEL_NAMES[channel]}）",
            channel=channel.value,
            on=on.isoformat(),
            now=now,
        )
        if identity is not None:
            paper_write(
                application=application, actor=actor, kind="identity", title="身份证明", upload=identity, now=now
            )
        for upload in attachments:
            paper_write(application=application, actor=actor, kind="application", title="", upload=upload, now=now)
        _receive(application, actor, facts or {}, now)
        publish(ApplicationSubmitted(application_id=application.pk, at=now))
    return Taken(application, code)


@sensitive_variables()
def _applicant(person: Person) -> Applicant:
    """Seal who asks; what was not given stays empty."""
    sealed = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")
    given = {name: getattr(person, name).strip() or None for name in sealed}
    return Applicant(kind=person.kind.value, **given)


def _receive(application: Application, actor: Actor, facts: Mapping[ReceiptFact, date], now: datetime) -> None:
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
    course = case_course(application=application)
    if course.state.stage is Stage.RECEIVED and not course.state.register_no:
        on = max(day_of(now), course.state.received_on or day_of(now))
        command = c.Register(on=on, by=actor.name, register_no=application.register_no)
        step_write(course=course, actor=actor, command=command, now=now)


def receipt_record(
    *, actor: Actor, application_id: int, facts: tuple[ReceiptFact, ...], on: date, now: datetime
) -> Application:
    """Record that it was signed for, is in hand, or was confirmed; once the day of receipt is certain it is registered.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        command = c.RecordReceipt(on=on, by=actor.name, facts=facts)
        application = case_do(actor=actor, application_id=application_id, command=command, now=now)
        register_when_received(application=application, actor=actor, now=now)
    return application


def applicant_confirm(*, query_code: str, now: datetime) -> Application:
    """The applicant confirms on the own page that the application is the applicant's (art. 31(3)); raises NotFound, Refused."""
    return _by_applicant(query_code, c.RecordReceipt(on=day_of(now), by=APPLICANT, facts=_CONFIRMED), now)


def applicant_withdraw(*, query_code: str, statement: str, now: datetime) -> Application:
    """The applicant takes the application back on the own page, with or without words; raises NotFound, Refused."""
    return _by_applicant(
        query_code,
        c.Withdraw(on=day_of(now), by=APPLICANT, statement=statement.strip()[:500] or ONLINE_WITHDRAWAL),
        now,
    )


_CONFIRMED = (ReceiptFact.CONFIRMED_BY_APPLICANT,)


def _by_applicant(query_code: str, command: c.Command, now: datetime) -> Application:
    actor = Actor(user_id=None, name=APPLICANT)
    found = application_by_code(query_code=query_code)
    with transaction.atomic(), gathered():
        rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
        application = rows.get(pk=found.pk)
        step_write(course=case_course(application=application), actor=actor, command=command, now=now)
        register_when_received(application=application, actor=actor, now=now)
    return application
