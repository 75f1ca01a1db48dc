"""The letters of a case: which can be written now, and what the program already knows of their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.letters import OUTGOING, Direction, LetterForm, LetterRoute, citation_text
from gongkai.domain.foi.model import DELIVERY_NAMES, CaseState, Delivery, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.domain.foi.remedies import RemedyBlock, Role, issuer_kind_of, remedy_block
from gongkai.domain.issues import Issue
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import Course
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import unit_ancestor_ids
from gongkai.rulebook.foi_letters import LetterRules, letter_rules
from gongkai.rulebook.foi_remedies import remedy_rules

NUMBER_PENDING = "（签发后编号）"
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


@lru_cache(maxsize=64)
def letters_on(day: date) -> LetterRules:
    """Return the letters in force on a day, with this office's own rules."""
    return letter_rules(rulebook(), on=day, layer=settings.LAYER)


def letter_form(*, code: str, on: date) -> LetterForm | None:
    """Return one letter that goes out or stays in the file, None where there is none of that code."""
    return letters_on(on).letters.get(code)


def letter_choices(*, course: Course, on: date) -> list[LetterChoice]:
    """Return the letters of a case: the usual ones at its stage first, the letter of its result among them."""
    state = course.state
    usual = list(_USUAL.get(state.stage, ()))
    result = result_letter(course)
    if result:
        usual.insert(0, result)
    known = letters_on(on).letters
    others = [code for code, one in known.items() if code not in usual and _may(one, result)]
    return [LetterChoice(code, known[code].title, code in usual) for code in (*usual, *others) if code in known]


def _may(form: LetterForm, result: str) -> bool:
    """Letters that carry a result are offered for that result only; papers that come in are not written here."""
    if form.direction in (Direction.IN, Direction.FROM_THIRD_PARTY):
        return False
    return form.route is not LetterRoute.BY_DISPOSITION or form.code == result


def result_letter(course: Course) -> str:
    """Return the code of the letter that carries the result of the case, empty while there is none."""
    state = course.state
    code = state.answer.disposition if state.answer else state.disposition
    known = course.law.dispositions.dispositions.get(code)
    return known.letter if known else ""


@sensitive_variables()
def letter_known(
    *, application: Application, course: Course, form: LetterForm, on: date, delivery: Delivery
) -> tuple[dict[str, Any], RemedyBlock | None]:
    """Return what the program knows of a letter's values, and the remedies it must tell (None where it tells none).

    The applicant's name is opened for a letter to the applicant only; the caller shows it on no screen but its preview.
    """
    state, rules = course.state, course.law.dispositions
    values: dict[str, Any] = {
        "issuer": application.unit.name,
        "doc_no": NUMBER_PENDING,
        "application_no": application.register_no,
        "received_on": state.received_on,
        "submitted_on": application.started_on,
        "request": application.description,
        "channel": CHANNEL_NAMES[Channel(application.channel)],
        "contact": application.unit.phone,
        "delivery": DELIVERY_NAMES[delivery],
        "date": on,
        "due_on": application.due_on,
        "original_due": application.due_on,
        "information_concerned": application.subject,
    }
    if form.direction is Direction.TO_APPLICANT:
        values["addressee"] = application.applicant.name.for_machine()
        values["you"] = "你" if application.applicant.kind == ApplicantClass.NATURAL_PERSON else "你单位"
    remedy = None
    if state.answer is not None and form.route is LetterRoute.BY_DISPOSITION:
        values["legal_basis"] = citation_text(rules.cited(state.answer.disposition, state.answer.grounds))
    if form.tells_remedies:
        remedy = letter_remedy(application=application, state=state, course=course, form=form, on=on, delivery=delivery)
        values["remedy"] = list(remedy.paragraphs)
    return {code: value for code, value in values.items() if code in form.known and value not in (None, "")}, remedy


def letter_remedy(
    *, application: Application, state: CaseState, course: Course, form: LetterForm, on: date, delivery: Delivery
) -> RemedyBlock:
    """Compute the remedies of a letter from result, issuer, delivery and day."""
    unit = application.unit
    division = unit.division_code or _division(unit)
    kind = issuer_kind_of(UnitKind(unit.kind), division=division[:6])
    route = Route.FREE_CHOICE
    if form.route is LetterRoute.BY_DISPOSITION and state.answer is not None:
        route = course.law.dispositions.route(state.answer.disposition, state.answer.grounds)
    if kind is None:
        return RemedyBlock(route, issues=(Issue("foi.letter.issuer_kind", "issuer", {"unit": unit.name}),))
    return remedy_block(
        remedy_rules(rulebook(), on=on, layer=settings.LAYER),
        route=route,
        issuer=kind,
        issuer_name=unit.name,
        decided_on=on,
        delivery=delivery,
        names=organ_names(unit),
        letter=form.call,
    )


def organ_names(unit: Unit) -> dict[Role, str]:
    """Return the governments above a unit by what they are to it; courts and the internet channel come from the rules."""
    above = [*Unit.objects.filter(pk__in=unit_ancestor_ids(unit_id=unit.pk), kind=UnitKind.GOVERNMENT.value)]
    order = {pk: place for place, pk in enumerate(unit_ancestor_ids(unit_id=unit.pk))}
    governments = sorted(above, key=lambda one: order[one.pk])
    if not governments:
        return {}
    if unit.kind in (UnitKind.TOWN.value, UnitKind.GOVERNMENT.value):
        return {Role.UPPER_GOVERNMENT: governments[0].name, Role.OWN_GOVERNMENT: governments[0].name}
    names = {Role.OWN_GOVERNMENT: governments[0].name}
    return names | ({Role.UPPER_GOVERNMENT: governments[1].name} if len(governments) > 1 else {})


def _division(unit: Unit) -> str:
    codes = Unit.objects.filter(pk__in=unit_ancestor_ids(unit_id=unit.pk)).exclude(division_code="")
    return codes.values_list("division_code", flat=True).first() or ""


def is_outgoing(form: LetterForm) -> bool:
    """Tell whether the letter leaves the house, and so takes a number."""
    return form.direction in OUTGOING
