"""The day on which a reply was served: what counts from it, which letter tells it, and which papers could prove another one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from gongkai.domain.deadlines import ClockRule, Fact, read_clock
from gongkai.domain.foi.clocks import read_reply
from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.model import CaseState
from gongkai.domain.issues import Basis
from gongkai.features.foi.models import CaseEvent, CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.delivering import facts_of
from gongkai.features.foi.selectors.letters import carries_reply
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.rulebook.lookup import NotInForce

CORRECTION = "ServiceCorrected"
REVIEW, SUIT = "remedies.reconsideration", "remedies.lawsuit"
_OPEN_TO = {Route.REVIEW_FIRST: (REVIEW,), Route.FREE_CHOICE: (REVIEW, SUIT), Route.UNSETTLED: (REVIEW, SUIT)}
_NO_PROOF = (CasePaper.Kind.LETTER, CasePaper.Kind.APPLICATION, CasePaper.Kind.RECORD, CasePaper.Kind.REDACTED)


@dataclass(frozen=True, slots=True)
class RemedyPeriod:
    """A period of the applicant that begins when the reply is served: what it is for, its last day, and the provision."""

    title: str
    due_on: date
    provisional: bool
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What follows from the day of service: the day of reply, its lateness in working days, its year, the remedies' ends."""

    served_on: date | None
    replied_on: date | None
    late_days: int
    year: int | None
    periods: tuple[RemedyPeriod, ...]


def service_figures(*, course: Course, state: CaseState) -> ServiceFigures:
    """Return what the day of service of a state amounts to; ``course`` gives the law of the case."""
    answer = state.answer
    reading = read_reply(state, course.law)
    replied_on = answer.replied_on if answer is not None else None
    return ServiceFigures(
        served_on=answer.served_on if answer is not None else None,
        replied_on=replied_on,
        late_days=reading.overdue_days if reading is not None and replied_on is not None else 0,
        year=replied_on.year if replied_on is not None else None,
        periods=remedy_periods(course=course, state=state),
    )


def remedy_periods(*, course: Course, state: CaseState) -> tuple[RemedyPeriod, ...]:
    """Return until when the applicant may go to review or to court, counted from service; empty before, or without a way."""
    answer, rules = state.answer, course.law.dispositions
    if answer is None or answer.served_on is None or answer.disposition not in rules.dispositions:
        return ()
    found = []
    for rule_id in _OPEN_TO.get(rules.route(answer.disposition, answer.grounds), ()):
        rule = _rule(rule_id, answer.served_on)
        if rule is None:
            continue
        reading = read_clock(rule, [Fact("knew", answer.served_on)], course.law.calendar)
        if reading.due_on is not None:
            found.append(RemedyPeriod(rule.title, reading.due_on, reading.provisional, rule.basis))
    return tuple(found)


def _rule(rule_id: str, on: date) -> ClockRule | None:
    try:
        return rulebook().clock_rule(rule_id, on=on, layer=settings.LAYER)
    except NotInForce:
        return None


def proof_papers(*, application_id: int) -> list[CasePaper]:
    """Return the papers of a case that can prove when a reply was served: kept with a file, in use, not made here."""
    rows = CasePaper.objects.filter(
        application_id=application_id, file__isnull=False, sealed=False, removed_at__isnull=True
    )
    return list(rows.exclude(kind__in=_NO_PROOF).order_by("-added_at", "-id"))


def reply_served(*, course: Course) -> LetterDelivery | None:
    """Return the newest note on the delivery of the running round's reply that tells its service; None where there is none."""
    papers = CasePaper.objects.filter(application=course.application, removed_at__isnull=True).exclude(letter="")
    rows = (
        LetterDelivery.objects.filter(paper__in=papers).select_related("paper", "proof").order_by("paper_id", "number")
    )
    newest = {row.paper_id: row for row in rows}
    answer = course.state.answer
    served = [
        row
        for row in newest.values()
        if answer is not None
        and facts_of(row).served
        and row.ended_on == answer.served_on
        and carries_reply(course, row.paper)
    ]
    return max(served, key=lambda row: row.pk, default=None)


@dataclass(frozen=True, slots=True)
class LateCorrection:
    """A reply whose day moved into or out of a year, or within it, after that year was over."""

    application_id: int
    register_no: str
    before: date
    after: date
    at: datetime


def corrected_after(*, year: int, unit_ids: Collection[int]) -> list[LateCorrection]:
    """Return the replies of a year whose day was corrected after it: its figures are not what they were. One query."""
    ended = timezone.make_aware(datetime(year, 12, 31)) + timedelta(days=1)
    of_year = Q(data__replied_before__startswith=f"{year}-") | Q(data__replied_after__startswith=f"{year}-")
    rows = CaseEvent.objects.filter(of_year, kind=CORRECTION, application__unit_id__in=unit_ids, at__gte=ended)
    found = rows.order_by("at", "pk").values_list("application_id", "application__register_no", "data", "at")
    return [
        LateCorrection(
            pk, number, date.fromisoformat(data["replied_before"]), date.fromisoformat(data["replied_after"]), at
        )
        for pk, number, data, at in found
    ]
