"""Requests to amend one's own record: the board of a unit, one request, what its applicant sees. Art. 41 is a procedure of
its own: nothing here stands in tables three and four of the annual report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import Reading
from gongkai.domain.foi.amendment import (
    AMENDMENT_OUTCOME_NAMES,
    AMENDMENT_STAGE_NAMES,
    AMENDMENT_TABLE,
    AMENDMENT_VERB_NAMES,
    AmendmentOutcome,
    AmendmentStage,
    AmendmentState,
    AmendmentVerb,
    amendment_from_data,
    read_amendment,
)
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentEvent, AmendmentPaper, AmendmentRequest
from gongkai.features.foi.selectors.access import NotFound, code_shown, plain_code
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.history import HistoryLine, history_line
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import Badge, badge_of_day, badge_of_reading
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.sealed import matching

WHAT = "更正申请"
PAGE = 50
# The letter that tells each outcome; where to go otherwise is told on the page and by word (letters.yaml knows none).
LETTERS: Mapping[AmendmentOutcome, str] = {
    AmendmentOutcome.AMENDED: "L30_amendment_done",
    AmendmentOutcome.REFUSED: "L31_amendment_refused",
    AmendmentOutcome.TRANSFERRED: "L32_amendment_moved",
}
# A decision is made by those who sign replies; whoever handles cases does the rest.
_SIGNED = frozenset({AmendmentVerb.DECIDE})


def can_do(actor: Actor, verb: AmendmentVerb, unit_id: int) -> bool:
    """Tell whether the actor may do this with a request of the unit, were it possible."""
    return permissions.can_do(actor, Verb.SIGN if verb in _SIGNED else Verb.ACCEPT, unit_id)


@dataclass(frozen=True)
class AmendmentCourse:
    """A request with its events, what they add up to, and its configured period."""

    row: AmendmentRequest
    events: tuple[AmendmentEvent, ...]
    state: AmendmentState
    reading: Reading | None


def amendment_course(
    row: AmendmentRequest, events: Iterable[AmendmentEvent], *, today: date, calendar: Calendar | None = None
) -> AmendmentCourse:
    """Add up the events of a request and read its period as seen from a day."""
    known = tuple(sorted(events, key=lambda event: event.number))
    state = amendment_from_data([event.data for event in known])
    law = law_of(row.started_on, calendar=calendar)
    return AmendmentCourse(row, known, state, read_amendment(state, law, today=today))


class AmendmentBoard(StrEnum):
    """What a list of requests holds."""

    OPEN = "open"
    WAITING = "waiting"
    DECIDED = "decided"
    ENDED = "ended"


AMENDMENT_BOARD_NAMES: Mapping[AmendmentBoard, str] = {
    AmendmentBoard.OPEN: "在办",
    AmendmentBoard.WAITING: "等待证据",
    AmendmentBoard.DECIDED: "待告知",
    AmendmentBoard.ENDED: "已办结",
}
_STAGES: Mapping[AmendmentBoard, tuple[AmendmentStage, ...]] = {
    AmendmentBoard.OPEN: (AmendmentStage.RECEIVED, AmendmentStage.CHECKING),
    AmendmentBoard.WAITING: (AmendmentStage.EVIDENCE_WAIT,),
    AmendmentBoard.DECIDED: (AmendmentStage.DECIDED,),
    AmendmentBoard.ENDED: (AmendmentStage.TOLD, AmendmentStage.ARCHIVED, AmendmentStage.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """A request as a line of a list; the name of who asked is masked, what is wrong stays sealed."""

    id: int
    register_no: str
    record: str
    unit: str
    applicant: str
    channel: str
    started_on: date
    stage: str
    badge: Badge
    outcome: str


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """A page of a list; ``more`` tells that there is a next one."""

    rows: tuple[AmendmentRow, ...]
    number: int
    more: bool


def amendment_page(*, actor: Actor, board: AmendmentBoard, number: int, today: date) -> AmendmentPage:
    """Return a page of the requests of the actor's units, the most pressing first; raises NotPermitted."""
    rows = _visible(actor).filter(stage__in=[stage.value for stage in _STAGES[board]])
    order = ("-changed_at", "-id") if board is AmendmentBoard.ENDED else ("due_on", "id")
    start = (max(number, 1) - 1) * PAGE
    found = list(rows.select_related("unit", "applicant").order_by(*order)[start : start + PAGE + 1])
    calendar = calendar_current()
    lines = tuple(_row(row, today, calendar) for row in found[:PAGE])
    return AmendmentPage(lines, max(number, 1), len(found) > PAGE)


