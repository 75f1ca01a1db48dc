"""The law of one case: calendar, clocks and results in force on the day it began, as ``gongkai.domain.foi`` takes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockRule
from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.model import Law
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.loader import calendar_shipped
from gongkai.rulebook.lookup import NotInForce, Rulebook, shipped
from gongkai.rulebook.schema import NATION

CLOCKS = "foi."
REPLY = "foi.reply"
# The results have been told in their present form since this day; an older case is answered with them too.
FIRST_RESULTS = date(2019, 5, 15)


def first_law_day() -> date:
    """Return the day since which there are applications for disclosure at all."""
    return min(version.in_force_from for version in shipped().rule(REPLY).versions)


def case_law(
    *,
    on: date,
    layer: str = NATION,
    calendar: Calendar | None = None,
    book: Rulebook | None = None,
    legality_for: Collection[str] = (),
) -> Law:
    """Return the law of a case that began on ``on`` (its day of receipt, or the day it was submitted until then).

    ``calendar`` and ``book`` default to what is shipped; ``legality_for`` names the dispositions that the office wants
    reviewed before signing. Clocks that were not in force then are left out. Raises NotInForce when there was no reply
    period yet, ValueError for a layer that is none.
    """
    known = book or shipped()
    results = _results(known, on, layer) if book else case_results(on, layer)
    rules: dict[str, ClockRule] = {}
    for rule_id in known.clock_ids(layer=layer):
        if rule_id.startswith(CLOCKS):
            try:
                rules[rule_id] = known.clock_rule(rule_id, on=on, layer=layer)
            except NotInForce:
                if rule_id == REPLY:
                    raise
    return Law(calendar or calendar_shipped(), rules, results, frozenset(legality_for))


def _results(book: Rulebook, on: date, layer: str) -> DispositionRules:
    return disposition_rules(book, on=max(on, FIRST_RESULTS), layer=layer)


@lru_cache(maxsize=1024)
def case_results(on: date, layer: str = NATION) -> DispositionRules:
    """Return the results and grounds alone of a case that began on ``on``: what their codes are called, say."""
    return _results(shipped(), on, layer)
