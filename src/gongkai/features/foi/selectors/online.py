"""What the holder of a query code can take from the page of an application: letters that were put online, and what goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from gongkai.domain.foi.delivering import End
from gongkai.domain.foi.dispositions import evidence_wanted
from gongkai.domain.foi.letters import Direction
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi.models import CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.letters import carries_reply

GIVEN = frozenset({"copy_provided", "redacted_copy"})
"""The lines of the checklists on which lies what was given to the applicant: the copy as it was handed out, never the full one."""


@dataclass(frozen=True, slots=True)
class OnlinePaper:
    """A file for the applicant. ``delivery`` is that of the letter, None for what goes with the reply."""

    paper: CasePaper
    put_on: date
    delivery: LetterDelivery | None = None

    @property
    def read(self) -> bool:
        """Tell whether the letter has been opened."""
        return self.delivery is not None and self.delivery.end == End.READ.value


def online_papers(*, course: Course) -> tuple[OnlinePaper, ...]:
    """Return the letters to the applicant whose delivery was noted as online, and with the reply the copies that were given.

    Letters to others, papers of the house, what was taken out of use or came back are never among them. Copies are only
    where the applicant wanted them as data; they belong to the running round.
    """
    papers = CasePaper.objects.filter(application=course.application, removed_at__isnull=True, sealed=False)
    kept = list(papers.filter(file__isnull=False).select_related("file").order_by("added_at", "id"))
    newest: dict[int, LetterDelivery] = {}
    for row in LetterDelivery.objects.filter(paper__in=[one for one in kept if one.letter]).order_by("number"):
        newest[row.paper_id] = row
    found, reply = [], None
    for paper in kept:
        row = newest.get(paper.pk)
        if row is None or row.way != Delivery.ONLINE.value or row.end == End.RETURNED.value:
            continue
        form = letter_form(code=paper.letter, on=row.sent_on)
        if form is not None and form.direction is Direction.TO_APPLICANT:
            found.append(OnlinePaper(paper, row.sent_on, row))
            reply = row.sent_on if carries_reply(course, paper) else reply
    if reply is not None and course.application.wanted_form == Form.ELECTRONIC.value:
        found += [OnlinePaper(paper, reply) for paper in kept if _given(course, paper)]
    return tuple(found)


def _given(course: Course, paper: CasePaper) -> bool:
    answer = course.state.answer
    result = course.law.dispositions.dispositions.get(answer.disposition) if answer is not None else None
    if answer is None or result is None or answer.sent_on is None or paper.evidence not in GIVEN:
        return False
    begun = course.state.reopened_on
    wanted = {item.code for item in evidence_wanted(result, answer.grounds)}
    return paper.evidence in wanted and (begun is None or timezone.localdate(paper.added_at) >= begun)
