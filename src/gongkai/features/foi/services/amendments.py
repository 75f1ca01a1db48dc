"""Requests to amend one's own record (条例 art. 41): taking them in, every step, handing over to the organ with the power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.amendment import (
    AMENDMENT_VERB_NAMES,
    AmendmentCommand,
    AmendmentOutcome,
    AmendmentState,
    AmendmentVerb,
    amendment_to_data,
    check_amendment,
    decide_amendment,
)
from gongkai.domain.foi.intake import Person
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentEvent, AmendmentPaper, AmendmentRequest, Applicant
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import (
    WHAT,
    AmendmentCourse,
    amendment_by_code,
    amendment_course,
    can_do,
)
from gongkai.features.foi.selectors.units import receiving_unit
from gongkai.features.foi.services.amendment_actions import AMENDMENT_ACTIONS, KIND_AMENDMENT
from gongkai.features.foi.services.amendment_papers import amendment_audit, paper_write, papers_carry
from gongkai.features.foi.services.beginning import code_new
from gongkai.features.foi.services.linked import applicant_copy
from gongkai.features.foi.services.receiving import APPLICANT, applicant_of
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.registers.services import number_take

SERIES = "foi.amendment"
Kind = AmendmentPaper.Kind


@dataclass(frozen=True, slots=True)
class AmendmentTaken:
    """A request that was taken in; ``query_code`` is told once here, and stands sealed in the database."""

    amendment: AmendmentRequest
    query_code: str = field(repr=False)


@sensitive_variables()
def amendment_submit(
    *,
    actor: Actor,
    unit_id: int,
    channel: Channel,
    person: Person,
    record: str,
    wrong: str,
    wanted: str,
    on: date | None = None,
    identity: Any = None,
    shown: bool = False,
    proofs: Sequence[Any] = (),
    now: datetime,
) -> AmendmentTaken:
    """Take in a request: its number, its code, and its first event on the day it came in.

    ``identity`` is a proof of identity, ``shown`` tells that it was seen at the desk; ``proofs`` show that the record is
    wrong, they may come later. All files are sealed. Visitors may send online only. Raises NotPermitted, Refused with
    everything that is missing.
    """
    on = on or day_of(now)
    unit = receiving_unit(unit_id=unit_id, on=day_of(now))
    if channel is not Channel.ONLINE and not permissions.can_handle_case(actor, unit_id):
        raise NotPermitted(ability="登记更正申请")
    received = _received(actor, record.strip(), on, bool(proofs))
    issues = [
        *check_amendment(person, record=record, wrong=wrong, wanted=wanted, proven=identity is not None or shown),
        *(one for one in decide_amendment(AmendmentState(), received, today=day_of(now)).issues if one.field == "on"),
    ]
    if issues:
        raise Refused(issues)
    with transaction.atomic(), gathered():
        taken = _begin(
            actor=actor,
            unit=unit,
            channel=channel,
            applicant=applicant_of(person),
            texts=(record.strip(), wrong.strip(), wanted.strip()),
            on=on,
            proven=bool(proofs),
            now=now,
        )
        row = taken.amendment
        if identity is not None:
            paper_write(row=row, actor=actor, kind=Kind.IDENTITY, upload=identity, now=now)
        for upload in proofs:
            paper_write(row=row, actor=actor, kind=Kind.PROOF, upload=upload, now=now)
        _tell(row, f"收到更正申请 {row.register_no}", now)
    return taken


@sensitive_variables()
def _begin(
    *,
    actor: Actor,
    unit: Unit,
    channel: Channel,
    applicant: Applicant,
    texts: tuple[str, str, str],
    on: date,
    proven: bool,
    handed_from: AmendmentRequest | None = None,
    now: datetime,
) -> AmendmentTaken:
    record, wrong, wanted = texts
    code = code_new()
    applicant.save()
    number = number_take(series=SERIES, year=on.year, unit_id=unit.pk)
    row = AmendmentRequest(
        unit=unit,
        register_no=f"更正{on.year}-{number:04d}",
        query_code=code,
        applicant=applicant,
        channel=channel.value,
        record=record,
        wrong=wrong,
        wanted=wanted,
        started_on=on,
        handed_from=handed_from,
        created_at=now,
        created_by_id=actor.user_id,
        stage="new",
        changed_at=now,
    )
    row.save()
    course = AmendmentCourse(row, (), AmendmentState(), None)
    _write(course, actor, _received(actor, record, on, proven), f"收到更正申请（{CHANNEL_NAMES[channel]}）", now)
    return AmendmentTaken(row, code)


def _received(actor: Actor, record: str, on: date, proven: bool) -> AmendmentCommand:
    """The first step of a request: what is wrong stays sealed, the event names the record only."""
    return AmendmentCommand(verb=AmendmentVerb.RECEIVE, on=on, by=actor.name, text=record, evidence=proven)


def amendment_do(
    *,
    actor: Actor,
    amendment_id: int,
    command: AmendmentCommand,
    to_unit_id: int | None = None,
    proofs: Sequence[Any] = (),
    seen: int | None = None,
    now: datetime,
) -> AmendmentRequest:
    """Do one step of a request, or tell every reason why not.

    With the decision to hand it over comes ``to_unit_id`` where the organ is a unit of this installation: it gets a request
    of its own with the same sealed data and proofs, and its office is told. ``proofs`` come with evidence. Raises NotFound,
    NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        course = _locked(actor, amendment_id, now)
        row = course.row
        if not can_do(actor, command.verb, row.unit_id):
            raise NotPermitted(ability=f"{AMENDMENT_VERB_NAMES[command.verb]}（{row.register_no}）")
        unit, issues = None, []
        if seen is not None and seen != row.event_count:
            issues.append(Issue("foi.amendment.changed_meanwhile"))
        if to_unit_id is not None and command.outcome is AmendmentOutcome.TRANSFERRED:
            unit = receiving_unit(unit_id=to_unit_id, on=day_of(now))
            command = replace(command, organ=unit.name)
            if unit.pk == row.unit_id:
                issues.append(Issue("foi.amendment.itself", "to_unit"))
        issues += decide_amendment(course.state, command, today=day_of(now)).issues
        if issues:
            raise Refused(issues)
        for upload in proofs:
            paper_write(row=row, actor=actor, kind=Kind.PROOF, upload=upload, now=now)
        if unit is not None:
            _hand_over(row, unit, command.on, course.state.evidence, now)
        _write(course, actor, command, "", now)
    return row


