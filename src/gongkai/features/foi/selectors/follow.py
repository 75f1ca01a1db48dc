"""What an applicant sees of the own application: where it stands, when the answer is due, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi.clocks import CaseClock
from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.table import TABLE
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.access import application_by_code
from gongkai.features.foi.selectors.course import Course, case_course

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
# What the applicant is told of the course; steps inside the house are not among it.
TOLD = {
    "Submitted": "提交申请",
    "Received": "收到申请之日（从次日起计算期限）",
    "ReceiptCorrected": "更正收到申请之日",
    "Registered": "登记",
    "SupplementNotified": "发出补正告知",
    "Supplemented": "收到您的补正",
    "Consulted": "书面征求意见",
    "ConsultationAnswered": "收到意见",
    "ConsultationLapsed": "逾期未提出意见",
    "ReasonsAsked": "请您说明理由",
    "FeeNotified": "发出收费通知",
    "FeePaid": "您已缴费",
    "Extended": "延长答复期限",
    "ExtensionUndone": "撤销延长",
    "Delayed": "决定延迟答复",
    "Sent": "发出答复",
    "Served": "答复送达",
    "Withdrawn": "您撤回申请",
    "Closed": "办结",
    "Reopened": "重新办理",
}


@dataclass(frozen=True, slots=True)
class FollowLine:
    """One line of the course: the day and what happened."""

    on: date
    words: str


@dataclass(frozen=True)
class Followed:
    """What the applicant's page shows; the name of no person of the house is on it."""

    application: Application
    course: Course
    clock: CaseClock
    status: str
    lines: tuple[FollowLine, ...]
    may_confirm: bool
    may_withdraw: bool

    @property
    def reading(self) -> Reading | None:
        """Return the clock of the answer."""
        return self.clock.reply

    @property
    def trace(self) -> tuple[str, ...]:
        """Return how the last day was counted, line by line."""
        return tuple(step.words for step in self.clock.reply.trace) if self.clock.reply is not None else ()

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
        lines=tuple(FollowLine(row.on, TOLD[row.kind]) for row in course.rows if row.kind in TOLD),
        may_confirm=state.stage is Stage.SUBMITTED and not confirmed,
        may_withdraw=(state.stage, Verb.WITHDRAW) in TABLE,
    )
