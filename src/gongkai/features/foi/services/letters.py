"""Writing the letters of a case: checked, numbered without gaps, kept with the case as DOCX."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.answer_texts import places_left
from gongkai.domain.foi.letters import Direction, LetterForm
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.remedies import RemedyBlock
from gongkai.domain.foi.sending import Dispatch, check_before_sending
from gongkai.domain.issues import Issue, Severity, has_errors
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper, LetterTemplate
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.letter_rules import letter_form, letters_on
from gongkai.features.foi.selectors.letters import is_outgoing, letter_known
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.selectors.templates import template_data, template_faults, template_in_use
from gongkai.features.foi.services.answers import answer_used
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.writing import case_lock, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.letters import letter_render
from gongkai.kernel.registers.services import number_take
from gongkai.rulebook.messages import describe

SERIES = "foi.letter"


@sensitive_variables()
def letter_write(
    *,
    actor: Actor,
    application_id: int,
    code: str,
    values: Mapping[str, Any],
    delivery: Delivery,
    sealed: bool,
    issuer: str = "",
    answer_id: int | None = None,
    on: date,
    now: datetime,
) -> CasePaper:
    """Write a letter of a case and keep it with the case; one that leaves the house takes the next number of its unit.

    ``values`` are what the clerk wrote; what the program knows (addressee, dates, basis, remedies) is put in by it and
    cannot be written otherwise. ``sealed`` says that the seal is put on it, ``issuer`` under which of its names the office
    signs, ``answer_id`` from which answer template the words came. The template in use in the office is filled. The checks
    before sending hold for what goes out; errors refuse the letter, and no number is used up. Raises NotFound,
    NotPermitted, Refused with all reasons.
    """
    with transaction.atomic(), gathered():
        course = case_lock(actor=actor, application_id=application_id)
        application = course.application
        if not permissions.can_handle_case(actor, application.unit_id):
            raise NotPermitted(ability="制作文书")
        form = letter_form(code=code, on=on)
        if form is None:
            raise Refused(Issue("foi.letter.unknown", "letter", {"code": code}))
        office = office_on(unit=application.unit, on=on)
        if issuer and issuer not in office.issuer_names:
            told = {"name": issuer, "known": "、".join(office.issuer_names)}
            raise Refused(Issue("foi.office.issuer_name", "issuer", told))
        known, remedy = letter_known(
            application=application, course=course, form=form, on=on, delivery=delivery, issuer=issuer
        )
        if is_outgoing(form):
            number = number_take(series=SERIES, year=on.year, unit_id=application.unit_id)
            known["doc_no"] = office.doc_no(year=on.year, number=number)
        filled = {**values, **known}
        template, issues = own_template(unit_id=application.unit_id, form=form, on=on)
        if answer_id is not None:
            issues += places_left(form, values)
        issues += letter_issues(
            course=course, form=form, values=filled, remedy=remedy, sealed=sealed, today=day_of(now)
        )
        if has_errors(issues):
            raise Refused([issue for issue in issues if issue.severity is Severity.ERROR])
        paper = paper_write(
            application=application,
            actor=actor,
            kind=CasePaper.Kind.LETTER.value,
            title=form.title,
            letter=form.code,
            letter_no=str(filled.get("doc_no", "")) if is_outgoing(form) else "",
            note=f"按本单位模板第{template.number}版制作。" if template is not None else "",
            upload=letter_render(form, filled, own=template_data(template)),
            name=f"{application.register_no} {form.title}.docx",
            now=now,
        )
        if answer_id is not None:
            answer_used(paper=paper, answer_id=answer_id, unit_id=application.unit_id)
        return paper


def own_template(*, unit_id: int, form: LetterForm, on: date) -> tuple[LetterTemplate | None, tuple[Issue, ...]]:
    """Return the office's own template of a letter, if one is in use, and whether the rules have left it behind."""
    template = template_in_use(unit_id=unit_id, code=form.code)
    if template is None:
        return None, ()
    reasons = "".join(describe(issue) for issue in template_faults(template=template, on=on))
    if not reasons:
        return template, ()
    values = {"letter": form.title, "number": template.number, "reason": reasons}
    return template, (Issue("foi.template.outdated", "letter", values),)


@sensitive_variables()
def letter_issues(
    *,
    course: Course,
    form: LetterForm,
    values: Mapping[str, Any],
    remedy: RemedyBlock | None,
    sealed: bool,
    sent_before: bool | None = None,
    today: date,
) -> tuple[Issue, ...]:
    """Return what speaks against sending a letter: errors that stop it, and what wants a look.

    ``sent_before`` tells whether the case has this letter already, where that is known; else it is looked up.
    """
    if not is_outgoing(form):
        return ()
    application, answer = course.application, course.state.answer
    if sent_before is None:
        sent_before = application.papers.filter(letter=form.code, removed_at__isnull=True).exists()
    person = application.applicant
    hidden = {}
    if form.direction is not Direction.TO_APPLICANT:
        kept = {"姓名": person.name, "证件号码": person.id_number, "联系电话": person.phone}
        hidden = {label: value.for_machine() for label, value in kept.items() if value is not None}
    with_result = answer is not None and form.tells_remedies and "legal_basis" in values
    dispatch = Dispatch(
        values=values,
        sealed=sealed,
        today=today,
        due_on=application.due_on if with_result else None,
        disposition=answer.disposition if with_result and answer else "",
        grounds=answer.grounds if with_result and answer else (),
        remedy=remedy,
        hidden=hidden,
        sent_before=sent_before,
    )
    return check_before_sending(form, dispatch, rules=course.law.dispositions, outdated=letters_on(today).outdated)
