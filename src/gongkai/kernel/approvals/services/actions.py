"""The audit actions and kinds of notices of this app."""

from __future__ import annotations

from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

register_targets(
    {
        "approvals.approval": "审批",
        "approvals.route": "审批路线",
        "approvals.delegation": "签批委托",
    }
)
register_actions(
    {
        "approvals.approval.open": "送审",
        "approvals.approval.sign": "签批同意",
        "approvals.approval.return": "退回修改",
        "approvals.approval.void": "审批失效",
        "approvals.approval.cancel": "撤销审批",
        "approvals.route.save": "修改审批路线",
        "approvals.route.assign": "设定适用的审批路线",
        "approvals.route.unassign": "取消适用的审批路线",
        "approvals.delegation.give": "委托签批",
        "approvals.delegation.revoke": "收回签批委托",
        "approvals.link.issue": "发出一次性签署链接",
        "approvals.link.revoke": "收回一次性签署链接",
    }
)
KIND_WAITING = "approvals.waiting"
KIND_RETURNED = "approvals.returned"
KIND_DONE = "approvals.done"
KIND_NOBODY = "approvals.nobody"
KIND_OVERDUE = "approvals.overdue"
register_kinds(
    {
        KIND_WAITING: "待我签批",
        KIND_RETURNED: "送审内容被退回",
        KIND_DONE: "审批完成或失效",
        KIND_NOBODY: "审批步骤没有人办理",
        KIND_OVERDUE: "审批逾期",
    }
)
