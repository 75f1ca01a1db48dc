"""What a letter for many cases needs to be asked once: the fields that no case fills in by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.letters import Direction, LetterForm
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi.selectors.course import Course, courses_of, law_of
from gongkai.features.foi.selectors.letter_rules import letters_on
from gongkai.features.foi.selectors.letters import letter_known, result_letter
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.selectors.selection import Selection, selection_rows
from gongkai.kernel.accounts.actor import Actor

LOOKED_AT = 20
"""Cases among which the model is looked for; a technical bound."""
# Letters to applicants that are usual for many at once, besides those of a result.
_USUAL = ("L01_receipt", "L02_supplement", "L04_extension")


@dataclass(frozen=True)
class LetterOffer:
    """A letter for many cases: the fields that each case fills in, the names the office may sign under, its seal."""

    form: LetterForm
    known: dict[str, str]
    issuers: tuple[str, ...]
    seal: str


@dataclass(frozen=True, slots=True)
class LetterOption:
    """A letter that can be chosen: ``usual`` ones stand first, those of a result that was drafted above all."""

    code: str
    title: str
    usual: bool


def letters_for(*, results: Sequence[str], on: date) -> list[LetterOption]:
    """Return the letters to applicants, those of the drafted results first."""
    dispositions = law_of(on).dispositions.dispositions
    of_result = [dispositions[code].letter for code in results if code in dispositions]
    usual = dict.fromkeys([*of_result, *_USUAL])
    known = letters_on(on).letters
    to_applicants = [code for code, form in known.items() if form.direction is Direction.TO_APPLICANT]
    ordered = [*(code for code in usual if code in known), *(code for code in to_applicants if code not in usual)]
    return [LetterOption(code, known[code].title, code in usual) for code in ordered]


@sensitive_variables()
def letter_offer(*, actor: Actor, selection: Selection, form: LetterForm, today: date) -> LetterOffer | None:
    """Return what is asked once for a letter of the selected cases, by the model of one of them; None where there is none.

    Of the model no value leaves this function, only which fields it fills in.
    """
    rows = selection_rows(actor=actor, selection=selection, today=today).select_related("unit", "applicant")
    courses = courses_of(list(rows.order_by("due_on", "pk")[:LOOKED_AT]))
    if not courses:
        return None
    model = next((one for one in courses if result_letter(one) == form.code), courses[0])
    office = office_on(unit=model.application.unit, on=today)
    known = _known(model, form, today)
    labels = {code: form.fields[code].label for code in known}
    return LetterOffer(form, labels, office.issuer_names, office.entry.seal_name)


def _known(model: Course, form: LetterForm, today: date) -> list[str]:
    values, _ = letter_known(application=model.application, course=model, form=form, on=today, delivery=Delivery.POST)
    return list(values)
