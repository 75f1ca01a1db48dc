"""A reply to a repeat (条例 art. 36(6)): drafted from the comparison with the earlier case, with its evidence attached."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseLink, CasePaper
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.alike import same_applicant
from gongkai.features.foi.selectors.comparing import REPEAT, answer_letters, repeat_hindrance
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.services.commands import changed_meanwhile, step_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import case_lock
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path


def repeat_draft(
    *,
    actor: Actor,
    application_id: int,
    earlier_id: int,
    on: date,
    same_person: bool = False,
    seen: int | None = None,
    now: datetime,
) -> Application:
    """Draft that an application is a repeat of an earlier one that was answered, and keep number, day and letter of that.

    Both must be by the same applicant, told by digests, or by ``same_person``: somebody has compared them. Raises NotFound,
    NotPermitted, Refused with all reasons.
    """
    with transaction.atomic(), gathered():
        course = case_lock(actor=actor, application_id=application_id)
        application = course.application
        if not permissions.can_do(actor, Verb.DRAFT, application.unit_id):
            raise NotPermitted(ability=f"{VERB_NAMES[Verb.DRAFT]}（公开申请 {application.register_no}）")
        earlier = case_course(application=application_get(actor=actor, application_id=earlier_id))
        issues = [*changed_meanwhile(course, seen), *_issues(course, earlier, same_person)]
        if issues:
            raise Refused(issues)
        command = c.Draft(on=on, by=actor.name, disposition=REPEAT)
        step_write(course=course, actor=actor, command=command, now=now)
        _evidence(application, earlier, actor, now)
        CaseLink.objects.get_or_create(
            source=application,
            target=earlier.application,
            defaults={"kind": CaseLink.Kind.REPEATS, "on": on, "made_at": now},
        )
    return application


def _issues(course: Course, earlier: Course, same_person: bool) -> list[Issue]:
    one, other = course.application, earlier.application
    issues = []
    if one.unit_id != other.unit_id:
        issues.append(Issue("foi.repeat.other_unit", "earlier"))
    why = repeat_hindrance(course, earlier)
    if why:
        issues.append(Issue("foi.repeat.hindered", "earlier", {"why": why}))
    if not same_person and not same_applicant(one.applicant, other.applicant):
        issues.append(Issue("foi.repeat.other_applicant", "same_person", {"register_no": other.register_no}))
    return issues


def _evidence(application: Application, earlier: Course, actor: Actor, now: datetime) -> None:
    other, answer = earlier.application, earlier.state.answer
    assert answer is not None and answer.replied_on is not None
    paper_write(
        application=application,
        actor=actor,
        kind=CasePaper.Kind.EVIDENCE.value,
        title=f"前次申请 {other.register_no}",
        note=f"登记编号{other.register_no}，收到申请之日{other.received_on}，所需信息：{other.subject}",
        evidence="earlier_case",
        now=now,
    )
    letter = next(iter(answer_letters(earlier)), None)
    file = letter.file if letter is not None else None
    number = f"文号{letter.letter_no}，" if letter is not None and letter.letter_no else ""
    paper_write(
        application=application,
        actor=actor,
        kind=CasePaper.Kind.EVIDENCE.value,
        title=f"前次答复 {other.register_no}",
        note=f"{number}答复日期{answer.replied_on}",
        evidence="earlier_reply",
        upload=file_path(file=file).read_bytes() if file is not None else None,
        name=file.name if file is not None else "",
        now=now,
    )
