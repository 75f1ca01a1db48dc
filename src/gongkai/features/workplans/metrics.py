"""What can be counted here, and evidence that counts itself: counters that find what a unit has done in a period.

A feature registers a harvester in ``config.wiring``::

    register_harvester("disclosure.publications", "本单位主动公开的信息", publications_between)

The function gets a ``HarvestQuery`` and returns what it found as ``Harvested`` references; the sweep of this feature turns
them into evidence, once each. Nobody has to hand in proof (报材料) of what the platform has seen itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HarvestQuery:
    """What is asked of a harvester: the item, the units that owe it, and the days of the period (both inclusive)."""

    item_id: int
    unit_ids: frozenset[int]
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Harvested:
    """One thing found: a typed reference (``foi.application:7``), its title, its day, and the unit that did it."""

    ref: str
    title: str
    occurred_on: date
    unit_id: int | None = None


Harvester = Callable[[HarvestQuery], Sequence[Harvested]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered harvester; ``label`` is what people choose it by."""

    code: str
    label: str
    find: Harvester


_harvesters: dict[str, Registered] = {}


def register_harvester(code: str, label: str, find: Harvester) -> None:
    """Register a counter; the same again is no mistake. Raises ValueError when the code is taken."""
    known = _harvesters.get(code)
    if known is not None and (known.label, known.find) != (label, find):
        raise ValueError(f"the harvester {code} is registered already")
    _harvesters[code] = Registered(code, label, find)


def harvester(code: str) -> Registered | None:
    """Return the registered counter, or None (its feature may have been removed)."""
    return _harvesters.get(code)


def harvester_choices() -> list[tuple[str, str]]:
    """Return (code, label) of every counter, by label."""
    return sorted(((h.code, h.label) for h in _harvesters.values()), key=lambda pair: pair[1])


# What ``selectors.ledger_measures`` counts in the plans of a year.
MEASURES: dict[str, str] = {
    "workplans.items": "任务数",
    "workplans.done": "已完成任务数",
    "workplans.overdue": "逾期任务数",
    "workplans.on_time": "按时报结并通过验收的任务数",
    "workplans.carried_over": "挂账任务数",
    "workplans.returned": "被退回次数",
    "workplans.checks_kept": "已落实的检查数",
    "workplans.checks_missed": "未落实的检查数",
    "workplans.notices": "收到督办单数",
    "workplans.notices_answered": "已答复督办单数",
    "workplans.notices_late": "逾期答复或未答复督办单数",
}
