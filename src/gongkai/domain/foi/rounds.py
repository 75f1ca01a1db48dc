"""What each round of a case amounts to: its reply, its end, and the days it took, as the performance figures count them.

A case has one round, and one more for every time it was reopened after review or judgment. Each has a reply period of its
own, so that a late reply stays late whatever happens to the case afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.domain.deadlines import Unit
from gongkai.domain.foi.clocks import read_reply
from gongkai.domain.foi.events import Event, Reopened
from gongkai.domain.foi.evolving import evolve
from gongkai.domain.foi.model import ELSEWHERE, CaseState, Law


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round that was replied to or is over.

    ``received_on`` is the day its period began. ``used_days`` are the working days that count against the period up to the
    reply: what the law leaves out (asking third parties and other organs) is not among them, and a period that began anew
    with a supplement or a payment counts from there. ``late_days`` are working days past the statutory day. All three of
    ``replied_on``, ``used_days`` and ``late_days`` are None (0) without a reply. ``used_days`` is None for a period that a
    judgment set in calendar days.
    """

    number: int
    received_on: date
    replied_on: date | None
    ended_on: date | None
    disposition: str
    due_on: date | None
    target_on: date | None
    used_days: int | None
    late_days: int
    extended: bool


def round_result(state: CaseState, law: Law) -> RoundResult | None:
    """Return what the running round amounts to; None while it has neither reply nor end, or where it went on elsewhere."""
    answer = state.answer
    replied_on = answer.replied_on if answer is not None else None
    if state.received_on is None or state.stage in ELSEWHERE or (replied_on is None and state.closed_on is None):
        return None
    reading = read_reply(state, law)
    used, late = None, 0
    if reading is not None and replied_on is not None:
        late = reading.overdue_days
        used = reading.used + late if reading.rule.unit is Unit.WORKING_DAY else None
    return RoundResult(
        number=len(state.rounds) + 1,
        received_on=state.reopened_on or state.received_on,
        replied_on=replied_on,
        ended_on=state.closed_on,
        disposition=state.disposition or (answer.disposition if answer is not None else ""),
        due_on=reading.due_on if reading is not None else None,
        target_on=reading.target_on if reading is not None else None,
        used_days=used,
        late_days=late,
        extended=state.extension is not None,
    )


def round_results(events: Iterable[Event], law: Law) -> tuple[RoundResult, ...]:
    """Return every round of a case from its events, in order; those without reply or end are left out."""
    state = CaseState()
    found = []
    for event in events:
        if isinstance(event, Reopened):
            found.append(round_result(state, law))
        state = evolve(state, event)
    found.append(round_result(state, law))
    return tuple(one for one in found if one is not None)
