"""Boards: what a unit has open, by what it needs next, and what it has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import State
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS, Badge, badge_of_day
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted

PAGE = 50
DEEPEST = 200
"""Pages that a list is paged through by number; further back, a list is narrowed by number or words."""


class Board(StrEnum):
    """What a list of cases holds."""

    OPEN = "open"
    CONFIRM = "confirm"
    OVERDUE = "overdue"
    NEAR = "near"
    WAITING = "waiting"
    LAPSED = "lapsed"
    DECIDING = "deciding"
    ENDED = "ended"


BOARD_NAMES: Mapping[Board, str] = {
    Board.OPEN: "在办",
    Board.CONFIRM: "待确认",
    Board.OVERDUE: "已逾期",
    Board.NEAR: "临近期限",
    Board.WAITING: "等待中",
    Board.LAPSED: "等待期满",
    Board.DECIDING: "拟答复",
    Board.ENDED: "已办结",
}
_REPLIED = (Stage.SENT.value, Stage.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What a list is narrowed to; empty narrows nothing. ``text`` is a register number or words of the subject."""

    board: Board = Board.OPEN
    unit_id: int | None = None
    text: str = ""
    channel: str = ""
    mine: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> BoardFilters:
        """Read filters from a query string; what is not understood is left out."""
        unit = str(query.get("unit", ""))
        board = str(query.get("board", ""))
        channel = str(query.get("channel", ""))
        return cls(
            board=Board(board) if board in set(Board) else Board.OPEN,
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 16 else None,
            text=str(query.get("text", "")).replace("\x00", "").strip()[:80],
            channel=channel if channel in set(Channel) else "",
            mine=str(query.get("mine", "")) in {"1", "on"},
        )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A case as a line of a list; nothing of the applicant but the masked name."""

    id: int
    register_no: str
    subject: str
    unit: str
    applicant: str
    channel: str
    stage: str
    started_on: date
    received_on: date | None
    badge: Badge
    target_on: date | None
    handler: str
    result: str
    closed_on: date | None
    replied_on: date | None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page of a list; ``more`` tells that there is a next one."""

    rows: tuple[BoardRow, ...]
    number: int
    more: bool


def board_page(*, actor: Actor, filters: BoardFilters, number: int, today: date) -> BoardPage:
    """Return a page of the cases the actor may see: open ones by due day, ended ones newest first. Two statements.

    Raises NotPermitted for somebody who sees no cases.
    """
    rows = _narrowed(_visible(actor, filters), filters, actor, today)
    order = ("-closed_on", "-id") if filters.board is Board.ENDED else ("due_on", "id")
    number = min(max(number, 1), DEEPEST)
    start = (number - 1) * PAGE
    found = list(rows.select_related("unit", "applicant", "handler").order_by(*order)[start : start + PAGE + 1])
    return BoardPage(_rows(found[:PAGE], today), number, len(found) > PAGE and number < DEEPEST)


def board_counts(*, actor: Actor, filters: BoardFilters, today: date) -> dict[Board, int]:
    """Return how many open cases stand on each board, by one statement over open cases only; ended ones are not counted."""
    rows = _visible(actor, filters).filter(closed_on__isnull=True)
    if filters.mine:
        rows = rows.filter(handler_id=actor.user_id)
    counted = [board for board in Board if board is not Board.ENDED]
    found = rows.aggregate(**{board.value: Count("id", filter=_condition(board, today)) for board in counted})
    return {board: found[board.value] for board in counted}


def _visible(actor: Actor, filters: BoardFilters) -> QuerySet[Application]:
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看公开申请")
    if filters.unit_id is not None:
        units = units & {filters.unit_id}
    return Application.objects.filter(unit_id__in=units)


def _narrowed(rows: QuerySet[Application], filters: BoardFilters, actor: Actor, today: date) -> QuerySet[Application]:
    if filters.board is Board.ENDED:
        rows = rows.filter(closed_on__isnull=False)
    else:
        rows = rows.filter(closed_on__isnull=True).filter(_condition(filters.board, today))
    if filters.mine:
        rows = rows.filter(handler_id=actor.user_id)
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.text:
        rows = rows.filter(Q(register_no__istartswith=filters.text) | Q(subject__icontains=filters.text))
    return rows


def _condition(board: Board, today: date) -> Q:
    if board is Board.CONFIRM:
        return Q(stage=Stage.SUBMITTED.value)
    if board is Board.OVERDUE:
        return Q(due_on__lt=today) & ~Q(stage__in=_REPLIED) & ~Q(clock_state=State.PAUSED.value)
    if board is Board.NEAR:
        until = calendar_current().add_working_days(today, NEAR_WORKING_DAYS, strict=False)
        return Q(due_on__gte=today, due_on__lte=until) & ~Q(stage__in=_REPLIED) & ~Q(clock_state=State.PAUSED.value)
    if board is Board.WAITING:
        return Q(clock_state=State.PAUSED.value) | Q(stage=Stage.REASON_WAIT.value)
    if board is Board.LAPSED:
        return Q(wait_due_on__lt=today)
    if board is Board.DECIDING:
        return Q(stage__in=[Stage.DECIDING.value, Stage.SIGNED.value])
    return Q()


def _rows(found: Sequence[Application], today: date) -> tuple[BoardRow, ...]:
    calendar = calendar_current()
    results = law_of(today).dispositions
    return tuple(
        BoardRow(
            id=one.pk,
            register_no=one.register_no,
            subject=one.subject,
            unit=one.unit.display_name,
            applicant=str(one.applicant.name),
            channel=CHANNEL_NAMES[Channel(one.channel)],
            stage=STAGE_NAMES[Stage(one.stage)],
            started_on=one.started_on,
            received_on=one.received_on,
            badge=_badge(one, today, calendar),
            target_on=one.target_on,
            handler=str(one.handler) if one.handler else "",
            result=results.dispositions[one.disposition].title if one.disposition in results.dispositions else "",
            closed_on=one.closed_on,
            replied_on=one.replied_on,
        )
        for one in found
    )


def _badge(one: Application, today: date, calendar: Calendar) -> Badge:
    if one.closed_on is not None or one.stage in _REPLIED:
        return Badge("blue", "已答复" if one.replied_on else "已办结", one.due_on)
    if one.stage == Stage.SUBMITTED.value:
        late = one.wait_due_on is not None and one.wait_due_on < today
        return Badge("red" if late else "yellow", "尚未确认收到")
    if one.clock_state == State.PAUSED.value:
        return Badge("grey", "期间不计入", one.due_on, provisional=True)
    return badge_of_day(one.due_on, today=today, calendar=calendar)
