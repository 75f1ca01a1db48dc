"""What a case file says: cases with a head, dated events and expectations, or every fault of its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.foi.fees import FeeMethod
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import Delivery, Opinion, RemedyOutcome
from gongkai.domain.foi.receipt import Channel


@dataclass(slots=True)
class Told:
    """One event as a file tells it. ``order`` is its place in the file; what was not written is None or empty."""

    kind: str
    on: date
    line: int
    order: int
    days: int | None = None
    working_days: bool = True
    ref: str = ""
    by: str = ""
    approved_on: date | None = None
    told_on: date | None = None
    channel: Channel | None = None
    delivery: Delivery | None = None
    answer: Opinion | None = None
    outcome: RemedyOutcome | None = None
    decided: date | None = None
    reason: str = ""
    proof: str = ""
    reasonable: bool | None = None
    public_interest: str = ""
    disposition: str = ""
    grounds: tuple[str, ...] = ()
    amount: int | None = None
    fee_method: FeeMethod | None = None
    pages: int | None = None
    nth: int | None = None
    to: tuple[str, ...] = ()
    due: date | None = None
    found: bool | None = None
    passed: bool | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing a file expects of a case, as written."""

    key: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about the reading of a line: how it was understood or what was assumed."""

    code: str
    line: int
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Script:
    """One case of a file."""

    line: int
    name: str = ""
    ref: str = ""
    layer: str = ""
    channel: Channel | None = None
    applicant: ApplicantClass | None = None
    delivery: Delivery | None = None
    disposition: str = ""
    grounds: tuple[str, ...] = ()
    today: date | None = None
    told: list[Told] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
