"""Reading all rules of disclosure on application once, so that a fault in an office's own is told before a case meets it."""

from __future__ import annotations

from datetime import date

from gongkai.domain.issues import Issue
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.foi_letters import letter_rules
from gongkai.rulebook.foi_remedies import remedy_rules
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.lookup import NotInForce, Rulebook

_READERS = (disposition_rules, remedy_rules, fee_rules, report_form, letter_rules)


def foi_faults(book: Rulebook, *, on: date) -> tuple[Issue, ...]:
    """Return every fault in the results, remedies, fees, tables and letters of every layer on a day, each once."""
    faults: list[Issue] = []
    for layer in sorted({layer for layer, _ in book.rules}):
        for read in _READERS:
            try:
                read(book, on=on, layer=layer)
            except RulebookInvalid as invalid:
                faults += [issue for issue in invalid.issues if issue not in faults]
            except NotInForce:
                continue
    return tuple(faults)