def amendment_counts(*, actor: Actor) -> dict[AmendmentBoard, int]:
    """Return how many requests stand on each board, by one statement; raises NotPermitted."""
    counted = {
        board.value: Count("id", filter=Q(stage__in=[stage.value for stage in stages]))
        for board, stages in _STAGES.items()
    }
    found = _visible(actor).aggregate(**counted)
    return {board: found[board.value] for board in AmendmentBoard}


def _visible(actor: Actor) -> QuerySet[AmendmentRequest]:
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看更正申请")
    return AmendmentRequest.objects.filter(unit_id__in=units)


def _row(row: AmendmentRequest, today: date, calendar: Calendar) -> AmendmentRow:
    done = row.decided_on is not None or row.stage in (AmendmentStage.WITHDRAWN, AmendmentStage.ARCHIVED)
    return AmendmentRow(
        id=row.pk,
        register_no=row.register_no,
        record=row.record,
        unit=row.unit.name,
        applicant=str(row.applicant.name),
        channel=row.get_channel_display(),
        started_on=row.started_on,
        stage=row.get_stage_display(),
        badge=badge_of_day(row.due_on, today=today, calendar=calendar, done=done),
        outcome=row.get_outcome_display() if row.outcome else "",
    )


@dataclass(frozen=True)
class AmendmentDetail:
    """Everything the page of a request shows; ``letter`` is the code of the letter that tells the outcome, if there is one."""

    course: AmendmentCourse
    badge: Badge | None
    verbs: tuple[AmendmentVerb, ...]
    history: tuple[HistoryLine, ...]
    papers: tuple[AmendmentPaper, ...]
    letter: str
    handed_to: str
    handed_from: str
    may_handle: bool
    may_open: bool

    @property
    def row(self) -> AmendmentRequest:
        """Return the request."""
        return self.course.row


