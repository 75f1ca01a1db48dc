"""The words of a case file: every event, option and value by its name and by the other names it is known under."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

from gongkai.domain.foi.fees import FeeMethod
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, RemedyOutcome
from gongkai.domain.foi.receipt import Channel

# Events in the order in which those of one day happen when a file does not say.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "submitted": (
        "提交",
        "申请人提交",
        "提交申请",
        "提出申请",
        "applied",
        "submit",
        "application",
        "application_submitted",
    ),
    "signed_for": ("签收", "行政机关签收", "mail_signed", "signed_by_organ"),
    "in_hand": ("收到信函", "实际收到", "工作机构收到", "letter_in_hand", "arrived"),
    "form_filled": ("代为填写", "代填申请表", "form_filled_in", "filled_in"),
    "confirmed_by_organ": ("行政机关确认", "机关确认", "organ_confirmed"),
    "confirmed_by_applicant": ("申请人确认", "applicant_confirmed"),
    "confirmed": ("确认", "双方确认", "与申请人确认", "both_confirmed", "confirm", "confirmation"),
    "unreachable": ("联系不上", "联系不上申请人", "无法联系"),
    "received": (
        "收到",
        "收到申请",
        "收到申请之日",
        "receive",
        "receipt",
        "application_received",
        "received_application",
    ),
    "receipt_corrected": ("更正收到日期", "更正收到申请之日", "correct_receipt"),
    "registered": ("登记", "register"),
    "accepted": ("受理", "转入办理", "accept"),
    "split": ("拆分", "一事一申请"),
    "moved": ("移送", "转送", "misdirected"),
    "merged": ("并案", "重复件", "duplicate"),
    "supplement_notice": ("补正告知", "补正通知", "发出补正告知", "告知补正", "supplement_notified"),
    "supplement_notice_received": ("收到补正告知", "补正告知送达", "申请人收到补正告知", "supplement_notice_delivered"),
    "supplemented": ("补正", "收到补正", "补正完成", "申请人补正", "收到补正后的申请", "supplement"),
    "supplement_lapsed": ("逾期不补正", "逾期未补正", "no_supplement", "lapsed_supplement", "closed_no_supplement"),
    "consultation_sent": (
        "征求第三方意见",
        "征求意见",
        "third_party_consultation_sent",
        "third_party_sent",
        "consultation",
    ),
    "consultation_delivered": ("第三方收到征求意见书", "第三方收到", "third_party_delivered", "consultation_received"),
    "consultation_closed": (
        "收到第三方意见",
        "第三方答复",
        "第三方意见",
        "consultation_answered",
        "consultation_returned",
        "third_party_answered",
    ),
    "consultation_lapsed": ("第三方逾期未提出意见", "第三方逾期未答复", "third_party_silent", "consultation_expired"),
    "joint_consultation_sent": ("征求共同制作机关意见", "joint_consultation", "joint_maker_consultation_sent"),
    "joint_consultation_delivered": ("共同制作机关收到", "共同制作机关收到征求意见函", "joint_consultation_received"),
    "joint_consultation_closed": ("收到共同制作机关意见", "共同制作机关答复", "joint_consultation_answered"),
    "joint_consultation_lapsed": ("共同制作机关逾期未提出意见", "joint_maker_silent"),
    "organ_consultation_sent": ("征求其他机关意见", "organ_consultation", "other_organ_consultation_sent"),
    "organ_consultation_delivered": ("其他机关收到", "其他机关收到征求意见函", "organ_consultation_received"),
    "organ_consultation_closed": ("收到其他机关意见", "其他机关答复", "organ_consultation_answered"),
    "organ_consultation_lapsed": ("其他机关逾期未提出意见", "organ_silent"),
    "third_party_told": ("告知第三方", "书面告知第三方"),
    "reason_notice": ("要求说明理由", "说明理由通知", "reasons_asked", "reasons_notice"),
    "reason_notice_received": ("收到说明理由通知", "说明理由通知送达", "reason_notice_delivered"),
    "reasons_given": ("说明理由", "申请人说明理由", "reasons"),
    "reasons_lapsed": ("逾期不说明理由", "逾期未说明理由"),
    "fee_notice": ("收费通知", "发出收费通知", "fee_notified"),
    "fee_notice_received": ("收到收费通知", "收费通知送达", "fee_notice_delivered"),
    "fee_paid": ("缴费", "缴纳信息处理费", "申请人缴费", "paid"),
    "fee_lapsed": ("逾期未缴费", "逾期不缴费", "no_payment", "closed_no_payment"),
    "extension": ("延长", "延期", "延长答复期限", "延长期限", "extended", "extend"),
    "extension_undone": ("撤销延长", "取消延期", "extension_revoked"),
    "delayed": ("延迟答复", "决定延迟答复", "delayed_reply", "delay"),
    "assigned": ("交办", "交内设机构查找", "assign"),
    "returned": ("反馈", "内设机构反馈", "assignment_returned"),
    "drafted": ("拟定答复", "拟稿", "decided", "draft"),
    "legality_reviewed": ("合法性审查", "legality_review"),
    "counsel_heard": ("法律顾问意见", "counsel"),
    "signed": ("签发", "reply_signed"),
    "replied": ("答复", "作出答复", "发出答复", "reply", "sent", "answered", "responded", "reply_sent"),
    "served": ("送达", "答复送达", "delivered", "serve"),
    "service_corrected": ("更正送达日期", "更正答复送达之日", "served_corrected", "correct_service"),
    "withdrawn": ("撤回", "申请人撤回", "撤回申请", "withdraw"),
    "closed": ("办结", "结案", "close"),
    "archived": ("归档", "archive"),
    "reconsideration": ("行政复议", "申请复议", "复议", "review", "reconsideration_filed"),
    "reconsideration_decided": ("复议决定", "复议结果", "reconsideration_decision", "review_decided"),
    "lawsuit": ("行政诉讼", "诉讼", "起诉", "suit", "lawsuit_filed", "litigation"),
    "lawsuit_decided": ("判决", "诉讼结果", "judgment", "judgement", "lawsuit_decision"),
    "reopened": ("重新办理", "责令重新答复", "重新答复", "reopen"),
    "carried_over": ("结转", "结转下年度", "carry_over"),
}
CONSULTATIONS: Mapping[str, ConsultationKind] = {
    "consultation": ConsultationKind.THIRD_PARTY,
    "joint_consultation": ConsultationKind.JOINT_MAKER,
    "organ_consultation": ConsultationKind.ORGAN,
}

# What stands at the head of a case, or anywhere among its events without a day.
HEAD: Mapping[str, tuple[str, ...]] = {
    "name": ("case", "title", "名称", "案名", "案件", "标题"),
    "ref": (
        "id",
        "no",
        "number",
        "register_no",
        "case_id",
        "case_no",
        "application_no",
        "application_id",
        "编号",
        "登记编号",
    ),
    "channel": ("渠道", "申请渠道", "申请方式"),
    "applicant": (
        "申请人",
        "申请人类型",
        "applicant_kind",
        "applicant_class",
        "applicant_type",
        "applicant_category",
    ),
    "disposition": ("处理决定", "答复类型", "处理结果", "办理结果", "result", "decision"),
    "grounds": ("依据", "不予公开理由", "法律依据", "ground"),
    "delivery": ("reply_channel", "答复方式", "送达方式", "served_by"),
    "layer": ("region", "area", "层级", "地区"),
    "today": ("as_of", "今天", "截至", "截至日期", "now", "seen_from"),
    "events": ("facts", "事件", "经过", "history", "timeline"),
    "expect": ("expected", "预期", "应为"),
    "note": (
        "notes",
        "comment",
        "description",
        "说明",
        "备注",
        "注",
        "subject",
        "content",
        "内容",
        "申请内容",
        "事项",
        "organ",
        "行政机关",
        "source",
        "来源",
        "tags",
        "applicant_name",
        "申请人姓名",
    ),
}

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "event": ("type", "kind", "事件", "what"),
    "on": ("date", "day", "at", "日期", "时间", "日"),
    "told_on": ("notified", "notified_on", "告知日期", "告知申请人"),
    "delivered": ("delivered_on", "received", "served", "served_on", "送达", "送达日期", "收到日期"),
    "answered": ("answered_on", "closed", "closed_on", "returned_on", "答复日期"),
    "days": ("天数", "工作日", "期限", "working_days", "deadline_days", "period", "within", "limit"),
    "unit": ("单位",),
    "ref": (
        "party",
        "of",
        "who",
        "from",
        "third_party",
        "organ",
        "recipient",
        "addressee",
        "对方",
        "第三方",
        "机关",
        "内设机构",
        "no",
        "register_no",
        "编号",
    ),
    "by": ("approved_by", "approver", "consent", "consent_by", "同意人", "经办人", "signed_by", "负责人"),
    "approved_on": ("同意日期",),
    "channel": ("渠道", "申请渠道"),
    "delivery": ("via", "reply_channel", "方式", "送达方式", "答复方式", "method"),
    "answer": ("opinion", "response", "意见", "答复意见"),
    "outcome": ("result", "结果"),
    "decided": ("decided_on", "决定日期", "审结日期"),
    "reason": ("reasons", "理由", "原因", "正当理由", "because", "excuse"),
    "proof": ("凭证", "证明"),
    "reasonable": ("合理", "理由合理"),
    "public_interest": ("公共利益", "重大公共利益"),
    "disposition": ("处理决定", "答复类型", "code", "决定", "decision"),
    "grounds": ("依据", "不予公开理由", "ground"),
    "value": ("值",),
    "amount": ("金额", "yuan", "fee"),
    "pages": ("页数",),
    "nth": ("n", "sequence", "sequence_in_month", "当月第几件"),
    "to": ("into", "移送至", "并入", "改为", "received_on"),
    "due": (
        "due_on",
        "new_due",
        "new_due_on",
        "until",
        "supplement_due",
        "answer_due",
        "反馈期限",
        "延长至",
        "届满日期",
    ),
    "found": ("查到", "找到"),
    "passed": ("通过",),
    "year": ("年度", "年份"),
    "note": ("notes", "comment", "说明", "备注"),
}

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "stage": ("state", "状态", "阶段"),
    "received_on": ("received", "收到申请之日"),
    "due_on": ("due", "statutory", "法定期限", "届满", "到期"),
    "target_on": ("target", "本地目标", "内部时限"),
    "replied_on": ("replied", "答复日期"),
    "served_on": ("served", "送达日期"),
    "closed_on": ("办结日期",),
    "overdue_days": ("overdue", "late_days", "逾期", "逾期天数"),
    "provisional": ("暂定",),
    "paused": ("不计入",),
    "used": ("已用",),
    "allowed": ("期限天数",),
    "remaining": ("剩余",),
    "disposition": ("处理决定",),
    "annual_row": ("row", "年报行", "年报"),
    "annual_column": ("column", "年报列"),
    "annual_year": ("年度",),
    "route": ("remedy", "remedy_route", "救济途径"),
    "refusals": ("refused", "不接受", "拒绝"),
    "notices": ("warnings", "提示", "注意"),
    "ended": ("已结束",),
    "waits": ("等待",),
    "rounds": ("轮次",),
    "fee": ("amount", "收费", "信息处理费"),
}

CHANNELS: Mapping[Channel, tuple[str, ...]] = {
    Channel.IN_PERSON: ("当面", "当面提交", "窗口", "现场", "person", "counter", "window", "face_to_face", "direct"),
    Channel.REGISTERED_MAIL: (
        "邮寄",
        "挂号信",
        "挂号",
        "特快专递",
        "ems",
        "签收邮寄",
        "邮寄签收",
        "registered",
        "signed_mail",
        "mail",
        "post",
        "express_mail",
    ),
    Channel.ORDINARY_MAIL: ("平信", "平常信函", "普通信函", "普通邮寄", "ordinary", "letter"),
    Channel.WRONG_UNIT: ("误寄", "误投", "误寄其他单位", "wrong_unit"),
    Channel.ONLINE: ("网络", "网上", "互联网", "网站", "internet", "web", "网络申请"),
    Channel.FAX: ("传真",),
    Channel.EMAIL: ("电子邮件", "邮箱", "电子邮箱", "e_mail"),
    Channel.ORAL: ("口头",),
}
DELIVERIES: Mapping[Delivery, tuple[str, ...]] = {
    Delivery.POST: ("邮寄", "邮政", "邮寄送达", "mail", "registered_mail", "ems", "postal"),
    Delivery.IN_PERSON: ("当面", "直接送达", "当面送达", "自取", "direct", "person"),
    Delivery.ENTRUSTED: ("委托", "委托送达"),
    Delivery.ONLINE: ("网络", "网上", "网上送达", "电子邮件", "email", "e_mail", "internet", "web", "electronic"),
}
FEE_METHODS: Mapping[FeeMethod, tuple[str, ...]] = {
    FeeMethod.PER_CASE: ("按件", "按件计收", "case", "by_case", "件"),
    FeeMethod.PER_PAGE: ("按页", "按量计收", "按量", "page", "pages", "by_page", "页"),
}
OPINIONS: Mapping[Opinion, tuple[str, ...]] = {
    Opinion.CONSENTS: ("同意", "同意公开", "consent", "agreed", "agree", "agrees", "yes", "true"),
    Opinion.REFUSES: (
        "不同意",
        "不同意公开",
        "反对",
        "refuse",
        "refused",
        "objects",
        "objected",
        "object",
        "no",
        "false",
    ),
    Opinion.SILENT: ("未答复", "逾期未答复", "沉默", "silence", "none", "no_answer"),
}
OUTCOMES: Mapping[RemedyOutcome, tuple[str, ...]] = {
    RemedyOutcome.UPHELD: ("维持", "结果维持", "驳回", "upholds", "dismissed"),
    RemedyOutcome.CORRECTED: (
        "纠正",
        "结果纠正",
        "撤销",
        "责令重新答复",
        "确认违法",
        "revoked",
        "overturned",
        "annulled",
        "reversed",
        "quashed",
    ),
    RemedyOutcome.OTHER: ("其他", "其他结果", "终止", "撤诉", "withdrawn"),
    RemedyOutcome.PENDING: ("尚未审结", "未审结"),
}
APPLICANTS: Mapping[ApplicantClass, tuple[str, ...]] = {
    ApplicantClass.NATURAL_PERSON: ("自然人", "个人", "公民", "person", "individual", "citizen"),
    ApplicantClass.BUSINESS: ("商业企业", "企业", "公司", "company", "enterprise"),
    ApplicantClass.RESEARCH: ("科研机构", "research_institute"),
    ApplicantClass.PUBLIC_INTEREST: ("社会公益组织", "公益组织", "ngo"),
    ApplicantClass.LEGAL_SERVICE: ("法律服务机构", "律师事务所", "律所", "law_firm"),
    ApplicantClass.OTHER_ORG: ("其他", "其他组织", "other"),
}
CONSULTED: Mapping[str, tuple[str, ...]] = {
    "consultation": ("third_party", "第三方"),
    "joint_consultation": ("joint_maker", "joint", "joint_organ", "共同制作机关"),
    "organ_consultation": ("organ", "other_organ", "其他机关"),
}
TRUE_WORDS = frozenset({"true", "yes", "是", "合理", "通过", "y", "有"})
FALSE_WORDS = frozenset({"false", "no", "否", "不合理", "不通过", "n", "无", "没有"})


# What may hang on the name of an event that stands as a key: received_on, replied_at, 答复日期.
_DAY_ENDS = ("_on", "_at", "_date", "_day", "日期", "时间", "之日")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def normal(word: str) -> str:
    """A word as it is compared: small letters, no spaces around, underscores for spaces, dashes and humps."""
    return _HUMP.sub("_", word.strip()).lower().replace("-", "_").replace(" ", "_")


def find(words: Mapping[str, tuple[str, ...]], word: str) -> str | None:
    """Return the name under which ``words`` knows a word, or None."""
    wanted = normal(word)
    if wanted in words:
        return wanted
    return next((name for name, others in words.items() if wanted in others), None)


def find_event(word: str) -> str | None:
    """Return the event that a word names, also where it says that it is a day: ``received_on`` as ``received``."""
    found = find(EVENTS, word)
    if found is None:
        wanted = normal(word)
        ends = [end for end in _DAY_ENDS if wanted.endswith(end)]
        found = find(EVENTS, wanted.removesuffix(ends[0])) if ends else None
    return found


def close_to(words: Mapping[str, tuple[str, ...]], word: str) -> tuple[str, ...]:
    """Return up to three names that look like a word no table knows."""
    every = [name for known, others in words.items() for name in (known, *others)]
    return tuple(get_close_matches(normal(word), every, n=3, cutoff=0.6))
