"""The report of persons whom several public items tell too much about (汇聚风险)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from gongkai.domain.aggregation import Risk, find_risks
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, PersonMention, RiskDecision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.content.aggregation import shipped_aggregation
from gongkai.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class RiskItem:
    """One public item of a report row: the kinds of data it tells, in words, and where it names the person."""

    id: int
    title: str
    unit_name: str
    categories: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A person for the report. ``together`` and ``added`` are in words; ``outcome`` is empty while nobody has judged."""

    name: str
    items: tuple[RiskItem, ...]
    together: tuple[str, ...]
    added: tuple[str, ...]
    grave: bool
    outcome: str
    outcome_name: str
    reason: str
    decided_by_name: str
    decided_at: datetime | None


def risk_list(*, actor: Actor, open_only: bool = True) -> list[RiskRow]:
    """Return the persons reported, gravest first; those judged for exactly these items only when asked for.

    Raises NotPermitted: what the heap tells is not for everybody who works here.
    """
    if not permissions.can_judge_risk(actor):
        raise NotPermitted(ability="查看汇聚风险报告")
    risks, places = _risks()
    decisions = _decisions(risks)
    items = Item.objects.select_related("unit").in_bulk({item_id for risk in risks for item_id in risk.by_item})
    rows = []
    for risk in risks:
        decision = decisions.get(risk.name)
        if open_only and decision is not None and decision.outcome == RiskDecision.Outcome.ACCEPTED:
            continue
        rows.append(_row(risk, places, items, decision))
    return rows


def risk_items(*, name: str) -> list[int]:
    """Return the ids of the public items for which a person is reported now; empty when the person is not."""
    risks, _ = _risks(name)
    return sorted(risks[0].by_item) if risks else []


def _risks(name: str | None = None) -> tuple[list[Risk], dict[tuple[str, int], tuple[str, ...]]]:
    rules = shipped_aggregation()
    found = PersonMention.objects.all() if name is None else PersonMention.objects.filter(name=name)
    often = (
        found.values("name")
        .annotate(count=Count("item"))
        .filter(count__gte=rules.least_items)
        .values_list("name", flat=True)
    )
    told: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    places = {}
    rows = PersonMention.objects.filter(name__in=list(often)).values_list("name", "item_id", "categories", "places")
    for person, item_id, categories, where in rows:
        told[person][item_id] = frozenset(categories)
        places[person, item_id] = tuple(where)
    return find_risks(told, rules), places


def _decisions(risks: list[Risk]) -> dict[str, RiskDecision]:
    """The last judgement of each person, where it was made about exactly the items of today."""
    items = {risk.name: sorted(risk.by_item) for risk in risks}
    latest: dict[str, RiskDecision] = {}
    for decision in (
        RiskDecision.objects.filter(name__in=items).select_related("decided_by").order_by("decided_at", "id")
    ):
        latest[decision.name] = decision
    return {name: decision for name, decision in latest.items() if sorted(decision.item_ids) == items[name]}


def _row(
    risk: Risk,
    places: dict[tuple[str, int], tuple[str, ...]],
    items: dict[int, Item],
    decision: RiskDecision | None,
) -> RiskRow:
    labels = {category.code: category.label for category in shipped_aggregation().categories}

    def words(codes: frozenset[str]) -> tuple[str, ...]:
        return tuple(label for code, label in labels.items() if code in codes)

    return RiskRow(
        name=risk.name,
        items=tuple(
            RiskItem(
                id=item_id,
                title=items[item_id].title,
                unit_name=items[item_id].unit.display_name,
                categories=words(categories),
                places=places[risk.name, item_id],
            )
            for item_id, categories in sorted(risk.by_item.items())
        ),
        together=words(risk.together),
        added=words(risk.added),
        grave=risk.grave,
        outcome=decision.outcome if decision else "",
        outcome_name=decision.get_outcome_display() if decision else "",
        reason=decision.reason if decision else "",
        decided_by_name=(decision.decided_by.display_name or decision.decided_by.get_username()) if decision else "",
        decided_at=decision.decided_at if decision else None,
    )
