"""The audit actions, notice kinds and names of objects of disclosure on application."""

from __future__ import annotations

from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.notices.kinds import register_kinds

CASE = "foi.application"
APPLICANT = "foi.applicant"
OFFICE, TEMPLATE, ANSWER = "foi.office", "foi.template", "foi.answer"
CASE_ACTIONS = {verb: f"foi.application.{verb.value}" for verb in Verb}

register_targets({CASE: "公开申请", APPLICANT: "公开申请的申请人"})
register_actions({code: f"公开申请：{VERB_NAMES[verb]}" for verb, code in CASE_ACTIONS.items()})
register_targets({OFFICE: "依申请公开单位设置", TEMPLATE: "文书模板", ANSWER: "答复模板"})
register_actions(
    {
        "foi.office.set": "依申请公开：修改单位设置",
        "foi.template.set": "依申请公开：更换文书模板",
        "foi.answer.set": "依申请公开：修改答复模板",
        "foi.answer.retire": "依申请公开：停用答复模板",
        "foi.delivery.note": "公开申请：登记文书送达",
    }
)
register_actions(
    {
        "foi.paper.add": "公开申请：添加材料",
        "foi.paper.remove": "公开申请：移除材料",
        "foi.paper.open": "公开申请：查看身份证明",
        "foi.paper.read": "公开申请：申请人下载文书、信息",
        "foi.application.export": "公开申请：导出案卷",
    }
)

register_actions(
    {
        "foi.retrieval.send": "调取信息：交办",
        "foi.retrieval.accept": "调取信息：签收",
        "foi.retrieval.answer": "调取信息：答复",
        "foi.retrieval.ask_back": "调取信息：退回并说明",
        "foi.retrieval.clarify": "调取信息：补充说明",
        "foi.retrieval.hand_on": "调取信息：转交",
        "foi.retrieval.recall": "调取信息：不再需要",
        "foi.fee.decide": "信息处理费：决定收取、减收或者不收",
        "foi.fee.pay": "信息处理费：登记缴费凭证",
    }
)

KIND_CASE = "foi.case"
KIND_DUE = "foi.due"
KIND_RETRIEVAL = "foi.retrieval"
register_kinds({KIND_CASE: "公开申请办理", KIND_DUE: "公开申请到期提醒", KIND_RETRIEVAL: "调取信息"})
