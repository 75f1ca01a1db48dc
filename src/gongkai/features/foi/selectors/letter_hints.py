"""What a letter is likely to say, read from the case: offered to the clerk, who may write otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.domain.deadlines import Fact, read_clock
from gongkai.domain.foi.events import Extended, SupplementNotified
from gongkai.domain.foi.letters import LetterForm
from gongkai.domain.foi.model import Reasons, Supplement
from gongkai.domain.foi.wishes import FORM_NAMES, Form
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.detail import CaseDetail
from gongkai.features.foi.selectors.fees import pay_day
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.selectors.templates import template_data, template_in_use
from gongkai.kernel.letters import letter_blank

EXTENSION = "L04_extension"
SUPPLEMENT, REASONS, FEE, THIRD_PARTY = "L02_supplement", "L03_reasons", "L09_fee", "L06_consult_third"


def letter_hints(*, application: Application, course: Course, form: LetterForm, on: date) -> dict[str, Any]:
    """Return likely values of a letter's fields, in the kinds the letter takes."""
    papers = list(application.papers.filter(removed_at__isnull=True).order_by("added_at", "id"))
    state = course.state
    supplement, fee, extension = state.supplement, state.fee, state.extension
    late = supplement if supplement is not None and supplement.lapsed_on else fee
    values = {
        "form": FORM_NAMES[Form(application.wanted_form)],
        "earlier_notice_no": _number(papers, SUPPLEMENT),
        "notice_no": _number(papers, THIRD_PARTY if form.code.startswith("L06") else SUPPLEMENT),
        "fee_notice_no": _number(papers, FEE),
        "notice_received_on": late.delivered_on if late is not None else None,
        "lapse_on": late.lapsed_on if late is not None else None,
        "approved_by": extension.approved_by if extension is not None else "",
        "approved_on": extension.approved_on if extension is not None else None,
        "reason": _extended(course) if form.code == EXTENSION else "",
        "since": state.consultations[0].sent_on if state.consultations else None,
        "earlier_on": state.rounds[-1].ended_on if state.rounds else None,
        "handler": application.handler.get_full_name() if application.handler is not None else "",
        "papers": [paper.title for paper in papers],
        "search_on": on,
        "pay_due": pay_day(course=course, received_on=on),
        "content": application.subject,
        "what_to_supply": _items(course) if form.code == SUPPLEMENT else [],
        "supplement_due": _due(course, "foi.supplement", Fact("supplement_notice_received", on, _days(supplement))),
        "answer_due": _due(course, "foi.reasons", Fact("reason_notice_received", on, _days(state.reasons)))
        if form.code == REASONS
        else None,
    }
    return {code: value for code, value in values.items() if code in form.known and value not in (None, "", [])}


def _items(course: Course) -> list[str]:
    """What the notice of the case says is to be supplemented."""
    told = [event for event in course.events if isinstance(event, SupplementNotified)]
    return list(told[-1].items) if told else []


def _extended(course: Course) -> str:
    """Why the period was extended, as it was recorded."""
    told = [event for event in course.events if isinstance(event, Extended)]
    return told[-1].reason if told else ""


def _days(asked: Supplement | Reasons | None) -> int | None:
    return asked.days if asked is not None else None


def _due(course: Course, rule: str, received: Fact) -> date | None:
    """The last day of a period of the applicant if the letter were received on the day of ``received``."""
    known = course.law.rules.get(rule)
    return read_clock(known, [received], course.law.calendar).due_on if known is not None else None


def _number(papers: Sequence[CasePaper], letter: str) -> str:
    """The number of the newest letter of a kind."""
    return next((paper.letter_no for paper in reversed(papers) if paper.letter == letter and paper.letter_no), "")


def blank_form(*, detail: CaseDetail, form: LetterForm, on: date) -> bytes:
    """Return a form for others to fill in, as DOCX: with the organ, the notice it answers and what it is about."""
    application = detail.application
    office = office_on(unit=application.unit, on=on)
    papers = [paper for paper in detail.papers if paper.removed_at is None]
    values = {
        "addressee": office.issuer_names[0],
        "issuer": office.issuer_names[0],
        "notice_no": _number(papers, THIRD_PARTY),
        "information_concerned": application.subject,
    }
    own = template_data(template_in_use(unit_id=application.unit_id, code=form.code))
    return letter_blank(form, {code: value for code, value in values.items() if code in form.known}, own=own)
