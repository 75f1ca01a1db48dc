"""The audit actions of requests to amend one's own record, and how they are called."""

from __future__ import annotations

from gongkai.domain.foi.amendment import AMENDMENT_VERB_NAMES, AmendmentVerb
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

AMENDMENT = "foi.amendment"
AMENDMENT_ACTIONS = {verb: f"foi.amendment.{verb.value}" for verb in AmendmentVerb}
KIND_AMENDMENT = "foi.amendment"

register_targets({AMENDMENT: "更正申请"})
register_actions({code: f"更正申请：{AMENDMENT_VERB_NAMES[verb]}" for verb, code in AMENDMENT_ACTIONS.items()})
register_actions(
    {
        "foi.amendment.paper_add": "更正申请：添加材料",
        "foi.amendment.paper_open": "更正申请：查看加密材料",
        "foi.amendment.letter": "更正申请：制作文书",
    }
)
register_kinds({KIND_AMENDMENT: "更正申请办理"})
