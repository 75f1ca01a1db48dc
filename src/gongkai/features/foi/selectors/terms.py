"""The periods that an applicant is told about, with their legal basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from gongkai.domain.deadlines.model import UNIT_WORDS
from gongkai.domain.issues import Basis
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.clocks.selectors import rulebook

_TOLD = (
    ("foi.reply", "答复期限"),
    ("foi.supplement_notice", "需要补正时，告知补正的期限"),
    ("foi.third_party_opinion", "征求第三方意见（不计入答复期限）"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One period in words, such as 20个工作日, and the provisions behind it."""

    label: str
    words: str
    basis: tuple[Basis, ...]


def reply_terms(*, on: date) -> tuple[Term, ...]:
    """Return the periods of an application that comes in on a day; those without a number in law are left out."""
    law = law_of(on)
    found = []
    for code, label in _TOLD:
        rule = law.rules.get(code)
        if rule is not None and rule.limit is not None:
            found.append(Term(label, f"{rule.limit} {UNIT_WORDS[rule.unit]}", rule.basis))
    extended = law.rules["foi.reply"].facts.get("extended")
    if extended is not None and extended.at_most is not None:
        found.insert(1, Term("经批准可以延长", f"最多 {extended.at_most} 个工作日", extended.basis))
    return tuple(found)


def moved_rule(*, on: date) -> Term:
    """Return what counts as the day of receipt of a paper that was sent to the wrong unit (条例 art. 31)."""
    value = rulebook().value("foi.receipt", on=on, layer=settings.LAYER)
    return Term("收到申请之日", str(value.values["sent_to_wrong_unit"]), value.basis)
