"""One case of an invented city, told in the fields of every letter; ``python -m tests.kernel.letters.samples`` writes the golden texts.

Look at the difference before you commit it: the texts are what citizens read.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.fees import FeeMethod, fee_by_cases
from gongkai.domain.foi.letters import LetterForm, LetterRoute, citation_text
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.remedies import IssuerKind, RemedyBlock, Role, remedy_block
from gongkai.kernel.letters import letter_render, letter_text
from gongkai.rulebook import shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.foi_letters import letter_rules
from gongkai.rulebook.foi_remedies import remedy_rules

ON = date(2026, 11, 20)
GOLDEN = Path(__file__).resolve().parents[2] / "data" / "letters"
RULES = letter_rules(shipped(), on=ON)
DISPOSITIONS = disposition_rules(shipped(), on=ON)
_REMEDIES = remedy_rules(shipped(), on=ON)
_FEES = fee_rules(shipped(), on=ON)
assert _FEES is not None
GROUNDS = {
    "partial": ("art15_privacy", "art16_draft"),
    "denied_internal": ("art16_personnel",),
    "denied_process": ("art16_discussion",),
    "denied_third_party": ("art15_trade",),
}
"""The grounds chosen where a result leaves a choice."""
_NAMES = {
    Role.OWN_GOVERNMENT: "青麓市人民政府",
    Role.BASIC_COURT: "青麓市人民法院",
    Role.REVIEW_CHANNEL: "“掌上复议”小程序",
}
_RESULT_OF = {
    "L10_granted": "granted_provide",
    "L13_denied": "denied_process",
    "L26_closed_other": "other_not_gov_info",
    "L34_reissue": "granted_provide",
}
"""The result shown by letters that serve several, or any."""
_DAYS = {
    "date": ON,
    "received_on": date(2026, 10, 26),
    "submitted_on": date(2026, 10, 25),
    "due_on": date(2026, 11, 23),
    "supplement_due": date(2026, 12, 11),
    "answer_due": date(2026, 12, 11),
    "original_due": date(2026, 11, 23),
    "new_due": date(2026, 12, 21),
    "approved_on": date(2026, 11, 19),
    "pay_due": date(2026, 12, 18),
    "since": date(2026, 11, 3),
    "disclosure_on": date(2026, 12, 7),
    "earlier_on": date(2026, 8, 14),
    "notice_received_on": date(2026, 10, 28),
    "lapse_on": date(2026, 11, 18),
    "transferred_on": date(2026, 11, 18),
    "search_on": date(2026, 11, 10),
    "sent_on": ON,
    "signed_on": date(2026, 11, 24),
    "closed_on": date(2026, 11, 24),
}
_TEXTS = {
    "issuer": "青麓市自然资源局",
    "doc_no": "青自然资公复〔2026〕17号",
    "addressee": "林晓",
    "you": "你",
    "application_no": "QL-2026-0031",
    "request": "2025年青麓市溪口片区土地征收补偿安置方案及批复文件",
    "facts": "你申请的信息由本机关在履行土地征收管理职能过程中制作并保存。",
    "contact": "办公室，0000-1234567",
    "delivery": "邮寄",
    "channel": "当面提交",
    "guidance": "可以写明文件的标题、文号、制作年份或者涉及的地块名称；不清楚的，可以来电咨询。",
    "question": "是否同意公开上述信息？",
    "reply_form": "填写所附确认函，签名或者盖章后寄回本机关",
    "information_concerned": "溪口片区地块评估报告中的企业设备清单（2025年）",
    "reason": "该信息是本机关集体研究时形成的讨论记录，反映的是尚未成熟的意见",
    "approved_by": "周明",
    "method": "按件计收",
    "how_to_pay": "持本通知书所附缴款码，通过非税收入收缴系统缴纳",
    "form": "纸质复印件",
    "provided": "《溪口片区土地征收补偿安置方案》及批复文件，共12页",
    "where_and_when": "",
    "way": "登录政府网站查阅、下载",
    "place": "https://www.qinglu.example/gongkai/2025/0316.html",
    "published_title": "《溪口片区土地征收补偿安置方案》（2025年3月16日公布）",
    "part_provided": "补偿安置方案全文和批复文件，共9页",
    "search_done": "本机关检索了办公自动化系统、业务档案室和不动产科，关键词为“溪口片区”“补偿安置”，时间范围为2020年1月至2026年10月，没有查到",
    "other_organ_name": "青麓市溪口镇人民政府",
    "other_organ_contact": "溪口镇便民服务中心，0000-7654321",
    "unclear": "补正后仍未写明文件标题、文号或者其他便于查询的特征",
    "earlier_notice_no": "青自然资公补〔2026〕5号",
    "proper_channel": "青麓市信访局，或者国家信访局网上信访平台",
    "special_law": "《不动产登记暂行条例》第二十七条",
    "where_to_ask": "青麓市不动产登记中心查询窗口，凭本人身份证明办理",
    "earlier_no": "青自然资公复〔2026〕9号",
    "earlier_provision": "本机关已于2026年8月14日向你提供该文件的复印件",
    "where_to_get": "《青麓年鉴（2025）》可以在青麓市图书馆借阅，也可以在书店购买",
    "statistics": "你自2026年10月1日至今共向本机关提出申请146件，其中内容相近的131件",
    "reasons_given": "了解周边多个地块的历史情况",
    "assessment": "所述理由不能说明为何需要逐日重复申请内容相近的信息",
    "notice_no": "青自然资公补〔2026〕5号",
    "fee_notice_no": "青自然资公费〔2026〕2号",
    "record_before": "登记地址为溪口路12号",
    "record_after": "登记地址为溪口路21号",
    "evidence": "门牌证明复印件",
    "organ_with_power": "青麓市公安局",
    "decision": "同意纳入主动公开范围，自2026年12月起按季度公开",
    "publication_link": "https://www.qinglu.example/gongkai/zhengdi/",
    "why": "青麓市人民政府行政复议决定书（青府复决〔2026〕8号）撤销了该答复，责令重新作出处理",
    "new_decision": "撤销原答复，向你公开所申请的政府信息",
    "finding": "公开指南中的办公地址和联系电话已经失效",
    "task": "核对所附清单中的文件是否由你机关制作，并提供一份",
    "content": "溪口片区土地征收补偿安置方案",
    "drafter": "陈立",
    "secrecy_opinion": "不涉及国家秘密，同意公开",
    "legal_opinion": "合法",
    "leader_opinion": "同意",
    "applicant_kind": "公民",
    "name": "林晓",
    "id_proof": "居民身份证复印件",
    "info_features": "溪口片区土地征收补偿安置方案，2025年",
    "form_wanted": "纸质",
    "way_to_get": "邮寄",
    "handler": "陈立",
    "systems": "办公自动化系统、业务档案室",
    "units": "不动产科、征地科",
    "keywords": "溪口片区，补偿安置",
    "span": "2020年1月至2026年10月",
    "person": "陈立",
    "result": "没有查到",
    "posting_no": "EMS 1000 0000 001",
    "signed_by": "林晓",
    "keeper": "档案室吴敏",
}
_SPECIAL: dict[str, dict[str, object]] = {
    "L02_supplement": {"doc_no": "青自然资公补〔2026〕5号"},
    "L04_extension": {
        "doc_no": "青自然资公延〔2026〕3号",
        "reason": "所申请的信息涉及2015年以来的多卷档案，需要逐卷核对",
    },
    "L05_delay": {"reason": "所申请的信息涉及146件内容相近的材料，需要逐件核对"},
    "L06_consult_third": {"doc_no": "青自然资公征〔2026〕4号", "addressee": "青麓市甲机械有限公司", "you": "你单位"},
    "L06a_third_reply": {
        "addressee": "青麓市自然资源局",
        "notice_no": "青自然资公征〔2026〕4号",
        "reason": "清单载有设备型号和采购价格，属于本单位的商业秘密",
        "name": "青麓市甲机械有限公司",
        "opinion": "不同意公开",
    },
    "L07_tell_third": {
        "addressee": "青麓市甲机械有限公司",
        "you": "你单位",
        "reason": "该设备与溪口片区的饮用水安全有关，公众需要了解其治理能力",
    },
    "L08_consult_organ": {"addressee": "青麓市水利局", "doc_no": "青自然资公征〔2026〕6号"},
    "L08a_assist": {"addressee": "青麓市水利局"},
    "L09_fee": {"doc_no": "青自然资公费〔2026〕2号"},
    "L14_not_exist": {"facts": "你申请的信息属于本机关职责范围，但本机关没有制作或者保存过这份文件"},
    "L15_other_organ": {
        "facts": "溪口片区的补偿安置由溪口镇人民政府组织实施",
        "reason": "所申请的信息由溪口镇人民政府在组织实施中制作，应由其负责公开",
    },
    "L16_needs_creation": {
        "facts": "本机关保存有各户的补偿协议，没有按人口汇总的统计表",
        "reason": "你申请的汇总表需要对各户协议逐份计算、汇总后另行制作",
    },
    "L17_still_unclear": {"facts": "你于2026年11月6日提交了补正材料"},
    "L18_petition": {
        "facts": "你的申请要求本机关答复为何没有查处相邻地块的围挡",
        "reason": "其内容是对查处工作的投诉，不是申请获取本机关制作或者保存的信息",
    },
    "L19_special_law": {"facts": "你申请的是溪口路12号房屋的不动产登记资料"},
    "L20_repeat": {"facts": "你申请的信息与2026年7月20日申请（QL-2026-0012）的内容相同"},
    "L21_publication": {"facts": "你申请的是《青麓年鉴（2025）》全书"},
    "L22_abusive": {"facts": "本机关于2026年11月3日书面要求你说明理由，你于11月9日作了说明"},
    "L23_confirm": {"facts": "你申请本机关再次出具上述方案，并确认其内容有效"},
    "L24_closed_no_supplement": {"facts": "你的申请没有写明便于查询的文件标题、文号或者其他特征"},
    "L25_closed_no_payment": {"facts": "你在2026年10月提出的申请超过免费的件数"},
    "L26_closed_other": {
        "facts": "你的申请要求本机关解答某项补偿政策如何理解",
        "reason": "该内容是政策咨询，不是本机关在履行行政管理职能过程中制作或者获取的信息；你可以拨打政策咨询电话",
    },
    "L30_amendment_done": {"request": "将房屋登记地址更正为溪口路21号"},
    "L31_amendment_refused": {
        "request": "将房屋登记地址更正为溪口路21号",
        "reason": "所提供的证据材料不能证明登记地址不准确",
    },
    "L32_amendment_moved": {"request": "更正户籍登记中的出生日期"},
    "L33_suggest_reply": {"request": "建议按季度公开征地补偿安置方案的实施情况"},
    "L40_supervise": {"addressee": "青麓市水利局", "issuer": "青麓市人民政府办公室", "doc_no": "青府办公督〔2026〕1号"},
}
_LISTS: dict[str, object] = {
    "materials": ["申请表1份", "居民身份证复印件1份"],
    "defects": ["没有写明所需文件的年份", "“有关材料”所指不明确"],
    "what_to_supply": ["文件的标题、文号或者制作年份", "需要哪一类材料"],
    "what_to_explain": ["逐日提出内容相近申请的理由", "所需信息的范围能否合并"],
    "papers": ["申请表", "登记表", "政府信息公开告知书", "送达回证"],
    "to_do": ["更正公开指南的地址和电话", "核对其他栏目的联系方式"],
    "withheld": [
        {
            "part": "附件二中的被征收人身份证号码和住址",
            "reason": "涉及个人隐私，公开会损害其合法权益",
            "article": "条例第十五条",
        },
        {
            "part": "附件三（方案征求意见稿）",
            "reason": "属于履行职能过程中形成的过程稿",
            "article": "条例第十六条第二款",
        },
    ],
}


def result_of(form: LetterForm) -> str:
    """The result a letter carries in the samples, empty for letters without one."""
    if form.route is not LetterRoute.BY_DISPOSITION:
        return ""
    return _RESULT_OF.get(form.code) or next(
        d.code for d in DISPOSITIONS.dispositions.values() if d.letter == form.code
    )


def remedy_of(form: LetterForm) -> RemedyBlock | None:
    """The computed remedies of a letter."""
    if not form.tells_remedies:
        return None
    result = result_of(form)
    route = DISPOSITIONS.route(result, GROUNDS.get(result, ())) if result else Route.FREE_CHOICE
    return remedy_block(
        _REMEDIES,
        route=route,
        issuer=IssuerKind.DEPARTMENT,
        issuer_name=_TEXTS["issuer"],
        decided_on=ON,
        delivery=Delivery.POST,
        names=_NAMES,
        letter=form.call,
    )


def values_of(form: LetterForm) -> dict[str, object]:
    """The values of a letter in the sample case."""
    fee = fee_by_cases(_FEES.tariffs[FeeMethod.PER_CASE], before=28, parts=4)
    everything: dict[str, object] = {
        **_TEXTS,
        **_DAYS,
        **_LISTS,
        "fee_lines": [str(x) for x in fee.lines],
        "amount": fee.yuan,
    }
    everything |= _SPECIAL.get(form.code, {})
    if form.code == "L10_granted":
        everything["attachments"] = ["《溪口片区土地征收补偿安置方案》复印件", "批复文件复印件"]
    result = result_of(form)
    if result:
        everything["legal_basis"] = citation_text(DISPOSITIONS.cited(result, GROUNDS.get(result, ())))
    remedy = remedy_of(form)
    if remedy is not None:
        everything["remedy"] = list(remedy.paragraphs)
    return {code: everything[code] for code in form.known if everything.get(code) and code not in form.fixed}


def write_golden() -> None:
    """Write the text of every letter."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for code, form in RULES.letters.items():
        text = letter_text(letter_render(form, values_of(form)))
        (GOLDEN / f"{code}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_golden()
