"""Rows of the approval engine. What was signed is never changed or deleted; triggers hold that (migration 0002)."""

from gongkai.kernel.approvals.models.approvals import (
    Approval,
    ApprovalEnd,
    ApprovalState,
    ApprovalStep,
    Purpose,
    Seat,
    Signature,
    StepOpening,
    Verdict,
)
from gongkai.kernel.approvals.models.people import Delegation, SigningLink
from gongkai.kernel.approvals.models.routes import RouteAssignment, RouteVersion

__all__ = [
    "Approval",
    "ApprovalEnd",
    "ApprovalState",
    "ApprovalStep",
    "Delegation",
    "Purpose",
    "RouteAssignment",
    "RouteVersion",
    "Seat",
    "Signature",
    "SigningLink",
    "StepOpening",
    "Verdict",
]
