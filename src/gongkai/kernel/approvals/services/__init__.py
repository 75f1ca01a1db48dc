"""Changing routes, rounds, signatures, delegations and links; each function is one transaction with its audit entry.

The audit entry holds the lock of the chain until commit: a feature that calls one of these inside its own transaction
locks and writes its rows first.
"""

from gongkai.kernel.approvals.services import actions
from gongkai.kernel.approvals.services.delegations import delegation_give, delegation_revoke
from gongkai.kernel.approvals.services.links import link_issue, link_revoke
from gongkai.kernel.approvals.services.rounds import (
    approval_cancel,
    approval_open,
    approval_open_after_review,
    approval_void,
)
from gongkai.kernel.approvals.services.routes import route_assign, route_save, route_unassign
from gongkai.kernel.approvals.services.sheets import SheetLine, review_sheet, review_sheet_store
from gongkai.kernel.approvals.services.signing import approval_sign, link_sign
from gongkai.kernel.approvals.services.telling import (
    reminders_sweep,
    tell_completed,
    tell_returned,
    tell_step_waiting,
    tell_voided,
)

__all__ = [
    "SheetLine",
    "actions",
    "approval_cancel",
    "approval_open",
    "approval_open_after_review",
    "approval_sign",
    "approval_void",
    "delegation_give",
    "delegation_revoke",
    "link_issue",
    "link_revoke",
    "link_sign",
    "reminders_sweep",
    "review_sheet",
    "review_sheet_store",
    "route_assign",
    "route_save",
    "route_unassign",
    "tell_completed",
    "tell_returned",
    "tell_step_waiting",
    "tell_voided",
]