@sensitive_variables()
def _hand_over(row: AmendmentRequest, unit: Unit, on: date, proven: bool, now: datetime) -> None:
    sender = Actor.system(f"{row.unit.name}（转送）"[:150])
    taken = _begin(
        actor=sender,
        unit=unit,
        channel=Channel(row.channel),
        applicant=applicant_copy(row.applicant),
        texts=(row.record, row.wrong.for_machine(), row.wanted.for_machine()),
        on=on,
        proven=proven,
        handed_from=row,
        now=now,
    )
    papers_carry(source=row, target=taken.amendment, actor=sender, now=now)
    _tell(taken.amendment, f"收到转送的更正申请 {taken.amendment.register_no}", now)


def amendment_prove(*, query_code: str, proofs: Sequence[Any], now: datetime) -> AmendmentRequest:
    """The applicant hands in the evidence that was asked for, on the own page; raises NotFound, Refused."""
    if not proofs:
        raise Refused(Issue("foi.amendment.proof", "proof"))
    command = AmendmentCommand(verb=AmendmentVerb.RECEIVE_EVIDENCE, on=day_of(now), by=APPLICANT, evidence=True)
    return _by_applicant(query_code, command, proofs, now)


def amendment_withdraw(*, query_code: str, statement: str, now: datetime) -> AmendmentRequest:
    """The applicant takes the request back on the own page; raises NotFound, Refused."""
    text = statement.strip()[:500] or "申请人凭查询码在网上撤回"
    command = AmendmentCommand(verb=AmendmentVerb.WITHDRAW, on=day_of(now), by=APPLICANT, text=text)
    return _by_applicant(query_code, command, (), now)


