"""A case as its page shows it: what was asked, where it stands, what may be done next, its papers and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gongkai.domain.foi.clocks import CaseClock
from gongkai.domain.foi.dispositions import Disposition, EvidenceItem, evidence_missing, evidence_wanted
from gongkai.domain.foi.event_data import EVENT_TYPES
from gongkai.domain.foi.model import STAGE_NAMES, CaseState
from gongkai.domain.foi.table import possible
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.alike import Alike, alike_list
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.history import HistoryLine, history_line
from gongkai.features.foi.selectors.telling import event_words
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import Badge, badge_of_reading

MOST_ALIKE = 8
"""How many applications that are alike a page shows."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of the checklist of the result: the papers that settle it, or none."""

    item: EvidenceItem
    papers: tuple[CasePaper, ...]

    @property
    def settled(self) -> bool:
        """Tell whether a paper is there."""
        return bool(self.papers)


@dataclass(frozen=True)
class CaseDetail:
    """Everything the page of a case shows. ``verbs`` are what the table allows now and the actor may do."""

    application: Application
    course: Course
    clock: CaseClock
    badge: Badge | None
    stage_name: str
    verbs: tuple[Verb, ...]
    result: Disposition | None
    evidence: tuple[EvidenceLine, ...]
    papers: tuple[CasePaper, ...]
    history: tuple[HistoryLine, ...]
    may_handle: bool
    may_open_applicant: bool

    @property
    def evidence_codes(self) -> tuple[str, ...]:
        """Return the lines of the checklist that are settled."""
        return tuple(line.item.code for line in self.evidence if line.settled)

    @cached_property
    def alike(self) -> tuple[Alike, ...]:
        """Return earlier applications that are like this one, while it is open; looked for only where they are shown."""
        return () if self.course.state.ended else tuple(alike_list(application=self.application)[:MOST_ALIKE])


def case_detail(*, actor: Actor, application_id: int, today: date) -> CaseDetail:
    """Return a case with everything its page shows; raises NotFound."""
    application = application_get(actor=actor, application_id=application_id)
    course = case_course(application=application)
    clock = course.clock(today=today)
    papers = tuple(application.papers.select_related("file").order_by("added_at", "id"))
    code = course.state.disposition or (course.state.answer.disposition if course.state.answer else "")
    result = course.law.dispositions.dispositions.get(code)
    return CaseDetail(
        application=application,
        course=course,
        clock=clock,
        badge=badge_of_reading(clock.reply) if clock.reply is not None else None,
        stage_name=STAGE_NAMES[course.state.stage],
        verbs=verbs_open(actor=actor, course=course),
        result=result,
        evidence=_evidence(course, result, papers),
        papers=papers,
        history=history_lines(course),
        may_handle=permissions.can_handle_case(actor, application.unit_id),
        may_open_applicant=permissions.can_open_applicant(actor, application.unit_id),
    )


def verbs_open(*, actor: Actor, course: Course) -> tuple[Verb, ...]:
    """Return what the table allows at this stage and the actor may do; on which conditions, the service tells."""
    hidden = {Verb.SUBMIT, *_without_object(course.state)}
    if course.state.register_no:
        hidden.add(Verb.REGISTER)
    if course.application.applicant.erased_at is not None:
        hidden.add(Verb.CORRECT_SERVICE)
    unit_id = course.application.unit_id
    return tuple(
        verb for verb in possible(course.state.stage) if verb not in hidden and permissions.can_do(actor, verb, unit_id)
    )


def _without_object(state: CaseState) -> set[Verb]:
    """Return the steps that answer to something that has not been done in this case, or is done already."""
    answer, supplement, fee = state.answer, state.supplement, state.fee
    known = {
        Verb.NOTIFY_SUPPLEMENT: supplement is None,
        Verb.DELIVER_SUPPLEMENT_NOTICE: supplement is not None and supplement.delivered_on is None,
        Verb.DELIVER_FEE_NOTICE: fee is not None and fee.delivered_on is None,
        Verb.SEND: answer is not None and answer.served_on is None,
        Verb.SERVE: answer is not None and answer.sent_on is not None and answer.served_on is None,
        Verb.CORRECT_SERVICE: answer is not None and answer.served_on is not None,
        Verb.DELIVER_CONSULTATION: any(one.delivered_on is None for one in state.open_consultations),
        Verb.ANSWER_CONSULTATION: any(one.answered_on is None for one in state.consultations),
        Verb.LAPSE_CONSULTATION: bool(state.open_consultations),
        Verb.TELL_THIRD_PARTY: bool(state.consultations),
        Verb.RETURN_ASSIGNMENT: any(one.returned_on is None for one in state.assignments),
        Verb.DELIVER_REASON_NOTICE: state.reasons is not None and state.reasons.delivered_on is None,
        Verb.GIVE_REASONS: state.reasons is not None and state.reasons.given_on is None,
        Verb.LAPSE_REASONS: state.reasons is not None and state.reasons.open,
        Verb.EXTEND: state.extension is None,
        Verb.UNDO_EXTENSION: state.extension is not None,
        Verb.DECIDE_REMEDY: bool(state.remedies),
    }
    return {verb for verb, there in known.items() if not there}


def _evidence(course: Course, result: Disposition | None, papers: Sequence[CasePaper]) -> tuple[EvidenceLine, ...]:
    if result is None:
        return ()
    grounds = course.state.answer.grounds if course.state.answer else ()
    kept = [paper for paper in papers if paper.removed_at is None and paper.evidence]
    return tuple(
        EvidenceLine(item, tuple(paper for paper in kept if paper.evidence == item.code))
        for item in evidence_wanted(result, grounds)
    )


def evidence_short(*, detail: CaseDetail) -> tuple[tuple[EvidenceItem, ...], ...]:
    """Return the lines of the checklist that still keep the case from being closed."""
    if detail.result is None:
        return ()
    grounds = detail.course.state.answer.grounds if detail.course.state.answer else ()
    return evidence_missing(detail.result, grounds, detail.evidence_codes)


def history_lines(course: Course) -> tuple[HistoryLine, ...]:
    """Return the events of a case in words, in the order in which they were entered."""
    names = code_names(course)
    return tuple(
        history_line(row, label=EVENT_TYPES[row.kind].label, words=event_words(row.data, names=names))
        for row in course.rows
    )


def code_names(course: Course) -> dict[str, str]:
    """Return the results, grounds and lines of evidence of the law of a case in words, by their codes."""
    rules = course.law.dispositions
    names = {code: one.title for code, one in rules.dispositions.items()}
    names |= {code: ground.label for code, ground in rules.grounds.items()}
    names |= {item.code: item.words for one in rules.dispositions.values() for item in one.evidence}
    return names
