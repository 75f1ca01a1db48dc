"""The letters of a case: which can be written now, and what the program already knows of their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.clocks import read_case
from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.letters import OUTGOING, Direction, LetterForm, LetterRoute, citation_text
from gongkai.domain.foi.model import DELIVERY_NAMES, CaseState, Delivery, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.domain.foi.remedies import RemedyBlock, Role, remedy_block
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.fees import LETTER as FEE_NOTICE
from gongkai.features.foi.selectors.fees import fee_letter_values
from gongkai.features.foi.selectors.letter_rules import letter_form as letter_form
from gongkai.features.foi.selectors.letter_rules import letters_on
from gongkai.features.foi.selectors.office import Office, office_on, tree_names
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.foi_remedies import remedy_rules

NUMBER_PENDING = "（签发后编号）"
AFTER_REMEDY, REISSUE = "after_remedy", "L34_reissue"
HANDED_OUT = frozenset({Direction.IN, Direction.FROM_THIRD_PARTY})
"""Papers that others fill in: the office hands out the form."""
PERSONAL = frozenset({"addressee", "name", "contact"})
"""Values that name the applicant where a letter goes to the applicant or is the register sheet."""
# What is usually written at a stage, first; every other letter is offered below.
_USUAL: Mapping[Stage, tuple[str, ...]] = {
    Stage.SUBMITTED: ("L01_receipt",),
    Stage.RECEIVED: ("L01_receipt",),
    Stage.CHECKING: ("L01_receipt", "L02_supplement"),
    Stage.HANDLING: ("L06_consult_third", "L06b_tell_applicant", "L08_consult_organ", "L04_extension", "L09_fee"),
    Stage.THIRD_PARTY_WAIT: ("L06_consult_third", "L06b_tell_applicant"),
    Stage.ORGAN_WAIT: ("L08_consult_organ", "L06b_tell_applicant"),
}


@dataclass(frozen=True, slots=True)
class LetterChoice:
    """A letter that can be written: its code, title, and whether it is usual at this stage."""

    code: str
    title: str
    usual: bool


def letter_choices(*, course: Course, on: date) -> list[LetterChoice]:
    """Return the letters of a case: the usual ones at its stage first, the letter of its result among them."""
    state = course.state
    usual = list(_USUAL.get(state.stage, ()))
    result = result_letter(course)
    if result:
        usual.insert(0, result)
    known = letters_on(on).letters
    again = bool(result and state.rounds)  # a reply was overturned, and another one stands in its place
    others = [code for code, one in known.items() if code not in usual and _may(one, result, again=again)]
    return [LetterChoice(code, known[code].title, code in usual) for code in (*usual, *others) if code in known]


def _may(form: LetterForm, result: str, *, again: bool) -> bool:
    """Letters that carry a result are offered for that result only; papers that come in are not written here."""
    if form.direction in HANDED_OUT:
        return False
    if form.phase == AFTER_REMEDY:
        return again
    return form.route is not LetterRoute.BY_DISPOSITION or form.code == result


def result_letter(course: Course) -> str:
    """Return the code of the letter that carries the result of the case, empty while there is none."""
    state = course.state
    code = state.answer.disposition if state.answer else state.disposition
    known = course.law.dispositions.dispositions.get(code)
    return known.letter if known else ""


def letter_of(*, application_id: int, code: str, on: date) -> tuple[str, str]:
    """Return code and title of a letter that follows a step; an empty ``code`` asks for the letter of the result.

    Both are empty where there is no such letter.
    """
    application = Application.objects.get(pk=application_id)
    wanted = code or result_letter(case_course(application=application))
    form = letters_on(on).letters.get(wanted)
    return (wanted, form.title) if form is not None else ("", "")


def carries_reply(course: Course, paper: CasePaper) -> bool:
    """Tell whether a letter carries the result of the running round of its case."""
    state = course.state
    codes = {result_letter(course), *([REISSUE] if state.rounds else [])} - {""}
    begun = state.reopened_on
    return paper.letter in codes and (begun is None or timezone.localdate(paper.added_at) >= begun)


@sensitive_variables()
def letter_known(
    *,
    application: Application,
    course: Course,
    form: LetterForm,
    on: date,
    delivery: Delivery,
    issuer: str = "",
    office: Office | None = None,
) -> tuple[dict[str, Any], RemedyBlock | None]:
    """Return what the program knows of a letter's values, and the remedies it must tell (None where it tells none).

    ``issuer`` is the name the office signs under, its usual one when empty; ``office`` is given where many letters of one
    are written. The applicant's name is opened for a letter to
    the applicant and for the register sheet; the caller shows it on no screen but its preview.
    """
    state, rules = course.state, course.law.dispositions
    office = office or office_on(unit=application.unit, on=on)
    values: dict[str, Any] = {
        "issuer": issuer or office.issuer_names[0],
        "application_no": application.register_no,
        "received_on": state.received_on,
        "submitted_on": application.started_on,
        "request": request_quoted(application),
        "channel": CHANNEL_NAMES[Channel(application.channel)],
        "delivery": DELIVERY_NAMES[delivery],
        "date": on,
        "due_on": application.due_on,
        "information_concerned": application.subject,
        "closed_on": state.closed_on,
        **_period(application, course, on),
    }
    if is_outgoing(form):
        values |= {"doc_no": NUMBER_PENDING, "contact": office.contact_words}
    values |= _person(application, form)
    if form.code == FEE_NOTICE:
        values |= fee_letter_values(application=application)
    remedy = None
    if state.answer is not None and form.route is LetterRoute.BY_DISPOSITION:
        values["legal_basis"] = citation_text(rules.cited(state.answer.disposition, state.answer.grounds))
    if form.tells_remedies:
        remedy = letter_remedy(office=office, state=state, course=course, form=form, on=on, delivery=delivery)
        values["remedy"] = list(remedy.paragraphs)
    return {code: value for code, value in values.items() if code in form.known and value not in (None, "")}, remedy


def request_quoted(application: Application) -> str:
    """Return what was asked in the applicant's words, whole: the name, the document number, the other features."""
    name, number, features = (
        one.strip().rstrip("。；;") for one in (application.subject, application.doc_no, application.description)
    )
    named = f"{name}（{number}）" if number and number not in name else name
    return named if features in ("", name) else f"{named}；{features}"


