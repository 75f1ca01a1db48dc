"""What approvals tell the rest of the product, after it is committed; ``at`` is when it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from gongkai.kernel.events import Event


@dataclass(frozen=True)
class StepWaiting(Event):
    """A step is ready to be signed."""

    name: ClassVar[str] = "approvals.step.waiting"
    approval_id: int
    target_type: str
    target_id: str
    step: str
    at: datetime | None = None


@dataclass(frozen=True)
class ApprovalReturned(Event):
    """A signer returned the text; everything signed before counts no more."""

    name: ClassVar[str] = "approvals.approval.returned"
    approval_id: int
    target_type: str
    target_id: str
    step: str
    remark: str
    at: datetime | None = None


@dataclass(frozen=True)
class ApprovalCompleted(Event):
    """Every step is signed; ``purpose`` is ordinary, emergency or after_review."""

    name: ClassVar[str] = "approvals.approval.completed"
    approval_id: int
    target_type: str
    target_id: str
    digest: str
    purpose: str
    at: datetime | None = None


@dataclass(frozen=True)
class ApprovalVoided(Event):
    """A round counts no more: the text was edited, or the matter withdrawn (``kind`` voided or canceled)."""

    name: ClassVar[str] = "approvals.approval.voided"
    approval_id: int
    target_type: str
    target_id: str
    kind: str
    reason: str
    at: datetime | None = None
