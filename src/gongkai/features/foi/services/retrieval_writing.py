"""What every step of a retrieval has in common: locking, its stage and trace, the event of the case, the audit entry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.retrieval import RETRIEVAL_TABLE, Act, RetrievalStage, check_act
from gongkai.domain.foi.table import possible
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, Retrieval, RetrievalStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.divisions import divisions_of
from gongkai.features.foi.selectors.retrievals import acts_open, serves
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.retrieval_notices import division_tell
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit

LONGEST = 2000


def retrieval_write(
    *,
    course: Course,
    actor: Actor,
    division: Unit,
    wanted: str,
    question: str,
    due_on: date,
    custodian: bool,
    follows: Retrieval | None = None,
    words: str,
    now: datetime,
) -> Retrieval:
    """Write a retrieval, its first step and the event of the case, and tell the division."""
    application, on = course.application, day_of(now)
    last = application.retrievals.order_by("-number").values_list("number", flat=True).first()
    row = Retrieval.objects.create(
        application=application,
        number=(last or 0) + 1,
        division=division,
        ref=division.display_name,
        wanted=wanted,
        question=question,
        custodian=custodian,
        follows=follows,
        stage=RetrievalStage.SENT.value,
        sent_on=on,
        due_on=due_on,
        sent_by_id=actor.user_id,
        changed_at=now,
    )
    retrieval_step(row, Act.SEND, actor, words, now)
    case_step(course, actor, c.Assign(on=on, by=actor.name, ref=row.ref, due_on=due_on), now)
    retrieval_audit(row, actor, Act.SEND, f"交“{row.ref}”查找，{due_on.isoformat()}前反馈", now)
    division_tell(retrieval=row, what=f"有新的查找任务，请在 {due_on.isoformat()} 前反馈", key="sent", now=now)
    return row


def recall_ended(*, row: Retrieval, actor: Actor, now: datetime) -> None:
    """Close a locked retrieval whose case is over; inside a transaction only."""
    retrieval_move(row, Act.RECALL, actor, "公开申请已经办结", now)
    retrieval_audit(row, actor, Act.RECALL, f"案件已办结，不再需要“{row.ref}”查找", now)


def retrieval_lock(actor: Actor, retrieval_id: int, act: Act) -> tuple[Course, Retrieval]:
    """Lock a case and its retrieval for an act; whoever may not know of it gets NotFound, whoever may not do it NotPermitted."""
    known = Retrieval.objects.filter(pk=retrieval_id).values_list("application_id", flat=True).first()
    rows = Application.objects.select_related("unit", "applicant").select_for_update(of=("self",), no_key=True)
    application = rows.filter(pk=known).first()
    row = Retrieval.objects.select_related("division").select_for_update(of=("self",), no_key=True)
    found = row.filter(pk=retrieval_id).first()
    if application is None or found is None:
        raise NotFound("调取信息的任务")
    found.application = application
    if not serves(actor, found) and not permissions.can_see_case(actor, application.unit_id):
        raise NotFound("调取信息的任务")
    if application.closed_on is not None:
        raise Refused(Issue("foi.retrieval.case_over", "act", {"closed": application.closed_on}))
    wrong = check_act(RetrievalStage(found.stage), act)
    if wrong:
        raise Refused(wrong)
    if act not in acts_open(actor=actor, retrieval=found):
        raise NotPermitted(ability="办理调取信息的任务")
    return case_course(application=application), found


def retrieval_move(row: Retrieval, act: Act, actor: Actor, words: str, now: datetime, *columns: str) -> None:
    """Move a locked retrieval to the stage that an act leads to, with its trace; ``columns`` are saved besides."""
    row.stage = RETRIEVAL_TABLE[RetrievalStage(row.stage), act].value
    row.changed_at = now
    row.save(update_fields=["stage", "changed_at", *columns])
    retrieval_step(row, act, actor, words, now)


def retrieval_step(row: Retrieval, act: Act, actor: Actor, words: str, now: datetime) -> None:
    """Add one step to the trace of a retrieval."""
    RetrievalStep.objects.create(
        retrieval=row,
        act=act.value,
        words=words[:LONGEST],
        on=day_of(now),
        by_id=actor.user_id,
        by_name=actor.name[:150],
        at=now,
    )


def case_step(course: Course, actor: Actor, command: c.Command, now: datetime) -> Course:
    """Write a step of the case where its stage knows it and it is not refused; returns the case after it."""
    if command.verb not in possible(course.state.stage):
        return course
    if not decide(course.state, command, law=course.law, today=day_of(now)).allowed:
        return course
    return case_course(application=step_write(course=course, actor=actor, command=command, now=now))


def retrieval_audit(row: Retrieval, actor: Actor, act: Act, words: str, now: datetime, **details: Any) -> None:
    """Add an audit entry about a retrieval, without anything of what is looked for; call it last."""
    audit_case(
        application=row.application,
        actor=actor,
        action=f"foi.retrieval.{act.value}",
        summary=words,
        retrieval=row.pk,
        now=now,
        **details,
    )


def division_find(application: Application, division_id: int, on: date) -> Unit | None:
    """Return a division of the unit that was asked, None for any other unit."""
    units = divisions_of(unit_ids=[application.unit_id], on=on)
    return next((unit for unit in units if unit.pk == division_id), None)


def keeper_of(actor: Actor, row: Retrieval) -> int | None:
    """Who stores the files: the division for its people, the unit for its office."""
    return row.division_id if row.division_id in actor.unit_ids else None
