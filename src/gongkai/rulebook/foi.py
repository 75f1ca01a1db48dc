"""The results of an application and their grounds, as ``gongkai.domain.foi.dispositions`` takes them.

A result is the rule ``foi.disposition.<code>``, a ground ``foi.ground.<code>``; both are law and come from the nation's layer.
"""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi.dispositions import (
    Category,
    DecisionGround,
    Disposition,
    DispositionRules,
    EvidenceItem,
    Route,
)
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import Rulebook
from gongkai.rulebook.schema import NATION, Status

DISPOSITION = "foi.disposition."
GROUND = "foi.ground."
_KEYS = (
    "order",
    "category",
    "annual_row",
    "letter",
    "route",
    "route_without_refusal",
    "always",
    "choose",
    "also",
    "evidence",
    "unverified",
)


def disposition_rules(book: Rulebook, *, on: date, layer: str = NATION) -> DispositionRules:
    """Return the results and grounds in force on a day; raises RulebookInvalid with every fault."""
    held = HeldRules(book, on=on, layer=layer)
    grounds = _grounds(held)
    found: list[Disposition] = []
    for code, value, table in held.each(DISPOSITION):
        table.only(*_KEYS)
        route = table.choice("route", Route)
        found.append(
            Disposition(
                code=code,
                title=value.title,
                order=table.number("order", least=1),
                category=table.choice("category", Category),
                annual_row=table.text("annual_row"),
                letter=table.text("letter"),
                route=route,
                route_without_refusal=table.choice("route_without_refusal", Route, default=route),
                always=table.known("always", table.texts("always"), grounds),
                choose=table.known("choose", table.texts("choose", optional=True), grounds),
                also=table.known("also", table.texts("also", optional=True), grounds),
                evidence=tuple(_evidence(one, grounds) for one in table.tables("evidence")),
                unverified=frozenset(table.texts("unverified", optional=True)),
                verified=value.status is Status.VERIFIED,
                note=value.note,
                basis=value.basis,
            )
        )
    held.finish()
    return DispositionRules({one.code: one for one in sorted(found, key=lambda one: one.order)}, grounds)


def _grounds(held: HeldRules) -> dict[str, DecisionGround]:
    found = []
    for code, value, table in held.each(GROUND):
        table.only("order", "law", "article", "refusal")
        ground = DecisionGround(
            code=code,
            words=value.title,
            law=table.text("law", optional=True),
            article=table.text("article", optional=True),
            refusal=table.flag("refusal"),
            verified=value.status is Status.VERIFIED,
            note=value.note,
            basis=value.basis,
        )
        found.append((table.number("order", least=1), ground))
    return {ground.code: ground for _, ground in sorted(found, key=lambda pair: pair[0])}


def _evidence(table: Table, grounds: dict[str, DecisionGround]) -> EvidenceItem:
    table.only("code", "words", "one_of", "grounds", "later")
    return EvidenceItem(
        code=table.text("code"),
        words=table.text("words"),
        one_of=table.text("one_of", optional=True),
        grounds=frozenset(table.known("grounds", table.texts("grounds", optional=True), grounds)),
        later=table.flag("later", default=False),
    )
