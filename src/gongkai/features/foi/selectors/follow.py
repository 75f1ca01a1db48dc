"""What an applicant sees of the own application: where it stands, when the answer is due, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi.clocks import CaseClock, Wait
from gongkai.domain.foi.events import SupplementNotified
from gongkai.domain.foi.model import ELSEWHERE, CaseState, Stage
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.table import TABLE
from gongkai.domain.foi.timeline import Audience, Timeline, TimelineLine, timeline
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.access import application_by_code
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.linked import GoesOn, goes_on

STAGE_WORDS = {
    Stage.SUBMITTED: "已提交，等待双方确认",
    Stage.RECEIVED: "已收到",
    Stage.CHECKING: "已登记，正在审核",
    Stage.SUPPLEMENT_WAIT: "请您补正申请",
    Stage.HANDLING: "正在办理",
    Stage.THIRD_PARTY_WAIT: "正在征求第三方意见",
    Stage.ORGAN_WAIT: "正在征求其他机关意见",
    Stage.REASON_WAIT: "请您说明理由",
    Stage.FEE_WAIT: "请您缴纳信息处理费",
    Stage.DECIDING: "正在拟定答复",
    Stage.SIGNED: "答复已签发，即将发出",
    Stage.SENT: "答复已发出",
    Stage.DELIVERED: "答复已送达",
    Stage.CLOSED: "已办结",
    Stage.CLOSED_NO_SUPPLEMENT: "逾期未补正，不再处理",
    Stage.CLOSED_NO_PAYMENT: "逾期未缴费，不再处理",
    Stage.WITHDRAWN: "您已撤回",
    Stage.SPLIT: "已拆分为几件办理",
    Stage.MOVED: "已移送其他机关",
    Stage.MERGED: "与另一件申请合并办理",
    Stage.ARCHIVED: "已办结",
}


class Asked(StrEnum):
    """What an applicant may be asked for and can hand in online."""

    SUPPLEMENT = "supplement"
    REASONS = "reasons"


def asked_of(state: CaseState) -> Asked | None:
    """Return what the applicant is asked for now; None where nothing is awaited."""
    if state.stage is Stage.SUPPLEMENT_WAIT:
        return Asked.SUPPLEMENT
    return Asked.REASONS if state.reasons is not None and state.reasons.open and not state.ended else None


@dataclass(frozen=True)
class Followed:
    """What the applicant's page shows; the name of no person of the house is on it."""

    application: Application
    course: Course
    clock: CaseClock
    status: str
    sheet: Timeline
    may_confirm: bool
    may_withdraw: bool
    goes_on: tuple[GoesOn, ...] = ()

    @property
    def reading(self) -> Reading | None:
        """Return the clock of the answer."""
        return self.clock.reply

    @property
    def trace(self) -> tuple[str, ...]:
        """Return how the last day was counted, line by line."""
        return tuple(step.words for step in self.sheet.steps)

    @property
    def lines(self) -> tuple[TimelineLine, ...]:
        """Return what happened, as far as it concerns the applicant; third parties are not named."""
        return self.sheet.lines

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Return what is awaited, without the names of those who are asked."""
        return tuple(replace(wait, what=wait.what.partition("（")[0], who="") for wait in self.clock.waits)

    @property
    def asked(self) -> Asked | None:
        """Return what the applicant is asked for now."""
        return asked_of(self.course.state)

    @property
    def items(self) -> tuple[str, ...]:
        """Return what has to be supplemented, as the notice says it."""
        notices = [one for one in self.course.events if isinstance(one, SupplementNotified)]
        return notices[-1].items if notices else ()

    @property
    def answered(self) -> bool:
        """Tell whether the answer is out."""
        return self.course.state.answer is not None and self.course.state.answer.sent_on is not None


def followed(*, query_code: str, today: date) -> Followed:
    """Return what the holder of a query code sees; raises NotFound."""
    application = application_by_code(query_code=query_code)
    course = case_course(application=application)
    state = course.state
    confirmed = ReceiptFact.CONFIRMED_BY_APPLICANT in state.receipt
    return Followed(
        application=application,
        course=course,
        clock=course.clock(today=today),
        status=STAGE_WORDS[state.stage],
        sheet=timeline(course.events, course.law, today=today, audience=Audience.APPLICANT),
        may_confirm=state.stage is Stage.SUBMITTED and not confirmed,
        may_withdraw=(state.stage, Verb.WITHDRAW) in TABLE,
        goes_on=goes_on(application=application) if state.stage in (*ELSEWHERE, Stage.ARCHIVED) else (),
    )
