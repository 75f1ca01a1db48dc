"""The letter that tells what became of a request for amendment: checked, numbered in the unit's one series, kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.amendment import AMENDMENT_OUTCOME_NAMES, AmendmentOutcome
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.letters import LetterForm
from gongkai.domain.foi.model import DELIVERY_NAMES, CaseState, Delivery
from gongkai.domain.foi.remedies import RemedyBlock
from gongkai.domain.foi.sending import Dispatch, check_before_sending
from gongkai.domain.issues import Issue, Severity
from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentPaper, AmendmentRequest
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import LETTERS, WHAT
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.letter_rules import letter_form, letters_on
from gongkai.features.foi.selectors.letters import NUMBER_PENDING, letter_remedy
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.selectors.templates import template_data
from gongkai.features.foi.services.amendment_papers import amendment_audit, paper_write
from gongkai.features.foi.services.letters import SERIES, own_template
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.letters import letter_render
from gongkai.kernel.registers.services import number_take


@sensitive_variables()
def amendment_letter_known(
    *, row: AmendmentRequest, form: LetterForm, on: date, delivery: Delivery
) -> tuple[dict[str, Any], RemedyBlock | None]:
    """Return what the program knows of the letter's values, and the remedies it must tell (None where it tells none).

    The name of who asked and what was asked are opened for the letter; the caller shows them on its preview only.
    """
    office = office_on(unit=row.unit, on=on)
    natural = row.applicant.kind == ApplicantClass.NATURAL_PERSON
    wrong, wanted = row.wrong.for_machine(), row.wanted.for_machine()
    values: dict[str, Any] = {
        "issuer": office.issuer_names[0],
        "doc_no": NUMBER_PENDING,
        "contact": office.contact_words,
        "application_no": row.register_no,
        "received_on": row.received_on,
        "request": f"{row.record}：{wrong}应更正为{wanted}",
        "addressee": row.applicant.name.for_machine(),
        "you": "你" if natural else "你单位",
        "delivery": DELIVERY_NAMES[delivery],
        "date": on,
        "organ_with_power": row.organ,
        "transferred_on": row.decided_on if row.outcome == AmendmentOutcome.TRANSFERRED.value else None,
    }
    remedy = None
    if form.tells_remedies:
        remedy = letter_remedy(office=office, state=CaseState(), course=None, form=form, on=on, delivery=delivery)
        values["remedy"] = list(remedy.paragraphs)
    return {code: value for code, value in values.items() if code in form.known and value not in (None, "")}, remedy


@sensitive_variables()
def amendment_letter_issues(
    *,
    row: AmendmentRequest,
    form: LetterForm,
    values: Mapping[str, Any],
    remedy: RemedyBlock | None,
    sealed: bool,
    today: date,
) -> tuple[Issue, ...]:
    """Return what speaks against sending the letter: errors that stop it, and what wants a look."""
    dispatch = Dispatch(
        values=values,
        sealed=sealed,
        today=today,
        due_on=None,
        disposition="",
        grounds=(),
        remedy=remedy,
        hidden={},
        sent_before=row.papers.filter(letter=form.code).exists(),
    )
    law = law_of(row.started_on)
    return check_before_sending(form, dispatch, rules=law.dispositions, outdated=letters_on(today).outdated)


@sensitive_variables()
def amendment_letter_write(
    *,
    actor: Actor,
    amendment_id: int,
    values: Mapping[str, Any],
    delivery: Delivery,
    sealed: bool,
    on: date,
    now: datetime,
) -> AmendmentPaper:
    """Write the letter of a decided request with the next number of the unit; a letter that is refused takes none.

    Raises NotFound, NotPermitted, Refused with all reasons.
    """
    with transaction.atomic(), gathered():
        rows = AmendmentRequest.objects.select_related("unit", "applicant").select_for_update(of=("self",), no_key=True)
        row = rows.filter(pk=amendment_id).first()
        if row is None or not permissions.can_see_case(actor, row.unit_id):
            raise NotFound(WHAT)
        if not permissions.can_handle_case(actor, row.unit_id):
            raise NotPermitted(ability="制作文书")
        form = amendment_letter_form(row=row, on=on)
        known, remedy = amendment_letter_known(row=row, form=form, on=on, delivery=delivery)
        number = number_take(series=SERIES, year=on.year, unit_id=row.unit_id)
        known["doc_no"] = office_on(unit=row.unit, on=on).doc_no(year=on.year, number=number)
        filled = {**values, **known}
        template, issues = own_template(unit_id=row.unit_id, form=form, on=on)
        issues += amendment_letter_issues(
            row=row, form=form, values=filled, remedy=remedy, sealed=sealed, today=day_of(now)
        )
        errors = [issue for issue in issues if issue.severity is Severity.ERROR]
        if errors:
            raise Refused(errors)
        paper = paper_write(
            row=row,
            actor=actor,
            kind=AmendmentPaper.Kind.LETTER.value,
            upload=letter_render(form, filled, own=template_data(template)),
            name=f"{row.register_no} {form.title}.docx",
            title=form.title,
            letter=form.code,
            letter_no=str(filled["doc_no"]),
            now=now,
        )
        amendment_audit(
            row=row,
            actor=actor,
            action="foi.amendment.letter",
            summary=f"制作《{form.title}》{paper.letter_no}",
            paper=paper.pk,
            now=now,
        )
    return paper


def amendment_letter_form(*, row: AmendmentRequest, on: date) -> LetterForm:
    """Return the letter that tells the outcome of a request; raises Refused where nothing is decided or there is none."""
    if not row.outcome:
        raise Refused(Issue("foi.amendment.not_decided", "letter"))
    outcome = AmendmentOutcome(row.outcome)
    form = letter_form(code=LETTERS.get(outcome, ""), on=on)
    if form is None:
        values = {"outcome": AMENDMENT_OUTCOME_NAMES[outcome]}
        raise Refused(Issue("foi.amendment.no_letter", "letter", values))
    return form
