"""Noting how a letter was delivered, with its proof; what has been noted is corrected with a reason, never silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts, End, check_delivery
from gongkai.domain.issues import Issue, Severity
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper, LetterDelivery
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.delivering import evidence_of, facts_of, rules_on
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.letters import carries_reply, is_outgoing
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.delivery_rows import NOTICES, delivery_row, delivery_words, note_entry
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import case_lock, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import NotPermitted, Refused

CHANGES = {
    "way": "送达方式",
    "sent_on": "送出日期",
    "posting_no": "邮寄凭证号",
    "end": "送达结果",
    "ended_on": "送达日期",
    "read_at": "网上查阅时间",
    "note": "情况说明",
}


@sensitive_variables()
def delivery_note(
    *,
    actor: Actor,
    paper_id: int,
    facts: DeliveryFacts,
    upload: Any = None,
    reason: str = "",
    now: datetime,
) -> LetterDelivery:
    """Note how a letter goes out or was delivered; for the reply the steps of sending and serving are taken with it.

    ``upload`` is a scan or file of the proof, kept with the case. Changing what was noted needs a ``reason``; the row
    before stays. After the case is closed only a delivery that is still open, or has no scan, is completed. Raises NotFound,
    NotPermitted, Refused with everything that is wrong.
    """
    with transaction.atomic(), gathered():
        paper = CasePaper.objects.filter(pk=paper_id, removed_at__isnull=True).exclude(letter="").first()
        if paper is None:
            raise NotFound("文书")
        course = case_lock(actor=actor, application_id=paper.application_id)
        if not permissions.can_handle_case(actor, course.application.unit_id):
            raise NotPermitted(ability="登记文书送达")
        held = paper.deliveries.select_related("proof").order_by("-number").first()
        facts = _proven(facts, held, upload)
        issues = [*_writable(course, paper, held, facts, reason, now), *_check(course, paper, held, facts, now)]
        if issues:
            raise Refused(issues)
        _steps(course, actor, paper, facts, now)
        proof = _proof(course, actor, paper, held, facts, upload, reason, now)
        row = delivery_row(paper=paper, held=held, facts=facts, actor=actor, proof=proof, reason=reason, now=now)
        row.save()
        record(actor=actor, now=now, **note_entry(course, row, facts))
    return row


def _proven(facts: DeliveryFacts, held: LetterDelivery | None, upload: Any) -> DeliveryFacts:
    """The facts with what is known of the proof, and with the signer that was noted where none is typed again."""
    signed = facts.signed_by.strip()
    if not signed and held is not None and held.signed_by is not None and facts.end is not None:
        signed = held.signed_by.for_machine()
    kept = held is not None and held.proof is not None and held.proof.file_id is not None
    return replace(facts, signed_by=signed, proven=upload is not None or (kept and not _again(held, facts)))


def _writable(
    course: Course,
    paper: CasePaper,
    held: LetterDelivery | None,
    facts: DeliveryFacts,
    reason: str,
    now: datetime,
) -> list[Issue]:
    """Whether the letter goes out at all, and whether what was noted may still be changed."""
    form = letter_form(code=paper.letter, on=day_of(now))
    if form is None or not is_outgoing(form):
        return [Issue("foi.delivering.not_outgoing", "paper", {"letter": paper.title})]
    if held is None:
        return []
    before = facts_of(held)
    changed = [label for name, label in CHANGES.items() if _differs(getattr(before, name), getattr(facts, name))]
    if held.signed_by is not None and held.signed_by.for_machine() != facts.signed_by:
        changed.append("签收人")
    closed = course.application.closed_on
    if closed is not None and held.end and (changed or before.proven):
        return [Issue("foi.delivering.closed", values={"closed": closed.isoformat()})]
    if changed and not _again(held, facts) and not reason.strip():
        return [Issue("foi.delivering.reason", "reason", {"changed": "、".join(changed)})]
    return []


def _again(held: LetterDelivery | None, facts: DeliveryFacts) -> bool:
    """Tell whether a letter that came back goes out again: no correction of what was noted, and proven anew."""
    if held is None or held.end != End.RETURNED.value:
        return False
    same = (held.way, held.sent_on, held.posting_no) == (facts.way.value, facts.sent_on, facts.posting_no.strip())
    return not same and facts.sent_on >= (held.ended_on or held.sent_on)


def _differs(before: object, after: object) -> bool:
    """Tell whether something that was noted is not so any more; adding to what was empty changes nothing."""
    return before not in (None, "") and before != after


def _check(
    course: Course, paper: CasePaper, held: LetterDelivery | None, facts: DeliveryFacts, now: datetime
) -> list[Issue]:
    today = day_of(now)
    issues = [
        one for one in check_delivery(facts, rules=rules_on(today), today=today) if one.severity is Severity.ERROR
    ]
    served_on = _recorded_on(course, paper, held)
    if served_on is not None and (not facts.served or facts.ended_on != served_on):
        told = facts.ended_on.isoformat() if facts.served and facts.ended_on is not None else "没有送达"
        code = "foi.delivering.served_reply" if carries_reply(course, paper) else "foi.delivering.served_fixed"
        issues.append(Issue(code, "ended_on", {"on": served_on.isoformat(), "told": told}))
    return issues


def _recorded_on(course: Course, paper: CasePaper, held: LetterDelivery | None) -> date | None:
    """The day of service that the case has recorded by this letter, None where it has none."""
    if carries_reply(course, paper):
        return course.state.answer.served_on if course.state.answer is not None else None
    notice = getattr(course.state, NOTICES[paper.letter][0]) if paper.letter in NOTICES else None
    by_this = notice is not None and held is not None and facts_of(held).served
    return notice.delivered_on if by_this and notice.delivered_on == held.ended_on else None


def _steps(course: Course, actor: Actor, paper: CasePaper, facts: DeliveryFacts, now: datetime) -> None:
    """Take the steps of the case that the delivery of this letter amounts to."""
    state, commands = course.state, list[c.Command]()
    by = actor.name
    if carries_reply(course, paper) and state.answer is not None:
        answer = state.answer
        if answer.served_on is None:
            if (answer.sent_on, answer.delivery) != (facts.sent_on, facts.way):
                commands.append(c.Send(on=facts.sent_on, by=by, delivery=facts.way))
            if facts.served and facts.ended_on is not None:
                commands.append(c.Serve(on=facts.ended_on, by=by, proof=facts.posting_no.strip() or "送达回证"))
    elif facts.served and facts.ended_on is not None and paper.letter in NOTICES:
        name, deliver = NOTICES[paper.letter]
        notice = getattr(state, name)
        if notice is not None and notice.delivered_on is None:
            commands.append(deliver(on=facts.ended_on, by=by))
    for command in commands:
        application = step_write(course=course, actor=actor, command=command, now=now)
        course = case_course(application=application)


def _proof(
    course: Course,
    actor: Actor,
    paper: CasePaper,
    held: LetterDelivery | None,
    facts: DeliveryFacts,
    upload: Any,
    reason: str,
    now: datetime,
) -> CasePaper | None:
    """The paper that proves the delivery: a new one when a file came or the words changed, else the one that is there."""
    before = held.proof if held is not None and not _again(held, facts) else None
    if upload is None and not facts.served:
        return before
    words = f"《{paper.title}》{paper.letter_no}：{delivery_words(facts)}。"
    if upload is None and before is not None and before.note == words:
        return before
    # What shows that a letter came back is kept, but settles nothing.
    back = facts.end is End.RETURNED
    evidence = "" if back else evidence_of(course=course, letter=paper.letter)
    title = f"{'退回' if back else '送达'}凭证：{paper.title}"[:200]
    if upload is not None or before is None or before.file_id is None:
        proof = paper_write(
            application=course.application,
            actor=actor,
            kind=CasePaper.Kind.SERVICE.value,
            title=title,
            note=words,
            evidence=evidence,
            upload=upload,
            now=now,
        )
    else:  # the same scan, with the corrected words
        proof = CasePaper.objects.create(
            application=course.application,
            kind=CasePaper.Kind.SERVICE.value,
            title=title,
            note=words,
            evidence=evidence,
            file=before.file,
            added_by_id=actor.user_id,
            added_by_name=actor.name[:150],
            added_at=now,
        )
    if before is not None:
        before.removed_at, before.removed_reason = now, reason.strip() or "以新的送达凭证代替"
        before.save(update_fields=["removed_at", "removed_reason"])
    return proof
