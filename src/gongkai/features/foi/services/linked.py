"""Papers that go on elsewhere: several matters split, misdirected ones handed over, copies merged (条例 arts. 29-31).

In each the old case ends by its own step and the new one begins with its own events; the applicant reads on the old page
how it goes on. Names, numbers and contact data go from sealed column to sealed column and are shown to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.intake import Request
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.parting import Part, check_parts
from gongkai.domain.foi.receipt import NEEDED, Channel, ReceiptFact
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.foi.wishes import Form
from gongkai.domain.issues import Issue, Severity
from gongkai.features.foi.events import ApplicationSubmitted
from gongkai.features.foi.models import Applicant, Application, CaseLink, CasePaper
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.alike import asked_text, same_applicant
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.units import receiving_unit
from gongkai.features.foi.services.actions import KIND_CASE
from gongkai.features.foi.services.beginning import Taken, application_begin, receive
from gongkai.features.foi.services.commands import case_open, step_write
from gongkai.features.foi.services.papers import SEALED_ENDING, identity_place, paper_write
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.sealed import unseal_bytes

WHO = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")
# What came in with the paper; what the office wrote itself stays where it was written.
_CARRIED = (CasePaper.Kind.APPLICATION, CasePaper.Kind.IDENTITY, CasePaper.Kind.SUPPLEMENT)
LEFT_OUT = "拆分时没有列入的内容"


@sensitive_variables()
def application_split(
    *,
    actor: Actor,
    application_id: int,
    parts: Sequence[Part],
    on: date,
    reason: str = "",
    seen: int | None = None,
    now: datetime,
) -> list[Taken]:
    """Split a paper with several matters into applications of their own; returns them with their query codes.

    Each part gets its own number without gaps, its own code and its own events, with the channel and the days of receipt of
    the paper; papers and sealed data are carried over. ``reason`` says why something of the paper is in no part; it is
    kept with the old case. Raises NotFound, NotPermitted, Refused with everything that is missing.
    """
    known = [Part(one.subject.strip(), one.description.strip(), one.doc_no.strip()) for one in parts]
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=Verb.SPLIT, seen=seen)
        application = course.application
        # Numbers are taken only when nothing speaks against it; until then the parts stand for them.
        trial = c.Split(on=on, by=actor.name, into=tuple(f"第{n}件" for n, _ in enumerate(known, start=1)))
        _refuse([*check_parts(asked_text(application), known, reason=reason), *_against(course, trial, now)])
        taken = [_part(course, actor, part, now) for part in known]
        split = c.Split(on=on, by=actor.name, into=tuple(one.application.register_no for one in taken))
        if reason.strip():
            paper_write(
                application=application,
                actor=actor,
                kind=CasePaper.Kind.APPLICATION.value,
                title=LEFT_OUT,
                note=reason,
                now=now,
            )
        step_write(course=course, actor=actor, command=split, now=now)
        _link(application, [one.application for one in taken], CaseLink.Kind.SPLIT, on, now)
    return taken


@sensitive_variables()
def application_move(
    *,
    actor: Actor,
    application_id: int,
    reason: str,
    on: date,
    to_unit_id: int | None = None,
    to: str = "",
    seen: int | None = None,
    now: datetime,
) -> Taken | None:
    """Hand a misdirected paper over: to a unit of this installation as its own case, to an organ outside by name only.

    There the paper is in hand on ``on``; the day of receipt is the day on which the unit has confirmed with the applicant
    (国办公开办函〔2015〕207号), and its office is told at once. Returns the new case, None for an organ outside. Raises
    NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=Verb.MOVE, seen=seen)
        application = course.application
        unit = receiving_unit(unit_id=to_unit_id, on=day_of(now)) if to_unit_id is not None else None
        command = c.Move(on=on, by=actor.name, to=unit.name if unit is not None else to, reason=reason)
        own = [Issue("foi.move.itself", "to_unit")] if unit is not None and unit.pk == application.unit_id else []
        _refuse([*own, *_against(course, command, now)])
        step_write(course=course, actor=actor, command=command, now=now)
        if unit is None:
            return None
        sender = Actor.system(f"{application.unit.name}（移送）"[:150])
        submit = c.Submit(on=application.started_on, by=sender.name, channel=Channel.WRONG_UNIT)
        taken = application_begin(
            actor=sender,
            unit=unit,
            submit=submit,
            applicant=applicant_copy(application.applicant),
            request=_request(application, _whole(application)),
            now=now,
        )
        papers_carry(source=application, target=taken.application, actor=sender, now=now)
        receive(application=taken.application, actor=sender, facts={ReceiptFact.IN_HAND: on}, now=now)
        _link(application, [taken.application], CaseLink.Kind.MOVED, on, now)
        publish(ApplicationSubmitted(application_id=taken.application.pk, at=now))
    return taken


