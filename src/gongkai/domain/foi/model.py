"""The values a case of disclosure on application is made of: stages, parts and the state that events add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockRule, Fact
from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.receipt import Channel, ReceiptFact


class Stage(StrEnum):
    """Where a case stands. While several answers are awaited at once, the third party's goes first."""

    NEW = "new"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    CHECKING = "checking"
    SUPPLEMENT_WAIT = "supplement_wait"
    HANDLING = "handling"
    THIRD_PARTY_WAIT = "third_party_wait"
    ORGAN_WAIT = "organ_wait"
    REASON_WAIT = "reason_wait"
    FEE_WAIT = "fee_wait"
    DECIDING = "deciding"
    SIGNED = "signed"
    SENT = "sent"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CLOSED_NO_SUPPLEMENT = "closed_no_supplement"
    CLOSED_NO_PAYMENT = "closed_no_payment"
    WITHDRAWN = "withdrawn"
    SPLIT = "split"
    MOVED = "moved"
    MERGED = "merged"
    ARCHIVED = "archived"


STAGE_NAMES: Mapping[Stage, str] = {
    Stage.NEW: "未提交",
    Stage.SUBMITTED: "待确认",
    Stage.RECEIVED: "已收到",
    Stage.CHECKING: "审核中",
    Stage.SUPPLEMENT_WAIT: "等待补正",
    Stage.HANDLING: "办理中",
    Stage.THIRD_PARTY_WAIT: "征求第三方意见",
    Stage.ORGAN_WAIT: "征求机关意见",
    Stage.REASON_WAIT: "等待说明理由",
    Stage.FEE_WAIT: "等待缴费",
    Stage.DECIDING: "拟答复",
    Stage.SIGNED: "已签发",
    Stage.SENT: "已发出",
    Stage.DELIVERED: "已送达",
    Stage.CLOSED: "已办结",
    Stage.CLOSED_NO_SUPPLEMENT: "逾期不补正办结",
    Stage.CLOSED_NO_PAYMENT: "逾期未缴费办结",
    Stage.WITHDRAWN: "申请人撤回",
    Stage.SPLIT: "已拆分",
    Stage.MOVED: "已移送",
    Stage.MERGED: "已并案",
    Stage.ARCHIVED: "已归档",
}

# A case in one of these is over: it has its one result, or it goes on under another number.
ENDED = frozenset(
    {
        Stage.CLOSED,
        Stage.CLOSED_NO_SUPPLEMENT,
        Stage.CLOSED_NO_PAYMENT,
        Stage.WITHDRAWN,
        Stage.SPLIT,
        Stage.MOVED,
        Stage.MERGED,
        Stage.ARCHIVED,
    }
)
# These go on elsewhere and are counted there, not here.
ELSEWHERE = frozenset({Stage.SPLIT, Stage.MOVED, Stage.MERGED})


class ConsultationKind(StrEnum):
    """Whose opinion is asked: a third party (art. 32), the organ that made it jointly (art. 34), another organ (33(3))."""

    THIRD_PARTY = "third_party"
    JOINT_MAKER = "joint_maker"
    ORGAN = "organ"


CONSULTATION_NAMES: Mapping[ConsultationKind, str] = {
    ConsultationKind.THIRD_PARTY: "征求第三方意见",
    ConsultationKind.JOINT_MAKER: "征求共同制作机关意见",
    ConsultationKind.ORGAN: "征求其他机关意见",
}


class Opinion(StrEnum):
    """What an asked side answered. Silence of a third party is not consent; silence of a joint maker is (art. 34)."""

    NONE = ""
    CONSENTS = "consents"
    REFUSES = "refuses"
    SILENT = "silent"


class Delivery(StrEnum):
    """How a letter is served (国办公开办函〔2016〕235号)."""

    POST = "post"
    IN_PERSON = "in_person"
    ENTRUSTED = "entrusted"
    ONLINE = "online"


