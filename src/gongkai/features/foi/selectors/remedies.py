"""Reconsiderations and suits: the board of a unit, one of them with its clocks, the figures of how they ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from gongkai.domain.calendars import Calendar
from gongkai.domain.foi.defense import (
    DEFENSE_VERB_NAMES,
    PROCEDURE_NAMES,
    DefenseState,
    DefenseVerb,
    defense_from_data,
    possible_steps,
)
from gongkai.domain.foi.letters import day_words
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper, CaseRemedy, RemedyStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.history import HistoryLine, history_line
from gongkai.features.foi.selectors.remedy_course import RemedyCourse, remedy_course
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import Badge, badge_of_day, badge_of_reading
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted

PAGE = 50
_PENDING = RemedyOutcome.PENDING.value


class RemedyBoard(StrEnum):
    """What a list of remedies holds."""

    ANSWER = "answer"
    REDO = "redo"
    COPY = "copy"
    PENDING = "pending"
    ENDED = "ended"


REMEDY_BOARD_NAMES: Mapping[RemedyBoard, str] = {
    RemedyBoard.ANSWER: "待答复举证",
    RemedyBoard.REDO: "待履行",
    RemedyBoard.COPY: "未收到副本",
    RemedyBoard.PENDING: "已答复，待审结",
    RemedyBoard.ENDED: "已审结",
}
_ORDERS: Mapping[RemedyBoard, tuple[str, ...]] = {
    RemedyBoard.ANSWER: ("answer_due_on", "id"),
    RemedyBoard.REDO: ("redo_due_on", "id"),
    RemedyBoard.COPY: ("filed_on", "id"),
    RemedyBoard.PENDING: ("hearing_on", "id"),
    RemedyBoard.ENDED: ("-decided_on", "-id"),
}
_CONDITIONS: Mapping[RemedyBoard, Q] = {
    RemedyBoard.ANSWER: Q(notified_on__isnull=False, answered_on__isnull=True, outcome=_PENDING),
    RemedyBoard.REDO: Q(redo_due_on__isnull=False, redone_on__isnull=True),
    RemedyBoard.COPY: Q(notified_on__isnull=True, outcome=_PENDING),
    RemedyBoard.PENDING: Q(answered_on__isnull=False, outcome=_PENDING),
    RemedyBoard.ENDED: ~Q(outcome=_PENDING),
}


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """A remedy as a line of a list: nothing of the applicant."""

    id: int
    application_id: int
    register_no: str
    subject: str
    unit: str
    kind: str
    ref: str
    organ: str
    procedure: str
    filed_on: date
    badge: Badge | None
    hearing_on: date | None
    outcome: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class RemedyPage:
    """A page of a list; ``more`` tells that there is a next one."""

    rows: tuple[RemedyRow, ...]
    number: int
    more: bool


def remedy_page(*, actor: Actor, board: RemedyBoard, number: int, today: date) -> RemedyPage:
    """Return a page of the remedies of the actor's units, the most pressing first; raises NotPermitted."""
    rows = _visible(actor).filter(_CONDITIONS[board]).select_related("application__unit")
    start = (max(number, 1) - 1) * PAGE
    found = list(rows.order_by(*_ORDERS[board])[start : start + PAGE + 1])
    calendar = calendar_current()
    return RemedyPage(tuple(_row(row, today, calendar) for row in found[:PAGE]), max(number, 1), len(found) > PAGE)


def remedy_counts(*, actor: Actor) -> dict[RemedyBoard, int]:
    """Return how many remedies stand on each board, by one statement; raises NotPermitted."""
    counted = {board.value: Count("id", filter=condition) for board, condition in _CONDITIONS.items()}
    found = _visible(actor).aggregate(**counted)
    return {board: found[board.value] for board in RemedyBoard}


def _visible(actor: Actor) -> QuerySet[CaseRemedy]:
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看公开申请")
    return CaseRemedy.objects.filter(application__unit_id__in=units)


def _row(row: CaseRemedy, today: date, calendar: Calendar) -> RemedyRow:
    return RemedyRow(
        id=row.pk,
        application_id=row.application_id,
        register_no=row.application.register_no,
        subject=row.application.subject,
        unit=row.application.unit.name,
        kind=row.get_kind_display(),
        ref=row.ref,
        organ=row.organ,
        procedure=row.get_procedure_display() if row.procedure else "",
        filed_on=row.filed_on,
        badge=_badge(row, today, calendar),
        hearing_on=row.hearing_on,
        outcome=row.get_outcome_display(),
        decided_on=row.decided_on,
    )


def _badge(row: CaseRemedy, today: date, calendar: Calendar) -> Badge | None:
    """What is due next: the answer, then what the decision orders."""
    if row.redo_due_on is not None:
        return badge_of_day(row.redo_due_on, today=today, calendar=calendar, done=row.redone_on is not None)
    if row.answer_due_on is not None and (row.answered_on is not None or row.outcome == _PENDING):
        return badge_of_day(row.answer_due_on, today=today, calendar=calendar, done=row.answered_on is not None)
    return None


