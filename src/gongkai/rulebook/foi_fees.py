"""The processing fee as ``gongkai.domain.foi.fees`` takes it: tariffs of both methods, and how a month is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gongkai.domain.foi.fees import FEN, Blocks, FeeMethod, Scope, Tariff, Tier
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import Rulebook
from gongkai.rulebook.schema import NATION, Status


@dataclass(frozen=True)
class FeeRules:
    """Both tariffs; ``scope`` says whose applications are added up, ``withdrawn_count`` whether withdrawn ones are."""

    tariffs: Mapping[FeeMethod, Tariff]
    scope: Scope
    withdrawn_count: bool


def fee_rules(book: Rulebook, *, on: date, layer: str = NATION) -> FeeRules | None:
    """Return the fee rules of a day; None before there was a fee. Raises RulebookInvalid with every fault."""
    held = HeldRules(book, on=on, layer=layer)
    tariffs: dict[FeeMethod, Tariff] = {}
    for method in FeeMethod:
        found = held.one(f"foi.fee.{method}")
        if found is None:
            return None
        value, table = found
        table.only("unit", "tiers", "blocks")
        tiers = tuple(_tier(one) for one in table.tables("tiers"))
        blocks = _blocks(table)
        firsts = [*(tier.first for tier in tiers), *((blocks.first,) if blocks else ())]
        ends = [tier.last for tier in tiers]
        begun = bool(firsts) and firsts[0] == 1
        if not begun or any(b != (end or 0) + 1 for (_, b), end in zip(pairwise(firsts), ends, strict=False)):
            table.wrong("tiers", "自1起连续、不重叠的档次")
        elif blocks is None and ends[-1] is not None:
            table.wrong("tiers", "最后一档不设上限")
        tariffs[method] = Tariff(
            method=method,
            title=value.title,
            unit=table.text("unit"),
            tiers=tiers,
            blocks=blocks,
            verified=value.status is Status.VERIFIED,
            note=value.note,
            basis=value.basis,
        )
    counting = held.one("foi.fee.counting")
    if counting is None:
        return None
    counting[1].only("scope", "withdrawn_count")
    rules = FeeRules(tariffs, counting[1].choice("scope", Scope), counting[1].flag("withdrawn_count"))
    held.finish()
    return rules


def _tier(table: Table) -> Tier:
    table.only("first", "last", "yuan")
    last = table.number("last", least=1) if "last" in table.values else None
    return Tier(table.number("first", least=1), last, table.number("yuan") * FEN)


def _blocks(table: Table) -> Blocks | None:
    value = table.values.get("blocks")
    if value is None:
        return None
    if not isinstance(value, dict):
        table.wrong("blocks", "键值表")
        return None
    inner = Table(value, file=table.file, path=f"{table.path}.blocks", faults=table.faults)
    inner.only("first", "size", "yuan", "step")
    return Blocks(
        inner.number("first", least=1),
        inner.number("size", least=1),
        inner.number("yuan") * FEN,
        inner.number("step") * FEN,
    )
