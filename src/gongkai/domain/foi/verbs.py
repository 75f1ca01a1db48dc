"""The names of what can be done with a case, as the table of commands by stage uses them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Verb(StrEnum):
    """The name of each command, as the table uses it."""

    SUBMIT = "submit"
    RECORD_RECEIPT = "record_receipt"
    NOTE_UNREACHABLE = "note_unreachable"
    CORRECT_RECEIPT = "correct_receipt"
    REGISTER = "register"
    ACCEPT = "accept"
    SPLIT = "split"
    MOVE = "move"
    MERGE = "merge"
    NOTIFY_SUPPLEMENT = "notify_supplement"
    DELIVER_SUPPLEMENT_NOTICE = "deliver_supplement_notice"
    SUPPLEMENT = "supplement"
    LAPSE_SUPPLEMENT = "lapse_supplement"
    CONSULT = "consult"
    DELIVER_CONSULTATION = "deliver_consultation"
    ANSWER_CONSULTATION = "answer_consultation"
    LAPSE_CONSULTATION = "lapse_consultation"
    TELL_THIRD_PARTY = "tell_third_party"
    ASK_REASONS = "ask_reasons"
    DELIVER_REASON_NOTICE = "deliver_reason_notice"
    GIVE_REASONS = "give_reasons"
    LAPSE_REASONS = "lapse_reasons"
    NOTIFY_FEE = "notify_fee"
    DELIVER_FEE_NOTICE = "deliver_fee_notice"
    PAY_FEE = "pay_fee"
    LAPSE_FEE = "lapse_fee"
    EXTEND = "extend"
    UNDO_EXTENSION = "undo_extension"
    DELAY = "delay"
    ASSIGN = "assign"
    RETURN_ASSIGNMENT = "return_assignment"
    DRAFT = "draft"
    REVIEW_LEGALITY = "review_legality"
    HEAR_COUNSEL = "hear_counsel"
    SIGN = "sign"
    SEND = "send"
    SERVE = "serve"
    CORRECT_SERVICE = "correct_service"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ARCHIVE = "archive"
    FILE_REMEDY = "file_remedy"
    DECIDE_REMEDY = "decide_remedy"
    REOPEN = "reopen"
    CARRY_OVER = "carry_over"


VERB_NAMES: Mapping[Verb, str] = {
    Verb.SUBMIT: "提交申请",
    Verb.RECORD_RECEIPT: "记录签收或者确认",
    Verb.NOTE_UNREACHABLE: "记录联系不上申请人",
    Verb.CORRECT_RECEIPT: "更正收到申请之日",
    Verb.REGISTER: "登记",
    Verb.ACCEPT: "转入办理",
    Verb.SPLIT: "拆分",
    Verb.MOVE: "移送",
    Verb.MERGE: "并案",
    Verb.NOTIFY_SUPPLEMENT: "发出补正告知",
    Verb.DELIVER_SUPPLEMENT_NOTICE: "补正告知送达",
    Verb.SUPPLEMENT: "收到补正",
    Verb.LAPSE_SUPPLEMENT: "逾期不补正",
    Verb.CONSULT: "征求意见",
    Verb.DELIVER_CONSULTATION: "征求意见书送达",
    Verb.ANSWER_CONSULTATION: "收到意见",
    Verb.LAPSE_CONSULTATION: "逾期未提出意见",
    Verb.TELL_THIRD_PARTY: "书面告知第三方",
    Verb.ASK_REASONS: "要求说明理由",
    Verb.DELIVER_REASON_NOTICE: "说明理由通知送达",
    Verb.GIVE_REASONS: "收到说明的理由",
    Verb.LAPSE_REASONS: "逾期不说明理由",
    Verb.NOTIFY_FEE: "发出收费通知",
    Verb.DELIVER_FEE_NOTICE: "收费通知送达",
    Verb.PAY_FEE: "缴纳信息处理费",
    Verb.LAPSE_FEE: "逾期未缴费",
    Verb.EXTEND: "延长答复期限",
    Verb.UNDO_EXTENSION: "撤销延长",
    Verb.DELAY: "决定延迟答复",
    Verb.ASSIGN: "交内设机构查找",
    Verb.RETURN_ASSIGNMENT: "内设机构反馈",
    Verb.DRAFT: "拟定答复",
    Verb.REVIEW_LEGALITY: "合法性审查",
    Verb.HEAR_COUNSEL: "听取法律顾问意见",
    Verb.SIGN: "签发",
    Verb.SEND: "发出答复",
    Verb.SERVE: "答复送达",
    Verb.CORRECT_SERVICE: "更正送达日期",
    Verb.WITHDRAW: "申请人撤回",
    Verb.CLOSE: "办结",
    Verb.ARCHIVE: "归档",
    Verb.FILE_REMEDY: "记录复议或者诉讼",
    Verb.DECIDE_REMEDY: "记录复议或者诉讼结果",
    Verb.REOPEN: "重新办理",
    Verb.CARRY_OVER: "结转下年度",
}