@dataclass(frozen=True)
class RemedyDetail:
    """Everything the page of a remedy shows.

    ``papers`` are those of the case in use, ``handed_in`` what went with the answer, taken out of use since or not.
    """

    course: RemedyCourse
    application: Application
    answer_badge: Badge | None
    redo_badge: Badge | None
    steps: tuple[DefenseVerb, ...]
    history: tuple[HistoryLine, ...]
    papers: tuple[CasePaper, ...]
    handed_in: tuple[CasePaper, ...]
    may_handle: bool

    @property
    def state(self) -> DefenseState:
        """Return what the steps add up to."""
        return self.course.state


def remedy_detail(*, actor: Actor, remedy_id: int, today: date) -> RemedyDetail:
    """Return a remedy with everything its page shows; raises NotFound where the actor may not know of it."""
    rows = CaseRemedy.objects.select_related("application__unit").prefetch_related("steps")
    row = rows.filter(pk=remedy_id).first()
    if row is None or not permissions.can_see_case(actor, row.application.unit_id):
        raise NotFound("复议诉讼")
    course = remedy_course(row, row.steps.all(), today=today)
    papers = list(row.application.papers.select_related("file").order_by("added_at", "id"))
    may = permissions.can_handle_case(actor, row.application.unit_id)
    return RemedyDetail(
        course=course,
        application=row.application,
        answer_badge=badge_of_reading(course.answer) if course.answer is not None else None,
        redo_badge=badge_of_reading(course.redo) if course.redo is not None else None,
        steps=possible_steps(course.state) if may else (),
        history=tuple(_step_line(step) for step in course.steps),
        papers=tuple(paper for paper in papers if paper.removed_at is None),
        handed_in=tuple(paper for paper in papers if paper.pk in course.state.papers),
        may_handle=may,
    )


def _step_line(step: RemedyStep) -> HistoryLine:
    command = defense_from_data(step.data)
    told = [
        command.organ,
        PROCEDURE_NAMES[command.procedure] if command.procedure is not None else "",
        f"限{command.days}{'个工作日' if command.working_days else '日'}" if command.days else "",
        f"{day_words(command.hearing_on)} {command.place}".strip() if command.hearing_on is not None else "",
        f"随附材料 {len(command.papers)} 份" if command.papers else "",
        command.text,
    ]
    return history_line(step, label=DEFENSE_VERB_NAMES[command.verb], words="；".join(one for one in told if one))


def case_remedies(*, application: Application, today: date) -> tuple[RemedyRow, ...]:
    """Return the remedies of one case, for its page; one statement."""
    rows = list(application.remedies.order_by("number"))
    calendar = calendar_current() if rows else None
    for row in rows:
        row.application = application
    return tuple(_row(row, today, calendar) for row in rows if calendar is not None)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a decision orders, as reopening a case begins with it; ``days`` None where it tells none."""

    order: str
    days: int | None
    working_days: bool


def redo_ordered(*, application: Application) -> Ordered | None:
    """Return what the newest decision orders that is not done yet, None where there is none; at most two statements."""
    rows = application.remedies.filter(redo_due_on__isnull=False, redone_on__isnull=True)
    row = rows.prefetch_related("steps").order_by("-decided_on", "-number").first()
    if row is None:
        return None
    steps = [defense_from_data(step.data) for step in row.steps.all()]
    decision = next(one for one in reversed(steps) if one.verb is DefenseVerb.RECEIVE_DECISION)
    name = f"{row.organ}{row.ref}".strip() or row.get_kind_display()
    return Ordered(f"{name}：{decision.text}", decision.days, decision.working_days)


@dataclass(frozen=True, slots=True)
class RemedyFigure:
    """How remedies of one kind ended in a time: the columns of table four, and how many were corrected of those decided."""

    kind: RemedyKind
    upheld: int
    corrected: int
    other: int
    pending: int

    @property
    def decided(self) -> int:
        """Return how many were decided."""
        return self.upheld + self.corrected + self.other

    @property
    def corrected_percent(self) -> int | None:
        """Return the share of corrections in whole percent; None where nothing was decided."""
        return round(100 * self.corrected / self.decided) if self.decided else None


def remedy_outcomes(*, unit_ids: Collection[int], first: date, last: date) -> tuple[RemedyFigure, ...]:
    """Return how the remedies of some units ended from ``first`` to ``last``, by kind; one statement.

    Decided ones count by the day of the decision; pending are those filed by ``last`` and not decided by then.
    """
    rows = CaseRemedy.objects.filter(application__unit_id__in=unit_ids, filed_on__lte=last)
    ended = Q(decided_on__range=(first, last))
    found = {
        row["kind"]: row
        for row in rows.values("kind").annotate(
            upheld=Count("id", filter=ended & Q(outcome=RemedyOutcome.UPHELD.value)),
            corrected=Count("id", filter=ended & Q(outcome=RemedyOutcome.CORRECTED.value)),
            other=Count("id", filter=ended & Q(outcome=RemedyOutcome.OTHER.value)),
            pending=Count("id", filter=Q(decided_on__isnull=True) | Q(decided_on__gt=last)),
        )
    }
    names = ("upheld", "corrected", "other", "pending")
    return tuple(
        RemedyFigure(kind, **{name: found.get(kind.value, {}).get(name, 0) for name in names}) for kind in RemedyKind
    )
