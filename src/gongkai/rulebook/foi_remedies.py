"""Remedies as ``gongkai.domain.foi.remedies`` takes them: who reconsiders, which court, which periods, and their names.

The table of issuers (``foi.remedies.issuer.<kind>``) is law. The names of organs and courts and the internet channel are
the place's own: the rule ``foi.remedies.places`` of its layer, dated, so that a change of jurisdiction keeps its day.
"""

from __future__ import annotations

from datetime import date

from gongkai.domain.deadlines import Unit
from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.remedies import IssuerKind, IssuerRule, Period, RemedyRules, Role
from gongkai.domain.issues import Basis
from gongkai.rulebook.held import HeldRules
from gongkai.rulebook.lookup import NotInForce, Rulebook
from gongkai.rulebook.schema import NATION, Status

PREFIX = "foi.remedies."


def remedy_rules(book: Rulebook, *, on: date, layer: str = NATION) -> RemedyRules | None:
    """Return the rules of a day in a layer; None before the law of reconsideration of 2023 came into force.

    Raises RulebookInvalid with every fault.
    """
    held = HeldRules(book, on=on, layer=layer)
    unsettled, overdue, places = (held.one(f"{PREFIX}{name}") for name in ("unsettled", "overdue", "places"))
    if unsettled is None or overdue is None or places is None:
        return None
    issuers = {}
    for code, value, table in held.each(f"{PREFIX}issuer."):
        table.only("organ", "or_organ", "court")
        issuers[IssuerKind(code)] = IssuerRule(
            title=value.title,
            organ=table.choice("organ", Role),
            or_organ=table.choice("or_organ", Role) if "or_organ" in value.values else None,
            court=table.choice("court", Role),
            verified=value.status is Status.VERIFIED,
            note=value.note,
            basis=value.basis,
        )
    names_table = places[1]
    names_table.only(*(role for role in Role if role is not Role.ITSELF))
    names = {role: names_table.text(role, optional=True) for role in Role if role.value in names_table.values}
    unsettled_told, overdue_route = unsettled[1].flag("tell"), overdue[1].choice("route", Route)
    held.finish()
    return RemedyRules(
        issuers=issuers,
        names=names,
        review=_period(book, "remedies.reconsideration", on),
        suit=_period(book, "remedies.lawsuit", on),
        suit_after_review=_period(book, "remedies.lawsuit_after_reconsideration", on),
        review_first_basis=_cite(book, f"{PREFIX}review_first", on),
        channel_basis=_cite(book, f"{PREFIX}internet_channel", on),
        complaint_basis=_cite(book, f"{PREFIX}complaint", on),
        unsettled_told=unsettled_told,
        unsettled_note=unsettled[0].note,
        overdue=overdue_route,
    )


def _period(book: Rulebook, rule: str, on: date) -> Period:
    value = book.value(rule, on=on, layer=NATION)
    if value.limit is None or value.unit not in (Unit.CALENDAR_DAY, Unit.MONTH):
        raise ValueError(f"{rule} must be a number of days or months")
    return Period(value.limit, value.unit, value.basis)


def _cite(book: Rulebook, rule: str, on: date) -> tuple[Basis, ...]:
    try:
        return book.value(rule, on=on, layer=NATION).basis
    except NotInForce:
        return ()