def _period(application: Application, course: Course, on: date) -> dict[str, Any]:
    """The reply period before and after its extension."""
    state, extension = course.state, course.state.extension
    if extension is None:
        return {"original_due": application.due_on}
    without = state.changed(facts=tuple(fact for fact in state.facts if fact.kind != "extended"))
    return {
        "original_due": read_case(without, course.law, today=on).due_on,
        "new_due": application.due_on,
        "approved_by": extension.approved_by,
        "approved_on": extension.approved_on,
    }


@sensitive_variables()
def _person(application: Application, form: LetterForm) -> dict[str, Any]:
    """Who asked, where the paper goes to the applicant or is the register sheet."""
    person = application.applicant
    if form.direction is Direction.TO_APPLICANT:
        natural = person.kind == ApplicantClass.NATURAL_PERSON
        return {"addressee": person.name.for_machine(), "you": "你" if natural else "你单位"}
    if form.direction is Direction.INTERNAL and "name" in form.known:
        reached = [one.for_machine() for one in (person.phone, person.email, person.address) if one is not None]
        return {"name": person.name.for_machine(), "contact": "；".join(reached)}
    return {}


def names_applicant(form: LetterForm) -> bool:
    """Tell whether a letter, once filled, shows who asked."""
    return form.direction is Direction.TO_APPLICANT or (form.direction is Direction.INTERNAL and "name" in form.known)


def letter_remedy(
    *, office: Office, state: CaseState, course: Course, form: LetterForm, on: date, delivery: Delivery
) -> RemedyBlock:
    """Compute the remedies of a letter from result, issuer, delivery and day."""
    route = Route.FREE_CHOICE
    if form.route is LetterRoute.BY_DISPOSITION and state.answer is not None:
        route = course.law.dispositions.route(state.answer.disposition, state.answer.grounds)
    if office.kind is None:
        values = {"unit": office.unit.name}
        return RemedyBlock(route, issues=(Issue("foi.letter.issuer_kind", "issuer", values),))
    return remedy_block(
        remedy_rules(rulebook(), on=on, layer=settings.LAYER),
        route=route,
        issuer=office.kind,
        issuer_name=office.issuer_names[0],
        decided_on=on,
        delivery=delivery,
        names={**(organ_names(office.unit) if office.above is None else office.above), **office.entry.names},
        letter=form.call,
    )


def organ_names(unit: Unit) -> dict[Role, str]:
    """Return the governments above a unit by what they are to it; what an office has set up stands before them."""
    return tree_names(unit)


def is_outgoing(form: LetterForm) -> bool:
    """Tell whether the letter leaves the house, and so takes a number."""
    return form.direction in OUTGOING
