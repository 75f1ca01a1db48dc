"""Boards: what a unit has open, by what it needs next, and what it has ended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Value

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import State
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application
from gongkai.features.foi.models.words import SubjectPairs
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS, Badge, badge_of_day
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit

PAGE = 50
YEAR = re.compile(r"[0-9]{4}")
"""How the number of a case begins; less than that names too many years to look for each by itself."""
DEEPEST = 5000
"""Pages that a whole list is paged through by number; further back, a list is narrowed by number or words."""
DEEPEST_NARROWED = 200
"""The same for a list that is narrowed: there the database has to look at the rows that it passes."""


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

    @property
    def narrows(self) -> bool:
        """Tell whether the list of a board is narrowed further."""
        return bool(self.text or self.channel or self.mine)

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
    badge: Badge
    target_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page of a list; ``more`` tells that there is a next one."""

    rows: tuple[BoardRow, ...]
    number: int
    more: bool


def board_page(
    *, actor: Actor, filters: BoardFilters, number: int, today: date, calendar: Calendar | None = None
) -> BoardPage:
    """Return a page of the cases the actor may see: open ones by due day, ended ones newest first.

    Three statements, whatever the number of cases: the calendar, the cases of the page by the index of each unit, their
    rows. Raises NotPermitted for somebody who sees no cases.
    """
    calendar = calendar or calendar_current()
    column, sign = ("closed_on", "-") if filters.board is Board.ENDED else ("due_on", "")
    order = (f"{sign}{column}", f"{sign}id")
    deepest = DEEPEST_NARROWED if filters.narrows else DEEPEST
    number = min(max(number, 1), deepest)
    start, stop = (number - 1) * PAGE, number * PAGE + 1
    units = sorted(_units(actor, filters))
    lists = [
        one.order_by(*order).values_list(column, "id")
        for unit_id in units
        for one in _lists(unit_id, filters, actor, today, calendar)
    ]
    if len(lists) == 1:
        picked = list(lists[0][start:stop])
    else:  # the best of each list by its index, then the best of those; a case may stand in two lists of its unit
        parts = [one[:stop] for one in lists]
        once = len(lists) == len(units)
        picked = list(parts[0].union(*parts[1:], all=once).order_by(*order)[start:stop]) if parts else []
    rows = Application.objects.filter(pk__in=[pk for _, pk in picked[:PAGE]])
    found = rows.select_related("unit", "applicant").only(*_SHOWN).order_by(*order)
    return BoardPage(_rows(list(found), today, calendar), number, len(picked) > PAGE and number < deepest)


_SHOWN = (
    *("register_no", "subject", "channel", "stage", "clock_state", "disposition"),
    *("started_on", "due_on", "wait_due_on", "target_on", "closed_on", "replied_on"),
    *("unit__name", "unit__short_name"),
    *("applicant__uid", "applicant__name", "applicant__erased_at"),
)


def board_counts(
    *, actor: Actor, filters: BoardFilters, today: date, calendar: Calendar | None = None
) -> dict[Board, int]:
    """Return how many open cases stand on each board, by one statement over open cases only; ended ones are not counted.

    ``calendar`` is the current one where the caller has read it already, as for ``board_page``.
    """
    calendar = calendar or calendar_current()
    rows = Application.objects.filter(unit_id__in=_units(actor, filters), closed_on__isnull=True)
    if filters.mine:
        rows = rows.filter(handler_id=actor.user_id)
    counted = [board for board in Board if board is not Board.ENDED]
    found = rows.aggregate(**{one.value: Count("id", filter=board_condition(one, today, calendar)) for one in counted})
    return {board: found[board.value] for board in counted}


def board_cases(*, actor: Actor, unit_id: int, filters: BoardFilters, today: date) -> QuerySet[Application]:
    """Return every case of a unit that a list holds, for doing something with all of them; raises NotPermitted."""
    if unit_id not in _units(actor, filters):
        return Application.objects.none()
    rows = _narrowed(unit_id, filters, actor, today, calendar_current())
    return rows.filter(_words(unit_id, filters.text) | _number(filters.text)) if filters.text else rows


