"""The office's own numbers for following up a plan, from the rulebook with their basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings

from gongkai.domain.issues import Basis
from gongkai.domain.ledger import Period
from gongkai.rulebook import lookup


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a light turns yellow, when people are reminded, when a delay is passed up; all in calendar days.

    ``lead_days`` are the days before the due date on which a reminder goes out, farthest first. ``answer_days`` is how long
    a unit has to answer a supervision notice of each color. ``check_period`` is how often a standing duty is looked at.
    """

    near_days: int
    lead_days: tuple[int, ...]
    escalate_leader_days: int
    escalate_office_days: int
    escalate_supervisor_days: int
    check_period: Period
    basis: tuple[Basis, ...]

    def near_until(self, today: date) -> date:
        """Return the last day that counts as near on ``today``."""
        return today + timedelta(days=self.near_days)

    @property
    def unverified(self) -> bool:
        """Tell whether a number is still to be confirmed by the office (待核)."""
        return any(basis.status != "verified" for basis in self.basis)


@lru_cache(maxsize=64)
def thresholds(*, on: date) -> Thresholds:
    """Return the numbers that hold on a day in the place of this installation."""
    layer = settings.LAYER
    near = lookup.value("workplans.near", on=on, layer=layer)
    reminder = lookup.value("workplans.reminder", on=on, layer=layer)
    escalation = lookup.value("workplans.escalation", on=on, layer=layer)
    checking = lookup.value("workplans.standing_check", on=on, layer=layer)
    assert near.number is not None
    lead_days = reminder.values["lead_days"]
    assert isinstance(lead_days, list | tuple)
    return Thresholds(
        near_days=near.number,
        lead_days=tuple(sorted((int(days) for days in lead_days), reverse=True)),
        escalate_leader_days=_days(escalation.values["unit_leader"]),
        escalate_office_days=_days(escalation.values["disclosure_office"]),
        escalate_supervisor_days=_days(escalation.values["supervisor"]),
        check_period=Period(str(checking.values["period"])),
        basis=(*near.basis, *reminder.basis, *escalation.basis, *checking.basis),
    )


def _days(value: object) -> int:
    assert isinstance(value, int)
    return value
