"""Delivery as ``gongkai.domain.foi.delivering`` takes it: one rule a way (``foi.delivery.way.<way>``) and one an end."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi.delivering import CountsFrom, DeliveryRules, End, EndRule, WayRule
from gongkai.domain.foi.model import Delivery
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import Rulebook
from gongkai.rulebook.schema import NATION, Status

PREFIX = "foi.delivery."


def delivery_rules(book: Rulebook, *, on: date, layer: str = NATION) -> DeliveryRules:
    """Return how letters are delivered on a day in a layer; raises RulebookInvalid with every fault."""
    held = HeldRules(book, on=on, layer=layer)
    ways, ends = {}, {}
    for code, value, table in held.each(f"{PREFIX}way."):
        table.only("counts_from", "ends", "proof")
        ways[Delivery(code)] = WayRule(
            way=Delivery(code),
            counts_from=table.choice("counts_from", CountsFrom),
            ends=_ends(table),
            proof=table.text("proof"),
            verified=value.status is Status.VERIFIED,
            note=value.note,
            basis=value.basis,
        )
    for code, value, table in held.each(f"{PREFIX}end."):
        table.only("allowed", "noted", "days")
        ends[End(code)] = EndRule(
            end=End(code),
            allowed=table.flag("allowed"),
            noted=table.text("noted", optional=True),
            days=table.number("days") if "days" in table.values else 0,
            verified=value.status is Status.VERIFIED,
            note=value.note,
            basis=value.basis,
        )
    held.finish()
    return DeliveryRules(ways, ends)


def _ends(table: Table) -> tuple[End, ...]:
    known = {end.value: end for end in End}
    return tuple(known[name] for name in table.known("ends", table.texts("ends"), dict(known)))