def board_units(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the units whose cases the actor sees, with their names, to choose one of; empty where there is no choice."""
    units = permissions.units_seen(actor)
    if len(units) < 2:
        return []
    return [(one.pk, one.display_name) for one in Unit.objects.filter(pk__in=units).order_by("sort_key", "id")]


def _units(actor: Actor, filters: BoardFilters) -> frozenset[int]:
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看公开申请")
    return units if filters.unit_id is None else units & {filters.unit_id}


def _lists(
    unit_id: int, filters: BoardFilters, actor: Actor, today: date, calendar: Calendar
) -> list[QuerySet[Application]]:
    """The lists in which what is looked for in a unit stands, together.

    The numbers of a year have a list of their own: one condition for numbers or words would look at every case since.
    """
    rows = _narrowed(unit_id, filters, actor, today, calendar)
    if not filters.text:
        return [rows]
    words, number = _words(unit_id, filters.text), _number(filters.text)
    if YEAR.match(filters.text):
        return [rows.filter(words), rows.filter(number)]
    return [rows.filter(words | number)]


def _narrowed(
    unit_id: int, filters: BoardFilters, actor: Actor, today: date, calendar: Calendar
) -> QuerySet[Application]:
    rows = Application.objects.filter(unit_id=unit_id).alias(pairs=SubjectPairs("unit", "subject"))
    if filters.board is Board.ENDED:
        rows = rows.filter(closed_on__isnull=False)
    else:
        rows = rows.filter(closed_on__isnull=True).filter(board_condition(filters.board, today, calendar))
    if filters.mine:
        rows = rows.filter(handler_id=actor.user_id)
    return rows.filter(channel=filters.channel) if filters.channel else rows


def _words(unit_id: int, text: str) -> Q:
    """The subject of a case has every word of a text."""
    wanted = Q()
    for word in text.split():
        written = (
            "contains" if word.upper() == word.lower() else "icontains"
        )  # what has no small letters is not put in capitals
        wanted &= Q(**{f"subject__{written}": word})
        if len(word) > 1:  # by the index; what it finds is looked at as it was written
            wanted &= Q(pairs__contains=SubjectPairs(Value(unit_id), Value(word)))
    return wanted


def _number(text: str) -> Q:
    """The number of a case begins with a text; nothing where no number could."""
    return Q(register_no__startswith=text) if text[0].isdigit() else Q(pk__in=[])


def board_condition(board: Board, today: date, calendar: Calendar) -> Q:
    """Return what an open case of a board is like."""
    if board is Board.CONFIRM:
        return Q(stage=Stage.SUBMITTED.value)
    if board is Board.OVERDUE:
        return Q(due_on__lt=today) & ~Q(stage__in=_REPLIED) & ~Q(clock_state=State.PAUSED.value)
    if board is Board.NEAR:
        until = calendar.add_working_days(today, NEAR_WORKING_DAYS, strict=False)
        return Q(due_on__gte=today, due_on__lte=until) & ~Q(stage__in=_REPLIED) & ~Q(clock_state=State.PAUSED.value)
    if board is Board.WAITING:
        return Q(clock_state=State.PAUSED.value) | Q(stage=Stage.REASON_WAIT.value)
    if board is Board.LAPSED:
        return Q(wait_due_on__lt=today)
    if board is Board.DECIDING:
        return Q(stage__in=[Stage.DECIDING.value, Stage.SIGNED.value])
    return Q()


def _rows(found: Sequence[Application], today: date, calendar: Calendar) -> tuple[BoardRow, ...]:
    results = law_of(today, calendar=calendar).dispositions
    return tuple(
        BoardRow(
            id=one.pk,
            register_no=one.register_no,
            subject=one.subject,
            unit=one.unit.display_name,
            applicant=str(one.applicant.name) if one.applicant.erased_at is None else "已销毁",
            channel=CHANNEL_NAMES[Channel(one.channel)],
            stage=STAGE_NAMES[Stage(one.stage)],
            started_on=one.started_on,
            badge=_badge(one, today, calendar),
            target_on=one.target_on,
            result=results.dispositions[one.disposition].title if one.disposition in results.dispositions else "",
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