DELIVERY_NAMES: Mapping[Delivery, str] = {
    Delivery.POST: "邮寄",
    Delivery.IN_PERSON: "直接送达",
    Delivery.ENTRUSTED: "委托送达",
    Delivery.ONLINE: "网上送达",
}
# Served directly or by another organ, the reply is made on the day the applicant signs for it; else on the day it goes out.
SIGNED_FOR = frozenset({Delivery.IN_PERSON, Delivery.ENTRUSTED})


class RemedyKind(StrEnum):
    """Reconsideration or a suit; a suit is direct or after reconsideration, as table four of the annual report asks."""

    RECONSIDERATION = "reconsideration"
    LAWSUIT_DIRECT = "lawsuit_direct"
    LAWSUIT_AFTER = "lawsuit_after"


REMEDY_NAMES: Mapping[RemedyKind, str] = {
    RemedyKind.RECONSIDERATION: "行政复议",
    RemedyKind.LAWSUIT_DIRECT: "行政诉讼（未经复议直接起诉）",
    RemedyKind.LAWSUIT_AFTER: "行政诉讼（复议后起诉）",
}


class RemedyOutcome(StrEnum):
    """How a remedy ended, in the columns of table four; ``pending`` until then."""

    PENDING = "pending"
    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"


OUTCOME_NAMES: Mapping[RemedyOutcome, str] = {
    RemedyOutcome.PENDING: "尚未审结",
    RemedyOutcome.UPHELD: "结果维持",
    RemedyOutcome.CORRECTED: "结果纠正",
    RemedyOutcome.OTHER: "其他结果",
}


@dataclass(frozen=True, slots=True)
class Supplement:
    """The one supplement of a case (art. 30); ``days`` is the period the notice gave, in working days."""

    notice_on: date
    days: int | None = None
    delivered_on: date | None = None
    supplemented_on: date | None = None
    lapsed_on: date | None = None

    @property
    def open(self) -> bool:
        """Tell whether the supplement is awaited."""
        return self.supplemented_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Consultation:
    """One letter asking for an opinion; ``told_on`` is the day a third party was told of disclosure against its will."""

    kind: ConsultationKind
    ref: str
    sent_on: date
    days: int | None = None
    delivered_on: date | None = None
    answered_on: date | None = None
    lapsed_on: date | None = None
    opinion: Opinion = Opinion.NONE
    told_on: date | None = None

    @property
    def open(self) -> bool:
        """Tell whether the answer is awaited."""
        return self.answered_on is None and self.lapsed_on is None

    @property
    def name(self) -> str:
        """Say whose opinion was asked: 征求第三方意见（甲公司）."""
        return CONSULTATION_NAMES[self.kind] + (f"（{self.ref}）" if self.ref else "")


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons asked of an applicant with very many requests (art. 35); ``reasonable`` is the organ's assessment."""

    asked_on: date
    days: int | None = None
    delivered_on: date | None = None
    given_on: date | None = None
    lapsed_on: date | None = None
    reasonable: bool | None = None

    @property
    def open(self) -> bool:
        """Tell whether the reasons are awaited."""
        return self.given_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Fee:
    """The processing fee of a case; ``amount`` in yuan."""

    notice_on: date
    amount: int | None = None
    delivered_on: date | None = None
    paid_on: date | None = None
    lapsed_on: date | None = None

    @property
    def open(self) -> bool:
        """Tell whether the payment is awaited."""
        return self.paid_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Extension:
    """The extension of a round, voided by a restart but not to be repeated: granted by ``approved_by`` on ``approved_on``, told to the applicant on ``told_on``."""

    told_on: date
    days: int
    approved_by: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class Assignment:
    """A request for records to a division, with its own dates; ``days_over`` is computed by whoever reads it."""

    ref: str
    sent_on: date
    due_on: date
    returned_on: date | None = None
    found: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply of a round, from draft to service; ``replied_on`` counts as its day, that of service if ``replied_by_service``."""

    disposition: str
    grounds: tuple[str, ...] = ()
    drafted_on: date | None = None
    legality_on: date | None = None
    legality_passed: bool | None = None
    counsel_on: date | None = None
    signed_on: date | None = None
    signed_by: str = ""
    sent_on: date | None = None
    delivery: Delivery | None = None
    served_on: date | None = None
    replied_on: date | None = None
    replied_by_service: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """A reconsideration or suit against a case."""

    kind: RemedyKind
    ref: str
    filed_on: date
    decided_on: date | None = None
    outcome: RemedyOutcome = RemedyOutcome.PENDING


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected day of receipt or service: what stood there, what stands there now, why, when and by whom.

    Of a day of service also what proves it, and the day of reply where that moved with it.
    """

    before: date
    after: date
    reason: str
    on: date
    by: str
    proof: str = ""
    replied_before: date | None = None
    replied_after: date | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A finished round: from the day its period began to its result, with the facts that its clock reads."""

    started_on: date
    disposition: str
    ended_on: date
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A reply period that a decision on review or a judgment sets: ``days`` None means the statutory one."""

    days: int | None = None
    working_days: bool = True