def amendment_get(*, actor: Actor, amendment_id: int) -> AmendmentRequest:
    """Return one request with unit and applicant; raises NotFound where the actor may not know of it."""
    rows = AmendmentRequest.objects.select_related("unit", "applicant", "handed_from__unit")
    found = rows.filter(pk=amendment_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound(WHAT)
    return found


def amendment_detail(*, actor: Actor, amendment_id: int, today: date) -> AmendmentDetail:
    """Return a request with everything its page shows; raises NotFound."""
    row = amendment_get(actor=actor, amendment_id=amendment_id)
    course = amendment_course(row, row.events.all(), today=today)
    stage = course.state.stage
    onward = AmendmentRequest.objects.filter(handed_from=row).select_related("unit").first()
    outcome = course.state.outcome
    return AmendmentDetail(
        course=course,
        badge=badge_of_reading(course.reading) if course.reading is not None else None,
        verbs=tuple(
            verb for verb in AmendmentVerb if (stage, verb) in AMENDMENT_TABLE and can_do(actor, verb, row.unit_id)
        ),
        history=tuple(_line(event) for event in course.events),
        papers=tuple(row.papers.select_related("file").order_by("added_at", "id")),
        letter=LETTERS.get(outcome, "") if outcome is not None else "",
        handed_to=onward.unit.name if onward is not None else "",
        handed_from=row.handed_from.unit.name if row.handed_from is not None else "",
        may_handle=permissions.can_handle_case(actor, row.unit_id),
        may_open=permissions.can_open_applicant(actor, row.unit_id),
    )


def _line(event: AmendmentEvent) -> HistoryLine:
    data = event.data
    outcome = AMENDMENT_OUTCOME_NAMES[AmendmentOutcome(data["outcome"])] if data["outcome"] else ""
    words = "；".join(one for one in (outcome, data["organ"], data["text"]) if one)
    return history_line(event, label=AMENDMENT_VERB_NAMES[AmendmentVerb(event.verb)], words=words)


def amendment_by_code(*, query_code: str) -> AmendmentRequest:
    """Return the request that a query code opens; raises NotFound."""
    written = plain_code(query_code)
    rows = AmendmentRequest.objects.select_related("unit")
    found = rows.filter(**matching("query_digest", written, AmendmentRequest)).first() if written else None
    if found is None:
        raise NotFound("与此查询码对应的申请")
    return found


@dataclass(frozen=True)
class AmendmentFollowed:
    """What the holder of a query code sees: no name of the house, no inner step."""

    row: AmendmentRequest
    status: str
    reading: Reading | None
    lines: tuple[tuple[str, date], ...]
    outcome: str
    reason: str
    next_no: str
    next_unit: str
    next_code: str = field(repr=False)
    may_prove: bool
    may_withdraw: bool


_TOLD = {
    AmendmentVerb.RECEIVE: "收到更正申请",
    AmendmentVerb.ASK_EVIDENCE: "请您补充证据",
    AmendmentVerb.RECEIVE_EVIDENCE: "收到您补充的证据",
    AmendmentVerb.DECIDE: "作出处理",
    AmendmentVerb.TELL: "告知您处理结果",
    AmendmentVerb.WITHDRAW: "您已撤回",
}
_STATUS = {
    AmendmentStage.RECEIVED: "已收到，正在审核",
    AmendmentStage.EVIDENCE_WAIT: "请您补充证据",
    AmendmentStage.CHECKING: "正在核实",
    AmendmentStage.DECIDED: "已经作出处理，即将告知您",
    AmendmentStage.TOLD: "已办结",
    AmendmentStage.ARCHIVED: "已办结",
    AmendmentStage.WITHDRAWN: "您已撤回",
}


def amendment_followed(*, query_code: str, today: date) -> AmendmentFollowed:
    """Return what the applicant sees of the own request; raises NotFound."""
    row = amendment_by_code(query_code=query_code)
    course = amendment_course(row, row.events.all(), today=today)
    state = course.state
    told = state.told_on is not None
    onward = AmendmentRequest.objects.filter(handed_from=row).select_related("unit").first()
    wanted = [event for event in course.events if event.verb == AmendmentVerb.ASK_EVIDENCE.value]
    ended = state.decided_on is not None or state.stage in (AmendmentStage.WITHDRAWN, AmendmentStage.ARCHIVED)
    reason = wanted[-1].data["text"] if wanted and state.stage is AmendmentStage.EVIDENCE_WAIT else ""
    decided = [event for event in course.events if event.verb == AmendmentVerb.DECIDE.value]
    if told and decided:
        reason = "；".join(one for one in (decided[-1].data["organ"], decided[-1].data["text"]) if one)
    return AmendmentFollowed(
        row=row,
        status=_STATUS.get(state.stage, AMENDMENT_STAGE_NAMES[state.stage]),
        reading=None if ended else course.reading,
        lines=tuple((_TOLD[AmendmentVerb(e.verb)], e.on) for e in course.events if AmendmentVerb(e.verb) in _TOLD),
        outcome=AMENDMENT_OUTCOME_NAMES[state.outcome] if told and state.outcome is not None else "",
        reason=reason,
        next_no=onward.register_no if onward is not None else "",
        next_unit=onward.unit.name if onward is not None else "",
        next_code=code_shown(onward.query_code.for_machine()) if onward is not None else "",
        may_prove=(state.stage, AmendmentVerb.RECEIVE_EVIDENCE) in AMENDMENT_TABLE,
        may_withdraw=(state.stage, AmendmentVerb.WITHDRAW) in AMENDMENT_TABLE,
    )


def amendment_file_readable(*, actor: Actor, amendment_id: str, file_id: int) -> bool:
    """Tell whether the actor may download a file of a request: whoever sees it, but nothing that is sealed."""
    found = AmendmentRequest.objects.filter(pk=int(amendment_id)).only("unit_id").first() if amendment_id else None
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        return False
    return found.papers.filter(file_id=file_id, sealed=False).exists()


def amendment_of_paper(*, actor: Actor, paper_id: int) -> int:
    """Return the request of a paper; raises NotFound where the actor may not know of it."""
    found = AmendmentPaper.objects.filter(pk=paper_id).values_list("amendment_id", flat=True).first()
    if found is None:
        raise NotFound("材料")
    return amendment_get(actor=actor, amendment_id=found).pk


@dataclass(frozen=True, slots=True)
class AmendmentFigures:
    """Requests of a year, apart from tables three and four: how many came in, how they ended, what is open."""

    received: int
    by_outcome: tuple[tuple[str, int], ...]
    withdrawn: int
    open: int


def amendment_figures(*, year: int, unit_ids: Collection[int]) -> AmendmentFigures:
    """Count the requests received in a year by some units; one statement."""
    rows = AmendmentRequest.objects.filter(
        unit_id__in=unit_ids, received_on__range=(date(year, 1, 1), date(year, 12, 31))
    )
    found = rows.aggregate(
        received=Count("id"),
        withdrawn=Count("id", filter=Q(stage=AmendmentStage.WITHDRAWN.value)),
        **{one.value: Count("id", filter=Q(outcome=one.value)) for one in AmendmentOutcome},
    )
    ended = found["withdrawn"] + sum(found[one.value] for one in AmendmentOutcome)
    return AmendmentFigures(
        received=found["received"],
        by_outcome=tuple((AMENDMENT_OUTCOME_NAMES[one], found[one.value]) for one in AmendmentOutcome),
        withdrawn=found["withdrawn"],
        open=found["received"] - ended,
    )
