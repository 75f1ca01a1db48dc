"""What the form of a step reads of the case it is for; a step for many cases has a pattern of them instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.domain.foi.dispositions import EvidenceItem
from gongkai.domain.foi.model import CaseState, Law
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.selectors.detail import CaseDetail, EvidenceLine
from gongkai.features.foi.selectors.remedies import Ordered, redo_ordered


@dataclass(frozen=True, slots=True)
class StepSubject:
    """The case of a form.

    ``seen`` is the number of its last event, ``due_on`` the day a division has to be asked for (the earlier of target
    and statutory day), ``takes_papers`` tells whether a paper may come with the step, ``ordered`` is what a decision
    orders that is not done yet.
    """

    law: Law
    state: CaseState
    seen: int = 0
    wanted_delivery: str = ""
    due_on: date | None = None
    evidence: tuple[EvidenceLine, ...] = ()
    takes_papers: bool = False
    ordered: Ordered | None = None


def subject_of(detail: CaseDetail) -> StepSubject:
    """Return what forms read of a case."""
    clock, application = detail.clock, detail.application
    return StepSubject(
        law=detail.course.law,
        state=detail.course.state,
        seen=application.event_count,
        wanted_delivery=application.wanted_delivery,
        due_on=min((day for day in (clock.target_on, clock.due_on) if day is not None), default=None),
        evidence=detail.evidence,
        takes_papers=detail.may_handle,
        ordered=redo_ordered(application=application) if Verb.REOPEN in detail.verbs else None,
    )


def pattern_of(law: Law, results: Sequence[str]) -> StepSubject:
    """Return what forms of a step for many read: the law, and the checklists of the results drafted in the cases."""
    lines: dict[str, EvidenceItem] = {}
    for code in results:
        known = law.dispositions.dispositions.get(code)
        for item in known.evidence if known is not None else ():
            lines.setdefault(item.code, item)
    return StepSubject(
        law, CaseState(), evidence=tuple(EvidenceLine(one, ()) for one in lines.values() if not one.later)
    )