def application_merge(
    *,
    actor: Actor,
    application_id: int,
    into: str,
    reason: str,
    on: date,
    same_person: bool = False,
    seen: int | None = None,
    now: datetime,
) -> Application:
    """End a copy of a paper that came in twice; it goes on under ``into``, a register number of the same unit.

    Both must be by the same applicant, told by digests without opening anything, or by ``same_person``: somebody has
    compared them. Papers of the copy are carried over. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=Verb.MERGE, seen=seen)
        application = course.application
        command = c.Merge(on=on, by=actor.name, into=into, reason=reason)
        rows = Application.objects.select_related("applicant", "unit").select_for_update(of=("self",), no_key=True)
        target = rows.filter(unit_id=application.unit_id, register_no=into.strip()).first()
        _refuse([*_against(course, command, now), *_merge_issues(application, target, into.strip(), same_person)])
        assert target is not None
        step_write(course=course, actor=actor, command=command, now=now)
        papers_carry(source=application, target=target, actor=actor, now=now)
        _link(application, [target], CaseLink.Kind.MERGED, on, now)
    return application


def moved_tell(*, application_id: int, now: datetime, happened_at: datetime | None = None) -> int:
    """Tell the office of a unit that a misdirected application was handed to it; returns how many notices are new."""
    link = CaseLink.objects.filter(target_id=application_id, kind=CaseLink.Kind.MOVED).first()
    if link is None:
        return 0
    application = Application.objects.get(pk=application_id)
    people = users_of_units(unit_ids=[application.unit_id], today=day_of(now), roles=OFFICE)
    return notice_send(
        recipients=[user.pk for user in people.get(application.unit_id, ())],
        kind=KIND_CASE,
        title=f"收到移送的公开申请 {application.register_no}，请当日确认",
        body="申请人误投到其他单位，现移送本单位。与申请人确认之日为收到申请之日，请在今天与申请人联系确认。",
        url=reverse("foi:staff:case", args=[application.pk]),
        dedupe_key=f"foi.moved.{application.pk}",
        level="warning",
        now=now,
        happened_at=happened_at,
    )


@sensitive_variables()
def applicant_copy(person: Applicant) -> Applicant:
    """Return the data of an applicant for another case, sealed anew and not saved yet."""
    values = {name: getattr(person, name) for name in WHO}
    return Applicant(
        kind=person.kind,
        **{name: value.for_machine() if value is not None else None for name, value in values.items()},
    )


@sensitive_variables()
def papers_carry(*, source: Application, target: Application, actor: Actor, now: datetime) -> None:
    """Give a case the papers that came in with another one; proofs of identity are sealed for the new case."""
    papers = source.papers.select_related("file").filter(kind__in=_CARRIED, removed_at__isnull=True)
    for paper in papers.order_by("added_at", "id"):
        if paper.title == LEFT_OUT:
            continue
        data, name = None, ""
        if paper.file is not None:
            data, name = file_path(file=paper.file).read_bytes(), paper.file.name
            if paper.sealed:
                data, name = unseal_bytes(data, place=identity_place(source)), name.removesuffix(SEALED_ENDING)
        paper_write(
            application=target,
            actor=actor,
            kind=paper.kind,
            title=paper.title,
            note=paper.note,
            upload=data,
            name=name,
            now=now,
        )


def _against(course: Course, command: c.Command, now: datetime) -> tuple[Issue, ...]:
    found = decide(course.state, command, law=course.law, today=day_of(now)).issues
    return tuple(issue for issue in found if issue.severity is Severity.ERROR)


def _refuse(issues: Iterable[Issue]) -> None:
    found = list(issues)
    if found:
        raise Refused(found)


def _merge_issues(application: Application, target: Application | None, into: str, same_person: bool) -> list[Issue]:
    if not into or into == application.register_no:
        return []  # the machine tells that already
    if target is None:
        return [Issue("foi.merge.unknown", "into", {"register_no": into})]
    if target.links_on.exclude(kind=CaseLink.Kind.REPEATS).exists():
        return [Issue("foi.merge.elsewhere", "into", {"register_no": into})]
    if not same_person and not same_applicant(application.applicant, target.applicant):
        return [Issue("foi.merge.other_applicant", "same_person", {"register_no": into})]
    return []


@sensitive_variables()
def _part(course: Course, actor: Actor, part: Part, now: datetime) -> Taken:
    source, state = course.application, course.state
    channel = Channel(source.channel)
    submit = c.Submit(on=source.started_on, by=actor.name, channel=channel, split_from=source.register_no)
    taken = application_begin(
        actor=actor,
        unit=source.unit,
        submit=submit,
        applicant=applicant_copy(source.applicant),
        request=_request(source, part),
        now=now,
    )
    papers_carry(source=source, target=taken.application, actor=actor, now=now)
    facts = {fact: day for fact, day in state.receipt.items() if fact is not ReceiptFact.SUBMITTED}
    receive(
        application=taken.application,
        actor=actor,
        facts={fact: day for fact, day in facts.items() if fact in NEEDED[channel]},
        now=now,
    )
    _receipt_like(course, taken.application, actor, now)
    publish(ApplicationSubmitted(application_id=taken.application.pk, at=now))
    return taken


def _receipt_like(course: Course, part: Application, actor: Actor, now: datetime) -> None:
    """A part has the corrected day of receipt of its paper, and its applicant is as unreachable as there."""
    after = case_course(application=part)
    received_on = course.state.received_on
    commands: list[c.Command] = []
    if received_on is not None and after.state.received_on not in (None, received_on):
        why = "；".join(one.reason for one in course.state.corrections)
        reason = f"随原件{course.application.register_no}：{why}"
        commands.append(c.CorrectReceipt(on=day_of(now), by=actor.name, received_on=received_on, reason=reason))
    if course.state.unreachable_on is not None:
        tried = [event.attempts for event in course.events if isinstance(event, e.FoundUnreachable)]
        attempts = tried[-1] if tried else f"随原件{course.application.register_no}"
        last = after.state.latest[1] if after.state.latest is not None else course.state.unreachable_on
        on = max(course.state.unreachable_on, last)
        commands.append(c.NoteUnreachable(on=on, by=actor.name, attempts=attempts))
    for command in commands:
        step_write(course=case_course(application=part), actor=actor, command=command, now=now)


def _whole(application: Application) -> Part:
    return Part(application.subject, application.description, application.doc_no)


def _request(application: Application, part: Part) -> Request:
    return Request(
        subject=part.subject,
        description=part.description,
        doc_no=part.doc_no,
        wanted_form=Form(application.wanted_form),
        wanted_delivery=Delivery(application.wanted_delivery),
    )


def _link(source: Application, targets: Sequence[Application], kind: CaseLink.Kind, on: date, now: datetime) -> None:
    CaseLink.objects.bulk_create(
        CaseLink(source=source, target=target, kind=kind, on=on, made_at=now) for target in targets
    )
