"""What one reconsideration or suit amounts to: its steps added up, and the organ's periods in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockRule, Reading
from gongkai.domain.foi.defense import (
    REDO_RULE,
    DefenseState,
    answer_rule_id,
    defense_from_data,
    read_answer,
    read_redo,
    replay_defense,
)
from gongkai.domain.foi.model import RemedyKind
from gongkai.features.foi.models import CaseRemedy, RemedyStep
from gongkai.kernel.clocks.selectors import calendar_current, rulebook
from gongkai.rulebook.lookup import NotInForce


@dataclass(frozen=True)
class RemedyCourse:
    """A remedy with its steps; ``answer`` and ``redo`` are the clocks, None while they do not run."""

    row: CaseRemedy
    steps: tuple[RemedyStep, ...]
    state: DefenseState
    answer: Reading | None
    redo: Reading | None


def remedy_course(
    row: CaseRemedy, steps: Iterable[RemedyStep], *, today: date, calendar: Calendar | None = None
) -> RemedyCourse:
    """Add up the steps of a remedy and read its clocks as seen from a day.

    What was ordered and is answered by a new reply of the case counts as done on the day of that reply (``row.redone_on``).
    """
    known = tuple(sorted(steps, key=lambda step: step.number))
    begun = DefenseState(kind=RemedyKind(row.kind), filed_on=row.filed_on)
    state = replay_defense(begun, [defense_from_data(step.data) for step in known])
    if state.redo and state.redone_on is None and row.redone_on is not None:
        state = replace(state, redone_on=row.redone_on)
    days = calendar or calendar_current()
    answer, redo = None, None
    if state.notified_on is not None and (rule := _rule(answer_rule_id(state), state.notified_on)) is not None:
        answer = read_answer(state, rule, days, today=today)
    if state.decision_received_on is not None and (rule := _rule(REDO_RULE, state.decision_received_on)) is not None:
        redo = read_redo(state, rule, days, today=today)
    return RemedyCourse(row, known, state, answer, redo)


def _rule(rule_id: str, on: date) -> ClockRule | None:
    try:
        return rulebook().clock_rule(rule_id, on=on, layer=settings.LAYER)
    except NotInForce:
        return None
