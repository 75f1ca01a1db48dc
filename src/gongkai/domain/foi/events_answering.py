"""What happens on the way to the reply and after it: period, records, draft, signature, service, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.domain.foi.event_base import Event
from gongkai.domain.foi.model import Delivery, RemedyKind, RemedyOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Event):
    """The period was extended by ``days``, for a reason; ``on`` is the day the applicant was told."""

    label: ClassVar[str] = "延长答复期限"
    days: int
    approved_by: str
    approved_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionUndone(Event):
    """The extension was taken back."""

    label: ClassVar[str] = "撤销延长"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed(Event):
    """The reply is put off by ``days`` working days (art. 35)."""

    label: ClassVar[str] = "决定延迟答复"
    days: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Event):
    """A division was asked for records."""

    label: ClassVar[str] = "交内设机构查找"
    ref: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReturned(Event):
    """The division answered."""

    label: ClassVar[str] = "内设机构反馈"
    ref: str
    found: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted(Event):
    """A reply was drafted with its one disposition."""

    label: ClassVar[str] = "拟定答复"
    disposition: str
    grounds: tuple[str, ...] = ()
    public_interest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalityReviewed(Event):
    """The draft passed the legality review or was sent back."""

    label: ClassVar[str] = "合法性审查"
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselHeard(Event):
    """The counsel gave an opinion."""

    label: ClassVar[str] = "听取法律顾问意见"
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Event):
    """The reply was signed."""

    label: ClassVar[str] = "签发"
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Event):
    """The reply went out."""

    label: ClassVar[str] = "发出答复"
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Event):
    """The reply counts as made on ``on``: posted, put online, or signed for (国办公开办函〔2016〕235号)."""

    label: ClassVar[str] = "作出答复"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Event):
    """The applicant has the reply."""

    label: ClassVar[str] = "答复送达"
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCorrected(Event):
    """The day of service was corrected from ``before`` to ``after``, and with it the day of reply where it follows service."""

    label: ClassVar[str] = "更正送达日期"
    before: date
    after: date
    replied_before: date | None = None
    replied_after: date | None = None
    reason: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The applicant withdrew."""

    label: ClassVar[str] = "申请人撤回"
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    """The case is over with its one result."""

    label: ClassVar[str] = "办结"
    disposition: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(Event):
    """Filed away."""

    label: ClassVar[str] = "归档"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFiled(Event):
    """A reconsideration or suit was filed."""

    label: ClassVar[str] = "复议或者诉讼"
    kind: RemedyKind
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDecided(Event):
    """It was decided."""

    label: ClassVar[str] = "复议或者诉讼结果"
    kind: RemedyKind
    outcome: RemedyOutcome
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Event):
    """Handled again; ``days`` None means the statutory period."""

    label: ClassVar[str] = "重新办理"
    reason: str
    days: int | None = None
    working_days: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver(Event):
    """Open at the end of ``year``."""

    label: ClassVar[str] = "结转下年度"
    year: int
