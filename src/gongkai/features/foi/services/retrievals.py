"""Asking a division for the records of a case, and what it does with that; every step leaves its trace and an audit entry.

The events of the case say that a division was asked and that it answered (``Assigned``, ``AssignmentReturned``). Where the
case stands at a stage that knows neither (its reply is signed, a supplement is awaited), the division answers all the same
and the case is left alone: it never waits for a division.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.retrieval import (
    OUTCOMES,
    Act,
    Outcome,
    Search,
    check_answer,
    check_hidden,
    check_sending,
    search_lines,
)
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper, Retrieval, RetrievalFile
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.retrievals import OPEN_STAGES
from gongkai.features.foi.services.hidden import applicant_data
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.retrieval_notices import division_tell, office_tell
from gongkai.features.foi.services.retrieval_writing import (
    LONGEST,
    case_step,
    division_find,
    keeper_of,
    retrieval_audit,
    retrieval_lock,
    retrieval_move,
    retrieval_write,
)
from gongkai.features.foi.services.writing import case_lock, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.letters import letter_render

SEARCH_RECORD = "F04_search_record"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a division answers: its result, words, how it searched, and the files it found."""

    outcome: Outcome
    words: str = ""
    search: Search = Search()
    files: tuple[Any, ...] = ()


@sensitive_variables()
def retrieval_send(
    *,
    actor: Actor,
    application_id: int,
    division_id: int,
    wanted: str,
    question: str = "",
    due_on: date,
    custodian: bool = False,
    named_because: str = "",
    now: datetime,
) -> Retrieval:
    """Ask a division for the records of a case, by its own day.

    ``wanted`` and ``question`` are all it learns: the applicant's data are refused in them. A name that is part of what is
    looked for (the applicant's own record) goes through with ``named_because``. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        course = case_lock(actor=actor, application_id=application_id)
        application, on = course.application, day_of(now)
        if not permissions.can_handle_case(actor, application.unit_id):
            raise NotPermitted(ability="交内设机构查找")
        division = division_find(application, division_id, on)
        hidden = applicant_data(application.applicant, names=not named_because.strip())
        issues = [
            *check_sending(wanted=wanted, sent_on=on, due_on=due_on, hidden=hidden),
            *check_hidden({"question": question}, hidden),
        ]
        if division is None:
            issues.append(Issue("foi.retrieval.division", "division"))
        ref = division.display_name if division else ""
        command = c.Assign(on=on, by=actor.name, ref=ref, due_on=due_on)
        if division is not None and due_on >= on:
            decision = decide(course.state, command, law=course.law, today=on)
            issues += [] if decision.allowed else decision.issues
        if issues or division is None:
            raise Refused(issues)
        words = f"写明姓名的理由：{named_because.strip()}" if named_because.strip() else ""
        return retrieval_write(
            course=course,
            actor=actor,
            division=division,
            wanted=wanted.strip()[:LONGEST],
            question=question.strip()[:LONGEST],
            due_on=due_on,
            custodian=custodian,
            words=words,
            now=now,
        )


def retrieval_accept(*, actor: Actor, retrieval_id: int, now: datetime) -> Retrieval:
    """The division has seen it and begins; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        _, row = retrieval_lock(actor, retrieval_id, Act.ACCEPT)
        row.accepted_on = day_of(now)
        retrieval_move(row, Act.ACCEPT, actor, "", now, "accepted_on")
        retrieval_audit(row, actor, Act.ACCEPT, "签收", now)
    return row


@sensitive_variables()
def retrieval_answer(*, actor: Actor, retrieval_id: int, answer: Answer, now: datetime) -> Retrieval:
    """Keep what the division found or did not find: its files are papers of the case, its search is evidence there.

    Raises NotFound, NotPermitted, Refused with everything that is missing.
    """
    with transaction.atomic(), gathered():
        course, row = retrieval_lock(actor, retrieval_id, Act.ANSWER)
        today, search = day_of(now), answer.search
        issues = check_answer(
            outcome=answer.outcome,
            words=answer.words,
            search=search,
            files=len(answer.files),
            sent_on=_first_sent(row),
            today=today,
        )
        if issues:
            raise Refused(issues)
        row.answered_on, row.outcome, row.answer = today, answer.outcome.value, answer.words.strip()[:LONGEST]
        row.search_where, row.search_words = search.where.strip()[:LONGEST], search.words.strip()[:LONGEST]
        row.search_span, row.search_person = search.span.strip()[:200], search.person.strip()[:60]
        row.search_on = search.on
        retrieval_move(row, Act.ANSWER, actor, OUTCOMES[answer.outcome], now, *_ANSWERED)
        for upload in answer.files:
            kept = paper_write(
                application=course.application,
                actor=actor,
                kind=CasePaper.Kind.RECORD.value,
                title="",
                note=f"{row.ref}查找提供",
                upload=upload,
                keeper_id=keeper_of(actor, row),
                now=now,
            )
            RetrievalFile.objects.create(retrieval=row, paper=kept)
        if answer.outcome is not Outcome.FOUND:
            _keep_search(course, row, actor, now)
        returned = c.ReturnAssignment(on=today, by=actor.name, ref=row.ref, found=answer.outcome is not Outcome.NONE)
        case_step(course, actor, returned, now)
        retrieval_audit(
            row, actor, Act.ANSWER, f"“{row.ref}”答复：{OUTCOMES[answer.outcome]}", now, files=len(answer.files)
        )
        office_tell(retrieval=row, what=f"“{row.ref}”已答复：{OUTCOMES[answer.outcome]}", key="answered", now=now)
    return row


