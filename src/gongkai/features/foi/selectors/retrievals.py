"""What divisions are asked to look for: their desk, one retrieval as its readers may see it, and those of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from gongkai.domain.foi.retrieval import (
    BY_DIVISION,
    BY_OFFICE,
    OPEN_RETRIEVALS,
    OUTCOMES,
    RETRIEVAL_STAGES,
    Act,
    Outcome,
    RetrievalStage,
    acts_possible,
    days_late,
    late_before,
)
from gongkai.domain.issues import Basis
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, Retrieval, RetrievalFile, RetrievalStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.divisions import Division, division_people, divisions_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import calendar_current, rulebook
from gongkai.kernel.errors import NotPermitted

PAGE = 50
DEEPEST = 200
OPEN_STAGES = [stage.value for stage in OPEN_RETRIEVALS]
_ON_BEHALF = frozenset({Act.ANSWER, Act.HAND_ON})
"""What the office enters for a division that answered on paper or has nobody who signs in."""


class Desk(StrEnum):
    """What the list of retrievals holds."""

    OPEN = "open"
    LATE = "late"
    RETURNED = "returned"
    DONE = "done"


DESK_NAMES: Mapping[Desk, str] = {
    Desk.OPEN: "待反馈",
    Desk.LATE: "已逾期",
    Desk.RETURNED: "已退回",
    Desk.DONE: "已了结",
}


@dataclass(frozen=True, slots=True)
class RetrievalRow:
    """A retrieval as a line: what is looked for and by when, nothing of the applicant.

    ``ref`` is what the events of the case know the division by, and stays; ``division`` is its name now.
    """

    id: int
    register_no: str
    wanted: str
    ref: str
    division: str
    stage: RetrievalStage
    sent_on: date
    due_on: date
    late: int
    outcome: str
    answered_on: date | None

    @property
    def stage_name(self) -> str:
        """Return the stage in words."""
        return RETRIEVAL_STAGES[self.stage]

    @property
    def open(self) -> bool:
        """Tell whether an answer is awaited."""
        return self.stage in OPEN_RETRIEVALS


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A page of the desk; ``more`` tells that there is a next one."""

    rows: tuple[RetrievalRow, ...]
    number: int
    more: bool


@dataclass(frozen=True)
class RetrievalDetail:
    """One retrieval with everything its page shows. ``case_id`` is None for those who may not see the case."""

    row: Retrieval
    line: RetrievalRow
    unit: str
    case_id: int | None
    ended: bool
    acts: tuple[Act, ...]
    steps: tuple[RetrievalStep, ...]
    files: tuple[tuple[int, str], ...]
    others: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """The day that is offered for an answer: ``days`` working days from today; ``capped`` where the reply is due before."""

    on: date
    days: int
    capped: bool
    note: str
    basis: tuple[Basis, ...]


def offered_day(*, today: date, due_on: date | None) -> OfferedDay:
    """Return the day to begin with when a division is asked; not after ``due_on``, the day of the reply, while that lies ahead."""
    rule = rulebook().value("foi.retrieval", on=today, layer=settings.LAYER)
    days = rule.number or 0
    usual = calendar_current().add_working_days(today, days, strict=False)
    capped = due_on is not None and today <= due_on < usual
    return OfferedDay(due_on if capped and due_on is not None else usual, days, capped, rule.note, rule.basis)


def retrieval_desk(*, actor: Actor, desk: Desk, number: int, today: date) -> DeskPage:
    """Return a page of the retrievals of the actor's divisions, and of the cases the actor handles, by their own due day."""
    rows = _on_desk(_visible(actor), desk, today).select_related("application", "division")
    order = ("-answered_on", "-id") if desk is Desk.DONE else ("due_on", "id")
    number = min(max(number, 1), DEEPEST)
    start = (number - 1) * PAGE
    found = list(rows.order_by(*order)[start : start + PAGE + 1])
    return DeskPage(retrieval_rows(found[:PAGE], today), number, len(found) > PAGE and number < DEEPEST)


def desk_counts(*, actor: Actor, today: date) -> dict[Desk, int]:
    """Return how many open retrievals stand on each list, by one statement."""
    late = _late(today)
    returned = Q(stage=RetrievalStage.RETURNED.value)
    found = _waiting(_visible(actor)).aggregate(
        open=Count("id"), late=Count("id", filter=late), returned=Count("id", filter=returned)
    )
    return {Desk.OPEN: found["open"], Desk.LATE: found["late"], Desk.RETURNED: found["returned"]}


def _visible(actor: Actor) -> QuerySet[Retrieval]:
    divisions, units = permissions.divisions_served(actor), permissions.units_handled(actor)
    if not divisions and not units:
        raise NotPermitted(ability="查看调取信息的任务")
    return Retrieval.objects.filter(Q(division_id__in=divisions) | Q(application__unit_id__in=units))


def _waiting(rows: QuerySet[Retrieval]) -> QuerySet[Retrieval]:
    return rows.filter(stage__in=OPEN_STAGES, application__closed_on__isnull=True)


def _late(today: date) -> Q:
    return Q(due_on__lt=late_before(today, calendar=calendar_current()))


def _on_desk(rows: QuerySet[Retrieval], desk: Desk, today: date) -> QuerySet[Retrieval]:
    if desk is Desk.DONE:
        return rows.filter(~Q(stage__in=OPEN_STAGES) | Q(application__closed_on__isnull=False))
    rows = _waiting(rows)
    if desk is Desk.LATE:
        return rows.filter(_late(today))
    return rows.filter(stage=RetrievalStage.RETURNED.value) if desk is Desk.RETURNED else rows


