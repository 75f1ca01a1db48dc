"""Correcting the day on which a reply was served: with a reason and a paper, both days kept, everything counted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue, Severity
from gongkai.features.foi.models import CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.delivering import evidence_of, facts_of
from gongkai.features.foi.selectors.service_days import proof_papers, reply_served
from gongkai.features.foi.services.actions import CASE_ACTIONS
from gongkai.features.foi.services.commands import case_open, step_tell
from gongkai.features.foi.services.delivery_rows import delivery_row
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import audit_case, day_of, events_add
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import Refused

STEP = Verb.CORRECT_SERVICE
PROOF = "更正送达日期的凭证"


@sensitive_variables()
def service_correct(
    *,
    actor: Actor,
    application_id: int,
    served_on: date,
    reason: str,
    paper_id: int | None = None,
    upload: Any = None,
    on: date,
    seen: int | None = None,
    now: datetime,
) -> tuple[Issue, ...]:
    """Put the day of service right; returns what wants a look although nothing was refused.

    What proves the right day is a paper with a file that the case has (``paper_id``), or a new one (``upload``). The day
    before stays in the event and, where the letter's delivery was noted, in the row before. Not after destruction. Raises
    NotFound, NotPermitted, Refused with every reason.
    """
    with transaction.atomic(), gathered():
        course = case_open(actor=actor, application_id=application_id, verb=STEP, seen=seen)
        if course.application.applicant.erased_at is not None:
            raise Refused(Issue("foi.service.destroyed"))
        known = {paper.pk: paper for paper in proof_papers(application_id=application_id)}
        paper = known.get(paper_id) if paper_id is not None else None
        words = PROOF if upload is not None else paper.title if paper is not None else ""
        command = c.CorrectService(on=on, by=actor.name, served_on=served_on, reason=reason, proof=words)
        decision = decide(course.state, command, law=course.law, today=day_of(now))
        held = reply_served(course=course)
        issues = [*decision.issues, *_own_issues(held, served_on, missing=paper_id is not None and paper is None)]
        if any(one.severity is Severity.ERROR for one in issues):
            raise Refused(issues)
        before = course.state
        assert before.answer is not None and before.answer.served_on is not None
        state = events_add(course=course, actor=actor, events=decision.events, now=now)
        told = f"送达日期由{before.answer.served_on.isoformat()}更正为{served_on.isoformat()}"
        if upload is not None:
            paper = _proof(course, actor, held, upload, told, now)
        row = _note(held, actor, served_on, reason, paper, now) if held is not None else None
        audit_case(
            application=course.application,
            actor=actor,
            action=CASE_ACTIONS[STEP],
            summary=f"{VERB_NAMES[STEP]}（{on.isoformat()}）：{told}",
            events=[type(event).__name__ for event in decision.events],
            first=course.application.event_count - len(decision.events) + 1,
            paper=paper.pk if paper is not None else None,
            letter=row.paper_id if row is not None else None,
            now=now,
        )
        step_tell(course=course, actor=actor, verb=STEP, state=state, now=now)
    return decision.issues


def _own_issues(held: LetterDelivery | None, served_on: date, *, missing: bool) -> list[Issue]:
    """What speaks against it beside the law: no such paper, a letter that was noted as sent later."""
    issues = [Issue("foi.service.paper", "paper")] if missing else []
    if held is not None and served_on < held.sent_on:
        values = {"on": served_on.isoformat(), "sent": held.sent_on.isoformat()}
        issues.append(Issue("foi.delivering.before_sent", "served_on", values))
    return issues


def _proof(
    course: Course, actor: Actor, held: LetterDelivery | None, upload: Any, told: str, now: datetime
) -> CasePaper:
    letter = held.paper.letter if held is not None else ""
    return paper_write(
        application=course.application,
        actor=actor,
        kind=CasePaper.Kind.SERVICE.value,
        title=PROOF,
        note=f"{told}。",
        evidence=evidence_of(course=course, letter=letter) if letter else "",
        upload=upload,
        now=now,
    )


def _note(
    held: LetterDelivery, actor: Actor, served_on: date, reason: str, proof: CasePaper | None, now: datetime
) -> LetterDelivery:
    """The further row that holds from now on; the time of reading stays only where it is of the right day."""
    same = held.read_at is not None and timezone.localdate(held.read_at) == served_on
    signed_by = held.signed_by.for_machine() if held.signed_by is not None else ""
    facts = replace(facts_of(held), ended_on=served_on, read_at=held.read_at if same else None, signed_by=signed_by)
    row = delivery_row(paper=held.paper, held=held, facts=facts, actor=actor, proof=proof, reason=reason, now=now)
    row.save()
    return row