def _by_applicant(query_code: str, command: AmendmentCommand, proofs: Sequence[Any], now: datetime) -> AmendmentRequest:
    actor = Actor(user_id=None, name=APPLICANT)
    found = amendment_by_code(query_code=query_code)
    with transaction.atomic(), gathered():
        rows = AmendmentRequest.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
        row = rows.get(pk=found.pk)
        course = amendment_course(row, row.events.all(), today=day_of(now))
        issues = decide_amendment(course.state, command, today=day_of(now)).issues
        if issues:
            raise Refused(issues)
        for upload in proofs:
            paper_write(row=row, actor=actor, kind=Kind.PROOF, upload=upload, now=now)
        _write(course, actor, command, "", now)
        if command.verb is AmendmentVerb.RECEIVE_EVIDENCE:
            _tell(row, f"更正申请 {row.register_no} 补充了证据", now)
    return row


def amendments_refresh(*, now: datetime) -> int:
    """Read the periods of open requests again (a new holiday notice moves days); returns how many changed."""
    changed, calendar = 0, calendar_current()
    with transaction.atomic():
        rows = AmendmentRequest.objects.filter(decided_on__isnull=True, received_on__isnull=False)
        for row in rows.prefetch_related("events").select_for_update(of=("self",), no_key=True):
            before = (row.due_on, row.provisional)
            columns_set(amendment_course(row, row.events.all(), today=day_of(now), calendar=calendar))
            if (row.due_on, row.provisional) != before:
                row.save(update_fields=["due_on", "provisional"])
                changed += 1
    return changed


def columns_set(course: AmendmentCourse) -> None:
    """Repeat in the columns what the events of a request add up to; the caller saves."""
    row, state = course.row, course.state
    row.stage = state.stage.value
    row.received_on = state.received_on
    row.due_on = course.reading.due_on if course.reading is not None else None
    row.provisional = bool(course.reading is not None and course.reading.provisional)
    row.outcome = state.outcome.value if state.outcome is not None else ""
    row.organ = state.organ[:120]
    row.decided_on, row.told_on = state.decided_on, state.told_on


def _locked(actor: Actor, amendment_id: int, now: datetime) -> AmendmentCourse:
    rows = AmendmentRequest.objects.select_related("unit", "applicant").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=amendment_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound(WHAT)
    return amendment_course(found, found.events.all(), today=day_of(now))


def _write(course: AmendmentCourse, actor: Actor, command: AmendmentCommand, words: str, now: datetime) -> None:
    """Write an accepted step: its event, the columns, the audit entry."""
    row = course.row
    event = AmendmentEvent.objects.create(
        amendment=row,
        number=row.event_count + 1,
        verb=command.verb.value,
        on=command.on,
        data=amendment_to_data(command),
        by_id=actor.user_id,
        by_name=actor.name[:150],
        at=now,
    )
    row.event_count = event.number
    row.changed_at = now
    columns_set(amendment_course(row, [*course.events, event], today=day_of(now)))
    row.save()
    amendment_audit(
        row=row,
        actor=actor,
        action=AMENDMENT_ACTIONS[command.verb],
        summary=words or f"{AMENDMENT_VERB_NAMES[command.verb]}（{command.on.isoformat()}）",
        event=event.number,
        now=now,
    )


def _tell(row: AmendmentRequest, title: str, now: datetime) -> None:
    """Tell the office of the unit; nothing about the person or the record."""
    people = users_of_units(unit_ids=[row.unit_id], today=day_of(now), roles=permissions.OFFICE)
    notice_send(
        recipients=[user.pk for user in people.get(row.unit_id, ())],
        kind=KIND_AMENDMENT,
        title=title,
        body="请核实申请人的身份和证据，作出处理后书面告知申请人。",
        url=reverse("foi:staff:amendment", args=[row.pk]),
        dedupe_key=f"foi.amendment.{row.pk}.{row.event_count}",
        now=now,
    )
