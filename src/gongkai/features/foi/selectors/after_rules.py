"""The rules of this installation for what comes after an answer."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from gongkai.domain.foi.dispositions import Category, DispositionRules
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.rulebook.foi_after import AfterRules, after_rules
from gongkai.rulebook.foi_law import case_results


def rules_on(day: date) -> AfterRules:
    """Return the rules that hold on a day, with this installation's layer and own folder."""
    return after_rules(rulebook(), on=day, layer=settings.LAYER)


def results_of(categories: frozenset[Category], *, on: date) -> frozenset[str]:
    """Return the codes of the results of some categories."""
    known = results_on(on).dispositions
    return frozenset(code for code, one in known.items() if one.category in categories)


def results_on(day: date) -> DispositionRules:
    """Return the results and grounds of cases that began on a day, without asking the database."""
    return case_results(day, settings.LAYER)
