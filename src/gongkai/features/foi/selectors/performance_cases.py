"""The cases behind a figure of performance, for those who see the cases of the unit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.model import OUTCOME_NAMES, REMEDY_NAMES, STAGE_NAMES, RemedyKind, RemedyOutcome, Stage
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseEvent, CaseRound
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.boards import Board, board_condition
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.figures import CATEGORY_NAMES
from gongkai.features.foi.selectors.performance import NOBODY, Asked, Split, here, labels_of, units_of, units_within
from gongkai.features.foi.selectors.service_days import CORRECTION
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import calendar_current

PAGE = 50
DEEPEST = 1000


class Counted(StrEnum):
    """What a figure counts; beside these the categories of results."""

    RECEIVED = "received"
    REPLIED = "replied"
    IN_TIME = "in_time"
    LATE = "late"
    IN_TARGET = "in_target"
    OVER_TARGET = "over_target"
    EXTENDED = "extended"
    ENDED = "ended"
    DECIDED = "decided"
    CORRECTED = "corrected"
    OPEN = "open"
    OVERDUE = "overdue"


COUNTED_NAMES: Mapping[str, str] = {
    Counted.RECEIVED: "收到申请",
    Counted.REPLIED: "已答复",
    Counted.IN_TIME: "法定期限内答复",
    Counted.LATE: "超过法定期限答复",
    Counted.IN_TARGET: "内部时限内答复",
    Counted.OVER_TARGET: "超过内部时限答复",
    Counted.EXTENDED: "延长过答复期限",
    Counted.ENDED: "办结",
    Counted.DECIDED: "复议、诉讼审结",
    Counted.CORRECTED: "复议、诉讼结果纠正",
    Counted.OPEN: "目前在办",
    Counted.OVERDUE: "目前逾期未答复",
    **{one.value: name for one, name in CATEGORY_NAMES.items()},
}
_ROUNDS: Mapping[str, Q] = {
    Counted.REPLIED: Q(),
    Counted.IN_TIME: Q(late_days=0),
    Counted.LATE: Q(late_days__gt=0),
    Counted.IN_TARGET: Q(replied_on__lte=F("target_on")),
    Counted.OVER_TARGET: Q(replied_on__gt=F("target_on")),
    Counted.EXTENDED: Q(extended=True),
}


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case behind a figure; nothing of the applicant. ``told`` says what about it is counted."""

    id: int
    register_no: str
    subject: str
    unit: str
    received_on: date | None
    replied_on: date | None
    due_on: date | None
    used_days: int | None
    late_days: int
    told: str


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of the cases behind a figure: of which line (empty: of all), of which days."""

    rows: tuple[CountedCase, ...]
    number: int
    more: bool
    line: str
    since: date
    until: date


def performance_cases(
    *, actor: Actor, asked: Asked, figure: str, key: str, number: int, today: date
) -> tuple[CountedPage, str]:
    """Return a page of the cases behind a figure of a line (``key``; empty: of all lines), and what the figure is called.

    Three statements at most. Raises NotPermitted, and NotFound for no such figure or line, and where the actor may not see
    every case of it.
    """
    if figure not in COUNTED_NAMES:
        raise NotFound("这个数字")
    line = _read(asked.split, key) if key else None
    units = units_within(units_of(actor=actor, split=asked.split), asked.unit_id)
    if key and asked.split is Split.UNIT:
        units = units_within(units, line)
    if not units or not units <= permissions.units_seen(actor):
        raise NotFound("这个数字")
    narrowed = _narrowed(asked, line) if isinstance(line, date) else asked
    number = min(max(number, 1), DEEPEST)
    start, stop = (number - 1) * PAGE, number * PAGE + 1
    rows, tell = _behind(figure, narrowed, units, today)
    if asked.split is Split.PERSON and key:
        rows = rows.filter(**{"application__handler_id" if rows.model is CaseEvent else "handler_id": line})
    found = list(rows[start:stop])
    words = labels_of(asked.split, [line])[line] if key and found else ""
    more = len(found) > PAGE and number < DEEPEST
    page = CountedPage(tuple(tell(one) for one in found[:PAGE]), number, more, words, narrowed.since, narrowed.until)
    return page, COUNTED_NAMES[figure]


def _read(split: Split, key: str) -> Any:
    """The key of a line: the id of a unit or a person (None: nobody), or the first day of a span; raises NotFound."""
    if split is Split.PERSON and key == NOBODY:
        return None
    try:
        if split not in (Split.UNIT, Split.PERSON):
            return date.fromisoformat(key)
        if key.isascii() and key.isdigit() and len(key) < 16:
            return int(key)
    except ValueError:
        pass
    raise NotFound("这个数字")


def _narrowed(asked: Asked, first: date) -> Asked:
    """The days of the line, within those that were asked for."""
    months = {Split.YEAR: 12, Split.QUARTER: 3, Split.MONTH: 1}[asked.split]
    month = first.month + months - 1
    if first.day != 1 or month > 12:
        raise NotFound("这个数字")
    last = date(first.year, month, monthrange(first.year, month)[1])
    return Asked(max(first, asked.since), min(last, asked.until), asked.split, asked.unit_id)


def _behind(figure: str, asked: Asked, units: frozenset[int], today: date) -> tuple[QuerySet[Any], Any]:
    """The rows that a figure counts, and how one of them is told."""
    results = law_of(asked.until).dispositions.dispositions
    if figure in (Counted.DECIDED, Counted.CORRECTED):
        events = CaseEvent.objects.filter(
            application__unit_id__in=units, kind="RemedyDecided", on__range=asked.days
        ).select_related("application__unit")
        if figure == Counted.CORRECTED:
            events = events.filter(data__outcome=RemedyOutcome.CORRECTED.value)
        return events.order_by("-on", "-id"), _event
    if figure in (Counted.RECEIVED, Counted.OPEN, Counted.OVERDUE):
        cases = Application.objects.filter(unit_id__in=units).select_related("unit").defer("description", "query_code")
        if figure == Counted.RECEIVED:
            return here(cases.filter(received_on__range=asked.days)).order_by("-received_on", "-id"), _case
        cases = cases.filter(closed_on__isnull=True, received_on__isnull=False)
        if figure == Counted.OVERDUE:
            cases = cases.filter(board_condition(Board.OVERDUE, today, calendar_current()))
        return cases.order_by("due_on", "id"), _case
    put_right = CaseEvent.objects.filter(application_id=OuterRef("application_id"), kind=CORRECTION)
    rounds = CaseRound.objects.filter(unit_id__in=units).select_related("application__unit")
    rounds = rounds.annotate(put_right=Exists(put_right))

    def tell(row: Any) -> CountedCase:
        known = results.get(row.disposition)
        words = [known.title] if known else []
        words += ["送达日期更正过"] if row.put_right else []
        return _told(row.application, "，".join(words), row)

    if figure in _ROUNDS:
        found = rounds.filter(_ROUNDS[figure], replied_on__range=asked.days)
        return found.order_by("-replied_on", "-id"), tell
    found = rounds.filter(counted=True, ended_on__range=asked.days)
    if figure != Counted.ENDED:
        wanted = Category(figure)
        found = found.filter(disposition__in=[code for code, one in results.items() if one.category is wanted])
    return found.order_by("-ended_on", "-id"), tell


def _case(case: Application) -> CountedCase:
    return _told(case, STAGE_NAMES[Stage(case.stage)])


def _event(row: CaseEvent) -> CountedCase:
    kind, outcome = RemedyKind(row.data["kind"]), RemedyOutcome(row.data["outcome"])
    return _told(row.application, f"{REMEDY_NAMES[kind]}：{OUTCOME_NAMES[outcome]}（{row.on.isoformat()}）")


def _told(case: Application, words: str, of_round: CaseRound | None = None) -> CountedCase:
    """A case with the days of one of its rounds, or its own."""
    days = of_round or case
    return CountedCase(
        id=case.pk,
        register_no=case.register_no,
        subject=case.subject,
        unit=case.unit.display_name,
        received_on=days.received_on,
        replied_on=days.replied_on,
        due_on=days.due_on,
        used_days=of_round.used_days if of_round else None,
        late_days=of_round.late_days if of_round else 0,
        told=words,
    )
