"""The rules of what comes after an application: log of answers, repeated requests, suggestions, retention.

Where the law gives no number the configured one holds; ``basis`` says so by its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.retention import Terms
from gongkai.domain.issues import Basis
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import Rulebook, Value
from gongkai.rulebook.schema import NATION


@dataclass(frozen=True, slots=True)
class LogRule:
    """An answer of these categories may enter the log after ``waiting`` working days from the closing."""

    waiting: int
    categories: frozenset[Category]
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """From how many different applicants within ``months`` the same information is proposed; ``share`` is 0 to 1.

    ``evaluation`` working days are there for the evaluation of the proposal.
    """

    applicants: int
    months: int
    share: float
    evaluation: int
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class AfterRules:
    """All of it, as held on one day in one place; ``examination`` are the working days for an applicant's suggestion."""

    log: LogRule
    repeated: RepeatRule
    examination: int
    examination_note: str
    examination_basis: tuple[Basis, ...]
    retention: Terms


def after_rules(book: Rulebook, *, on: date, layer: str = NATION) -> AfterRules:
    """Return the rules of a day in a layer; raises RulebookInvalid with every fault, NotInForce before 2019-05-15."""
    held = HeldRules(book, on=on, layer=layer)
    log, log_table = _one(held, book, "foi.log")
    repeated, repeated_table = _one(held, book, "foi.repeated")
    suggestion, _ = _one(held, book, "foi.suggestion")
    retention, retention_table = _one(held, book, "foi.retention")
    names = log_table.texts("categories")
    known = {one.value: one for one in Category}
    categories = frozenset(known[name] for name in log_table.known("categories", names, known))
    found = AfterRules(
        log=LogRule(log.number or 0, categories, log.note, log.basis),
        repeated=RepeatRule(
            applicants=repeated_table.number("applicants", least=2),
            months=repeated_table.number("months", least=1),
            share=repeated_table.number("share", least=1) / 100,
            evaluation=repeated.number or 0,
            note=repeated.note,
            basis=repeated.basis,
        ),
        examination=suggestion.number or 0,
        examination_note=suggestion.note,
        examination_basis=suggestion.basis,
        retention=Terms(
            ordinary_years=retention_table.number("ordinary_years", least=1),
            disputed_years=retention_table.number("disputed_years", least=1),
            amendment_years=retention_table.number("amendment_years", least=1),
            identity_months=retention_table.number("identity_months", least=1),
            note=retention.note,
            basis=retention.basis,
        ),
    )
    held.finish()
    return found


def _one(held: HeldRules, book: Rulebook, rule: str) -> tuple[Value, Table]:
    found = held.one(rule)
    if found is None:
        value = book.value(rule, on=held.on, layer=held.layer)  # raises NotInForce with its name and day
        return value, Table(value.values, file=rule, path=rule, faults=held.faults)
    return found
