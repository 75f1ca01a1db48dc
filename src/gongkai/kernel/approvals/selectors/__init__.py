"""Reading routes, rounds, who may sign, what waits for whom, and links."""

from gongkai.kernel.approvals.selectors.delegations import (
    DelegationRow,
    colleagues,
    delegable_posts,
    delegation_list,
    delegation_rows,
    delegation_state,
)
from gongkai.kernel.approvals.selectors.inbox import (
    EmergencyRow,
    InboxRow,
    emergency_unreviewed,
    inbox,
    inbox_count,
)
from gongkai.kernel.approvals.selectors.links import LinkSign, link_list, link_read
from gongkai.kernel.approvals.selectors.progress import (
    Progress,
    SignChance,
    StepRow,
    approval_progress,
    may_read,
    steps_for,
)
from gongkai.kernel.approvals.selectors.rounds import (
    Round,
    approval_current,
    approval_get,
    approval_list_for,
    approvals_current,
    is_complete,
    round_of,
)
from gongkai.kernel.approvals.selectors.routes import (
    DEFAULT_ROUTE,
    Held,
    RouteRow,
    assignment_list,
    forms,
    route_for,
    route_get,
    route_list,
    route_of_version,
    route_versions,
    routes,
)
from gongkai.kernel.approvals.selectors.signers import Able, able_people
from gongkai.kernel.approvals.selectors.throttling import tokens_throttled

__all__ = [
    "DEFAULT_ROUTE",
    "Able",
    "DelegationRow",
    "EmergencyRow",
    "Held",
    "InboxRow",
    "LinkSign",
    "Progress",
    "Round",
    "RouteRow",
    "SignChance",
    "StepRow",
    "able_people",
    "approval_current",
    "approval_get",
    "approval_list_for",
    "approval_progress",
    "approvals_current",
    "assignment_list",
    "colleagues",
    "delegable_posts",
    "delegation_list",
    "delegation_rows",
    "delegation_state",
    "emergency_unreviewed",
    "forms",
    "inbox",
    "inbox_count",
    "is_complete",
    "link_list",
    "link_read",
    "may_read",
    "round_of",
    "route_for",
    "route_get",
    "route_list",
    "route_of_version",
    "route_versions",
    "routes",
    "steps_for",
    "tokens_throttled",
]
