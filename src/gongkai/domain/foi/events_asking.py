"""What happens while an application comes in and something is asked of others: receipt, supplement, opinions, reasons, fee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.domain.foi.event_base import Event
from gongkai.domain.foi.model import ConsultationKind, Opinion
from gongkai.domain.foi.receipt import Channel, ReceiptFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Event):
    """The application came in by ``channel``."""

    label: ClassVar[str] = "申请人提交"
    channel: Channel
    split_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecorded(Event):
    """Facts of receipt that happened on this day."""

    label: ClassVar[str] = "签收或者确认"
    facts: tuple[ReceiptFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """The day of receipt is certain: ``on``."""

    label: ClassVar[str] = "收到申请"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnreachable(Event):
    """The applicant could not be reached for the confirmation."""

    label: ClassVar[str] = "联系不上申请人"
    attempts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCorrected(Event):
    """The day of receipt was corrected from ``before`` to ``after``."""

    label: ClassVar[str] = "更正收到申请之日"
    before: date
    after: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Event):
    """Entered in the register."""

    label: ClassVar[str] = "登记"
    register_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Event):
    """Checked, and handed over for handling."""

    label: ClassVar[str] = "转入办理"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitUp(Event):
    """Went on as several cases."""

    label: ClassVar[str] = "拆分"
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """Moved to the organ it was meant for."""

    label: ClassVar[str] = "移送"
    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Event):
    """A copy: went on under another number."""

    label: ClassVar[str] = "并案"
    into: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNotified(Event):
    """The applicant was told what to supplement, within ``days`` working days."""

    label: ClassVar[str] = "发出补正告知"
    items: tuple[str, ...]
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNoticeDelivered(Event):
    """The applicant has the notice."""

    label: ClassVar[str] = "补正告知送达"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplemented(Event):
    """The supplemented application is in."""

    label: ClassVar[str] = "收到补正"
    excuse: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementLapsed(Event):
    """Not supplemented in time: given up."""

    label: ClassVar[str] = "逾期不补正"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted(Event):
    """An opinion was asked for in writing."""

    label: ClassVar[str] = "征求意见"
    kind: ConsultationKind
    ref: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationDelivered(Event):
    """The asked side has the letter."""

    label: ClassVar[str] = "征求意见书送达"
    kind: ConsultationKind
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAnswered(Event):
    """The opinion is in."""

    label: ClassVar[str] = "收到意见"
    kind: ConsultationKind
    opinion: Opinion
    ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationLapsed(Event):
    """No opinion came; ``opinion`` is what the silence means: consent of a joint maker, nothing of anybody else."""

    label: ClassVar[str] = "逾期未提出意见"
    kind: ConsultationKind
    opinion: Opinion
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyTold(Event):
    """A third party was told what is disclosed against its will, and why."""

    label: ClassVar[str] = "书面告知第三方"
    reason: str
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsAsked(Event):
    """The applicant was asked for reasons."""

    label: ClassVar[str] = "要求说明理由"
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonNoticeDelivered(Event):
    """The applicant has that notice."""

    label: ClassVar[str] = "说明理由通知送达"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsGiven(Event):
    """The reasons are in, with their assessment."""

    label: ClassVar[str] = "收到说明的理由"
    reasonable: bool | None = None
    assessment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsLapsed(Event):
    """No reasons came in time."""

    label: ClassVar[str] = "逾期不说明理由"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNotified(Event):
    """The fee was asked for, ``amount`` in yuan."""

    label: ClassVar[str] = "发出收费通知"
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNoticeDelivered(Event):
    """The applicant has the fee notice."""

    label: ClassVar[str] = "收费通知送达"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePaid(Event):
    """The fee is paid."""

    label: ClassVar[str] = "缴纳信息处理费"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLapsed(Event):
    """Not paid in time: given up."""

    label: ClassVar[str] = "逾期未缴费"