@dataclass(frozen=True)
class CaseState:
    """What the events of one case add up to.

    ``facts`` are the dated facts of the running round that clocks read. ``latest`` names the latest event (its label and
    its day): what the organ does next may not lie before it. ``disposition`` is set once the case is over.
    """

    stage: Stage = Stage.NEW
    channel: Channel | None = None
    receipt: Mapping[ReceiptFact, date] = field(default_factory=dict)
    unreachable_on: date | None = None
    received_on: date | None = None
    corrections: tuple[Correction, ...] = ()
    service_corrections: tuple[Correction, ...] = ()
    register_no: str = ""
    registered_on: date | None = None
    split_from: str = ""
    split_into: tuple[str, ...] = ()
    moved_to: str = ""
    merged_into: str = ""
    supplement: Supplement | None = None
    consultations: tuple[Consultation, ...] = ()
    reasons: Reasons | None = None
    fee: Fee | None = None
    extension: Extension | None = None
    delayed_on: date | None = None
    assignments: tuple[Assignment, ...] = ()
    answer: Answer | None = None
    disposition: str = ""
    closed_on: date | None = None
    archived_on: date | None = None
    reopened_on: date | None = None
    period: Period | None = None
    rounds: tuple[Round, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    carried_over: tuple[int, ...] = ()
    facts: tuple[Fact, ...] = ()
    latest: tuple[str, date] | None = None

    def changed(self, **changes: Any) -> CaseState:
        """Return a state with some fields changed, like ``dataclasses.replace``.

        A case has many fields and each event changes a few: copying the others as they are is ten times as fast as
        building the state anew.
        """
        unknown = changes.keys() - self.__dict__.keys()
        if unknown:
            raise TypeError(f"a case has no {', '.join(sorted(unknown))}")
        copy = object.__new__(CaseState)
        copy.__dict__.update(self.__dict__, **changes)
        return copy

    @property
    def ended(self) -> bool:
        """Tell whether the case is over."""
        return self.stage in ENDED

    @property
    def open_consultations(self) -> tuple[Consultation, ...]:
        """Those whose answer is awaited."""
        return tuple(one for one in self.consultations if one.open)


@dataclass(frozen=True)
class Law:
    """What the machine needs to know of the law, as it holds for one case; the rulebook builds it.

    ``rules`` are clock rules by id (``foi.reply`` …) of the versions in force on the day the case began; a rule that was
    not in force then is absent. ``legality_for`` names the dispositions that need a legality review before signing.
    """

    calendar: Calendar
    rules: Mapping[str, ClockRule]
    dispositions: DispositionRules
    legality_for: frozenset[str] = frozenset()
