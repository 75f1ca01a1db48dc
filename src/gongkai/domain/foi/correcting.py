"""Rules for correcting the day on which a reply was served: the new day with reason and proof, the old one on record."""

from __future__ import annotations

from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.bench import Bench
from gongkai.domain.foi.clocks import read_reply
from gongkai.domain.foi.evolving import evolve
from gongkai.domain.foi.model import CaseState, RemedyOutcome
from gongkai.domain.issues import has_errors


def correct_service(bench: Bench, command: c.CorrectService) -> None:
    """Only with a reason and with what proves the right day, for it moves the reply, its lateness and the remedies.

    The day lies neither before the reply went out nor after today. A reply that counts from service moves with it. What
    follows for lateness, the year and what was done since is told as a warning, never held back.
    """
    answer, after = bench.state.answer, command.served_on
    bench.need(command.reason, "reason", "foi.reason.missing")
    bench.need(command.proof, "proof", "foi.service.proof")
    if answer is None or answer.served_on is None:
        return bench.refuse("foi.service.none", "served_on")
    if after == answer.served_on:
        bench.refuse("foi.service.same_day", "served_on", on=after)
    bench.not_before(e.Sent.label, answer.sent_on, on=after, where="served_on")
    if after > bench.today:
        bench.refuse("foi.day.future", "served_on", on=after, today=bench.today)
    else:  # neither the wrong day nor the right one was known before it came
        bench.not_before(e.Served.label, max(answer.served_on, after))
    moved = answer.replied_by_service
    corrected = e.ServiceCorrected(
        on=command.on,
        by=command.by,
        before=answer.served_on,
        after=after,
        replied_before=answer.replied_on if moved else None,
        replied_after=after if moved else None,
        reason=command.reason.strip(),
        proof=command.proof.strip(),
    )
    if not has_errors(bench.issues):
        _told(bench, corrected, evolve(bench.state, corrected))
    bench.happen(corrected)
    return None


def _told(bench: Bench, event: e.ServiceCorrected, after: CaseState) -> None:
    """Warn of everything that others have relied on and that is different now."""
    state = bench.state
    late, later = _late_days(bench, state), _late_days(bench, after)
    if later != late:
        bench.warn("foi.service.less_late" if later < late else "foi.service.more_late", days=late, now=later)
    if event.replied_before is not None and event.replied_after is not None:
        years = (event.replied_before.year, event.replied_after.year)
        if years[0] != years[1] and not state.rounds:
            bench.warn("foi.service.other_year", before=years[0], after=years[1])
        if state.closed_on is not None and event.replied_after > state.closed_on:
            bench.warn("foi.service.after_closing", closed=state.closed_on, on=event.replied_after)
    if state.archived_on is not None:
        bench.warn("foi.service.archived", on=state.archived_on)
    if any(one.outcome is RemedyOutcome.PENDING for one in state.remedies):
        bench.warn("foi.service.under_review")


def _late_days(bench: Bench, state: CaseState) -> int:
    reading = read_reply(state, bench.law, today=bench.today)
    return reading.overdue_days if reading is not None else 0
