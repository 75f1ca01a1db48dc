"""The audit actions and notice kinds of what comes after an answer."""

from __future__ import annotations

from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

PROPOSAL = "foi.proposal"
DESTRUCTION = "foi.destruction"

register_targets({PROPOSAL: "转主动公开建议", DESTRUCTION: "销毁鉴定清单"})
register_actions(
    {
        "foi.log.propose": "答复公开目录：提出条目",
        "foi.log.draft": "答复公开目录：转为公开信息",
        "foi.log.decline": "答复公开目录：不列入",
        "foi.log.object": "答复公开目录：申请人不同意",
        "foi.log.take_down": "答复公开目录：撤下",
        "foi.proposal.open": "转主动公开建议：提出",
        "foi.proposal.assign": "转主动公开建议：确定评估人",
        "foi.proposal.decide": "转主动公开建议：评估结果",
        "foi.hold.place": "案卷冻结",
        "foi.hold.lift": "解除案卷冻结",
        "foi.retention.draw": "编制销毁鉴定清单",
        "foi.retention.judge": "案卷鉴定意见",
        "foi.retention.agree": "案卷鉴定复核",
        "foi.retention.destroy": "销毁案卷",
        "foi.retention.identity": "删除身份证明",
        "foi.retention.certificate": "导出销毁清册",
    }
)

KIND_LOG = "foi.log"
KIND_PROPOSAL = "foi.proposal"
KIND_RETENTION = "foi.retention"
register_kinds({KIND_LOG: "答复公开目录", KIND_PROPOSAL: "转主动公开建议", KIND_RETENTION: "案卷保管和销毁"})
