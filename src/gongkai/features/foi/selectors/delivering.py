"""The delivery of the letters of a case: what is known of each, its proof, and on which day the reply counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from gongkai.domain.foi.delivering import DeliveryFacts, DeliveryRules, End, ReplyDay, reply_day
from gongkai.domain.foi.dispositions import evidence_wanted
from gongkai.domain.foi.letters import LetterForm
from gongkai.domain.foi.model import Delivery
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper, LetterDelivery
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.detail import CaseDetail, case_detail
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.letters import carries_reply, is_outgoing
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.sealed import Masked
from gongkai.rulebook.foi_delivery import delivery_rules

# The lines of the checklists that the delivery of a letter settles; that of the reply itself is HANDOVER.
EVIDENCE = {
    "L02_supplement": "notice_delivery",
    "L09_fee": "notice_delivery",
    "L06_consult_third": "consultation_delivery",
}
HANDOVER = "handover_proof"


@dataclass(frozen=True, slots=True)
class LetterDelivered:
    """One letter that goes out, what is known of its delivery (newest first), and the day of reply it makes.

    ``is_reply`` tells the letter that carries the result of the case.
    """

    paper: CasePaper
    form: LetterForm
    history: tuple[LetterDelivery, ...]
    is_reply: bool
    reply: ReplyDay | None

    @property
    def newest(self) -> LetterDelivery | None:
        """Return what holds now, None while nothing was noted."""
        return self.history[0] if self.history else None

    @property
    def complete(self) -> bool:
        """Tell whether its end and a scan of the proof are on record, so that nothing is added once the case is closed."""
        return self.newest is not None and bool(self.newest.end) and facts_of(self.newest).proven

    @property
    def served(self) -> bool:
        """Tell whether it has reached whom it was meant for."""
        return self.newest is not None and facts_of(self.newest).served


@lru_cache(maxsize=16)
def rules_on(day: date) -> DeliveryRules:
    """Return how letters are delivered on a day, with this office's own rules."""
    return delivery_rules(rulebook(), on=day, layer=settings.LAYER)


def facts_of(row: LetterDelivery) -> DeliveryFacts:
    """Return what a row knows, as pure code takes it; whoever signed stays sealed."""
    proof = row.proof
    return DeliveryFacts(
        way=Delivery(row.way),
        sent_on=row.sent_on,
        posting_no=row.posting_no,
        end=End(row.end) if row.end else None,
        ended_on=row.ended_on,
        read_at=row.read_at,
        signed_by=str(row.signed_by) if isinstance(row.signed_by, Masked) else "",
        note=row.note,
        proven=proof is not None and proof.file_id is not None,
    )


def deliveries_of(*, detail: CaseDetail, today: date) -> list[LetterDelivered]:
    """Return the letters of a case that go out, in the order in which they were written (two queries)."""
    papers = [paper for paper in detail.papers if paper.letter and paper.removed_at is None]
    rows = LetterDelivery.objects.filter(paper__in=papers).select_related("proof").order_by("-number")
    known: dict[int, list[LetterDelivery]] = {}
    for row in rows:
        known.setdefault(row.paper_id, []).append(row)
    found = []
    for paper in papers:
        form = letter_form(code=paper.letter, on=today)
        if form is not None and is_outgoing(form):
            found.append(_delivered(paper, form, known.get(paper.pk, []), detail.course, today))
    return found


def _delivered(
    paper: CasePaper, form: LetterForm, history: list[LetterDelivery], course: Course, today: date
) -> LetterDelivered:
    is_reply = carries_reply(course, paper)
    reply = reply_day(facts_of(history[0]), rules=rules_on(today)) if is_reply and history else None
    return LetterDelivered(paper, form, tuple(history), is_reply, reply)


def letter_delivered(*, actor: Actor, paper_id: int, today: date) -> tuple[CaseDetail, LetterDelivered]:
    """Return a letter with its case and its delivery; raises NotFound where the actor does not handle it."""
    paper = CasePaper.objects.filter(pk=paper_id, removed_at__isnull=True).exclude(letter="").first()
    if paper is None:
        raise NotFound("文书")
    detail = case_detail(actor=actor, application_id=paper.application_id, today=today)
    if not permissions.can_handle_case(actor, detail.application.unit_id):
        raise NotFound("文书")
    found = next((one for one in deliveries_of(detail=detail, today=today) if one.paper.pk == paper_id), None)
    if found is None:
        raise NotFound("文书")
    return detail, found


def evidence_of(*, course: Course, letter: str) -> str:
    """Return the line of the checklist that the delivery of a letter settles, empty where there is none."""
    answer = course.state.answer
    code = course.state.disposition or (answer.disposition if answer is not None else "")
    result = course.law.dispositions.dispositions.get(code)
    if result is not None and letter == result.letter:
        wanted = [item.code for item in evidence_wanted(result, answer.grounds if answer is not None else ())]
        return HANDOVER if HANDOVER in wanted else ""
    return EVIDENCE.get(letter, "")
