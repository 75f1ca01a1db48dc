"""The audit actions, notice kinds and names of objects of disclosure on application."""

from __future__ import annotations

from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

CASE = "foi.application"
APPLICANT = "foi.applicant"
CASE_ACTIONS = {verb: f"foi.application.{verb.value}" for verb in Verb}

register_targets({CASE: "公开申请", APPLICANT: "公开申请的申请人"})
register_actions({code: f"公开申请：{VERB_NAMES[verb]}" for verb, code in CASE_ACTIONS.items()})
register_actions(
    {
        "foi.paper.add": "公开申请：添加材料",
        "foi.paper.remove": "公开申请：移除材料",
        "foi.paper.open": "公开申请：查看身份证明",
        "foi.application.export": "公开申请：导出案卷",
    }
)

KIND_CASE = "foi.case"
KIND_DUE = "foi.due"
register_kinds({KIND_CASE: "公开申请办理", KIND_DUE: "公开申请到期提醒"})
