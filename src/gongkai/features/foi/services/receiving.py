"""Taking applications in: from the public form, and by the office for what came on paper, by fax, e-mail or by word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.intake import Person, Request, check_application
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState
from gongkai.domain.foi.receipt import CHANNEL_NAMES, NEEDED, Channel, ReceiptFact
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.events import ApplicationSubmitted
from gongkai.features.foi.models import Applicant, Application, LogObjection
from gongkai.features.foi.selectors.access import application_by_code
from gongkai.features.foi.selectors.course import case_course, law_of
from gongkai.features.foi.selectors.units import receiving_unit
from gongkai.features.foi.services.beginning import Once, Taken, application_begin, receive, register_when_received
from gongkai.features.foi.services.commands import case_do, step_write
from gongkai.features.foi.services.log_objections import objection_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish

APPLICANT = "申请人"
ONLINE_WITHDRAWAL = "申请人凭查询码在网上撤回"
"""The record of a withdrawal on the applicant's own page, where no words were added."""


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
    once: Once | None = None,
    no_log: bool = False,
    now: datetime,
) -> Taken:
    """Take in an application: give it its number and query code, and begin its case.

    ``on`` is the day it came in (today, unless the office enters a paper later), ``facts`` what else is known of its receipt
    (signed for, in hand, confirmed). ``identity`` is an uploaded proof of identity, kept sealed; ``shown`` tells that it was
    seen at the desk; ``once`` that number and code were drawn before; ``no_log`` that the applicant does not want the
    answer in the log of answers. Visitors may send online only. Raises NotPermitted, Refused with everything missing.
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
    with transaction.atomic(), gathered():
        taken = application_begin(
            actor=actor,
            unit=unit,
            submit=submit,
            applicant=applicant_of(person),
            request=request,
            once=once,
            now=now,
        )
        application = taken.application
        if identity is not None:
            paper_write(
                application=application, actor=actor, kind="identity", title="身份证明", upload=identity, now=now
            )
        for upload in attachments:
            paper_write(application=application, actor=actor, kind="application", title="", upload=upload, now=now)
        if no_log:
            at_desk = channel is not Channel.ONLINE and not actor.is_system  # else written down by the sender
            way = LogObjection.Way.DESK if at_desk else LogObjection.Way.FORM
            objection_write(application=application, actor=actor, way=way, now=now, on=min(on, day_of(now)))
        receive(application=application, actor=actor, facts=facts or {}, now=now)
        publish(ApplicationSubmitted(application_id=application.pk, at=now))
    return taken


@sensitive_variables()
def applicant_of(person: Person) -> Applicant:
    """Return who asks as a row that is not saved yet; what was not given stays empty."""
    sealed = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")
    given = {name: getattr(person, name).strip() or None for name in sealed}
    return Applicant(kind=person.kind.value, **given)


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