def retrieval_rows(found: Sequence[Retrieval], today: date) -> tuple[RetrievalRow, ...]:
    """Return retrievals (with application and division) as lines."""
    calendar = calendar_current()
    return tuple(
        RetrievalRow(
            id=one.pk,
            register_no=one.application.register_no,
            wanted=one.wanted,
            ref=one.ref,
            division=one.division.display_name,
            stage=RetrievalStage(one.stage),
            sent_on=one.sent_on,
            due_on=one.due_on,
            late=days_late(one.due_on, today=one.answered_on or today, calendar=calendar) if _counts(one) else 0,
            outcome=OUTCOMES[Outcome(one.outcome)] if one.outcome else "",
            answered_on=one.answered_on,
        )
        for one in found
    )


def _counts(one: Retrieval) -> bool:
    """What was handed on, is no longer needed, or belongs to a case that is over, is not late any more."""
    stage = RetrievalStage(one.stage)
    return stage is RetrievalStage.ANSWERED or (stage in OPEN_RETRIEVALS and one.application.closed_on is None)


def retrieval_get(*, actor: Actor, retrieval_id: int) -> Retrieval:
    """Return one retrieval; raises NotFound for whoever neither belongs to the division nor sees the case."""
    rows = Retrieval.objects.select_related("application", "application__unit", "division")
    found = rows.filter(pk=retrieval_id).first()
    if found is None or not (serves(actor, found) or permissions.can_see_case(actor, found.application.unit_id)):
        raise NotFound("调取信息的任务")
    return found


def serves(actor: Actor, retrieval: Retrieval) -> bool:
    """Tell whether the actor answers for the division that is asked."""
    return permissions.can_answer_retrieval(actor, retrieval.division_id)


def acts_open(*, actor: Actor, retrieval: Retrieval) -> tuple[Act, ...]:
    """Return what the actor may do with a retrieval now."""
    if retrieval.application.closed_on is not None:
        return ()
    may: frozenset[Act] = BY_DIVISION if serves(actor, retrieval) else frozenset()
    if permissions.can_handle_case(actor, retrieval.application.unit_id):
        may |= BY_OFFICE | _ON_BEHALF
    return tuple(act for act in acts_possible(RetrievalStage(retrieval.stage)) if act in may)


def retrieval_detail(*, actor: Actor, retrieval_id: int, today: date) -> RetrievalDetail:
    """Return one retrieval as its page shows it; raises NotFound."""
    found = retrieval_get(actor=actor, retrieval_id=retrieval_id)
    application = found.application
    kept = RetrievalFile.objects.filter(retrieval=found, paper__removed_at__isnull=True, paper__file__isnull=False)
    names = kept.select_related("paper__file").values_list("paper__file_id", "paper__title")
    acts = acts_open(actor=actor, retrieval=found)
    others = divisions_of(unit_ids=[application.unit_id], on=today) if Act.HAND_ON in acts else []
    return RetrievalDetail(
        row=found,
        line=retrieval_rows([found], today)[0],
        unit=application.unit.display_name,
        case_id=application.pk if permissions.can_see_case(actor, application.unit_id) else None,
        ended=application.closed_on is not None,
        acts=acts,
        steps=tuple(found.steps.order_by("id")),
        files=tuple((file_id, title) for file_id, title in names.order_by("id")),
        others=tuple((one.pk, one.display_name) for one in others if one.pk != found.division_id),
    )


def retrievals_of_case(*, application: Application, today: date) -> tuple[RetrievalRow, ...]:
    """Return the retrievals of a case in their order; who may see the case is the caller's matter."""
    rows = Retrieval.objects.filter(application=application).select_related("application", "division")
    return retrieval_rows(list(rows.order_by("number")), today)


def retrieval_lines(*, application: Application) -> list[str]:
    """Return the course of every retrieval of a case in words, for its archive."""
    lines = []
    for row in application.retrievals.prefetch_related("steps").order_by("number"):
        lines += [f"{row.number}　{row.ref}　{row.due_on}前反馈", f"查找：{row.wanted}"]
        lines += [f"{one.on}　{one.get_act_display()}　{one.by_name}　{one.words}".rstrip() for one in row.steps.all()]
        if row.outcome:
            lines.append(f"答复：{OUTCOMES[Outcome(row.outcome)]}　{row.answer}".rstrip())
        lines.append("")
    return lines


def file_of_division(*, actor: Actor, application_id: str, file_id: int) -> bool:
    """Tell whether a file came from a division for which the actor answers; then its people may open it again."""
    kept = RetrievalFile.objects.filter(
        paper__file_id=file_id,
        paper__application_id=application_id,
        paper__removed_at__isnull=True,
        paper__sealed=False,
    )
    found = kept.values_list("retrieval__division_id", flat=True)
    return any(permissions.can_answer_retrieval(actor, division_id) for division_id in found)


def division_register(*, actor: Actor, today: date) -> list[Division]:
    """Return the divisions of the units whose cases the actor handles, with their people and what they have open."""
    units = permissions.units_handled(actor)
    if not units:
        raise NotPermitted(ability="查看内设机构")
    rows = divisions_of(unit_ids=units, on=today)
    people = division_people(division_ids=[row.pk for row in rows], today=today)
    waiting = _waiting(Retrieval.objects.filter(division_id__in=[row.pk for row in rows]))
    counted = waiting.values("division_id").annotate(open=Count("id"), late=Count("id", filter=_late(today)))
    numbers = {one["division_id"]: (one["open"], one["late"]) for one in counted}
    found = []
    for row in rows:
        named = tuple(user.get_full_name() for user in people.get(row.pk, ()))
        unit = row.parent.display_name if row.parent else ""
        division = Division(row.pk, row.parent_id or 0, unit, row.display_name, named)
        number, late = numbers.get(row.pk, (0, 0))
        found.append(replace(division, open=number, late=late))
    return found