_ANSWERED = (
    "answered_on",
    "outcome",
    "answer",
    "search_where",
    "search_words",
    "search_span",
    "search_person",
    "search_on",
)


def _keep_search(course: Course, row: Retrieval, actor: Actor, now: datetime) -> None:
    """Keep the record of the search with the case: a note for each line of the checklist, and the sheet as a letter."""
    search = Search(row.search_where, row.search_words, row.search_span, row.search_person, row.search_on)
    outcome = Outcome(row.outcome)
    for line in search_lines(search, division=row.ref, outcome=outcome, answer=row.answer, custodian=row.custodian):
        paper_write(
            application=course.application,
            actor=actor,
            kind=CasePaper.Kind.EVIDENCE.value,
            title=line.title,
            note=line.words,
            evidence=line.evidence,
            now=now,
        )
    form = letter_form(code=SEARCH_RECORD, on=day_of(now))
    if form is None:
        return
    values = {
        "application_no": course.application.register_no,
        "request": row.wanted,
        "systems": row.search_where,
        "units": row.ref,
        "keywords": row.search_words,
        "span": row.search_span,
        "person": row.search_person,
        "search_on": row.search_on,
        "result": f"{OUTCOMES[outcome]}。{row.answer}",
    }
    paper_write(
        application=course.application,
        actor=actor,
        kind=CasePaper.Kind.EVIDENCE.value,
        title=f"{form.title}（{row.ref}）",
        evidence="search_result",
        letter=form.code,
        upload=letter_render(form, values),
        name=f"{course.application.register_no} {form.title} {row.number}.docx",
        keeper_id=keeper_of(actor, row),
        now=now,
    )


def retrieval_ask_back(*, actor: Actor, retrieval_id: int, words: str, now: datetime) -> Retrieval:
    """The division cannot search with what it was told and says what it needs; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        _, row = retrieval_lock(actor, retrieval_id, Act.ASK_BACK)
        _need(words)
        retrieval_move(row, Act.ASK_BACK, actor, words.strip(), now)
        retrieval_audit(row, actor, Act.ASK_BACK, f"“{row.ref}”退回并说明", now)
        office_tell(retrieval=row, what=f"“{row.ref}”退回，需要补充说明", key=f"back.{_count(row)}", now=now)
    return row


@sensitive_variables()
def retrieval_clarify(*, actor: Actor, retrieval_id: int, words: str, now: datetime) -> Retrieval:
    """The office answers what the division asked back; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        course, row = retrieval_lock(actor, retrieval_id, Act.CLARIFY)
        _need(words)
        issues = check_hidden({"words": words}, applicant_data(course.application.applicant))
        if issues:
            raise Refused(issues)
        retrieval_move(row, Act.CLARIFY, actor, words.strip(), now)
        retrieval_audit(row, actor, Act.CLARIFY, f"向“{row.ref}”补充说明", now)
        division_tell(retrieval=row, what="有补充说明，请继续查找", key=f"clear.{_count(row)}", now=now)
    return row


def retrieval_hand_on(*, actor: Actor, retrieval_id: int, division_id: int, words: str, now: datetime) -> Retrieval:
    """Hand on to the division that has the records; returns the new retrieval, with the same day. Raises as the others."""
    with transaction.atomic(), gathered():
        course, row = retrieval_lock(actor, retrieval_id, Act.HAND_ON)
        today = day_of(now)
        division = division_find(course.application, division_id, today)
        issues = [] if words.strip() else [Issue("foi.reason.missing", "words")]
        if division is None or division.pk == row.division_id:
            issues.append(Issue("foi.retrieval.division", "division"))
        elif course.application.retrievals.filter(division=division, stage__in=OPEN_STAGES).exists():
            issues.append(Issue("foi.assignment.open", "division", {"ref": division.display_name}))
        if issues or division is None:
            raise Refused(issues)
        retrieval_move(row, Act.HAND_ON, actor, f"转交“{division.display_name}”：{words.strip()}", now)
        after = case_step(course, actor, c.ReturnAssignment(on=today, by=actor.name, ref=row.ref), now)
        retrieval_audit(row, actor, Act.HAND_ON, f"“{row.ref}”转交“{division.display_name}”", now)
        office_tell(retrieval=row, what=f"“{row.ref}”已转交“{division.display_name}”", key="handed_on", now=now)
        return retrieval_write(
            course=after,
            actor=actor,
            division=division,
            wanted=row.wanted,
            question=row.question,
            due_on=max(row.due_on, today),
            custodian=row.custodian,
            follows=row,
            words=f"由“{row.ref}”转来：{words.strip()}",
            now=now,
        )


def retrieval_recall(*, actor: Actor, retrieval_id: int, words: str, now: datetime) -> Retrieval:
    """The office no longer needs the answer; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        course, row = retrieval_lock(actor, retrieval_id, Act.RECALL)
        _need(words)
        retrieval_move(row, Act.RECALL, actor, words.strip(), now)
        case_step(course, actor, c.ReturnAssignment(on=day_of(now), by=actor.name, ref=row.ref), now)
        retrieval_audit(row, actor, Act.RECALL, f"不再需要“{row.ref}”查找", now)
        division_tell(retrieval=row, what="不再需要查找", key="recalled", now=now)
    return row


def _first_sent(row: Retrieval) -> date:
    """The day the first division of a chain was asked: what was searched since then counts."""
    first: Retrieval = row
    while first.follows is not None:
        first = first.follows
    return first.sent_on


def _need(words: str) -> None:
    if not words.strip():
        raise Refused(Issue("foi.reason.missing", "words"))


def _count(row: Retrieval) -> int:
    return row.steps.count()
