"""Under which names a case file may know a result beside its code and its title."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.domain.foi.replay.vocabulary import normal

# Titles of other lists, labels of the annual report's table three, the provision that stands for one result only.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "granted_provide": ("提供信息", "公开", "同意公开", "granted", "grant", "provide", "条例36(2)"),
    "granted_already_public": ("已主动公开", "已主动公开，告知获取方式途径", "already_public", "条例36(1)"),
    "granted_later": ("granted_when_ready", "later"),
    "partial": (
        "部分公开（区分处理的，只计这一情形，不计其他情形）",
        "部分公开",
        "partially_granted",
        "partial_grant",
        "条例37",
    ),
    "denied_state_secret": ("国家秘密", "state_secret"),
    "denied_law_prohibited": ("其他法律行政法规禁止公开", "法律禁止公开", "law_prohibited"),
    "denied_three_securities": (
        "三安全一稳定",
        "危及三安全一稳定",
        "危及国家安全、公共安全、经济安全、社会稳定",
        "three_securities",
    ),
    "denied_third_party": (
        "第三方合法权益",
        "商业秘密",
        "个人隐私",
        "商业秘密、个人隐私",
        "商业秘密、个人隐私等损害第三方合法权益",
        "third_party",
        "条例15",
        "条例15、32",
    ),
    "denied_internal": (
        "三类内部事务信息",
        "属于三类内部事务信息",
        "内部事务信息",
        "三类内部事务信息（人事管理、后勤管理、内部工作流程）",
        "internal",
        "条例16(1)",
    ),
    "denied_process": (
        "四类过程性信息",
        "属于四类过程性信息",
        "过程性信息",
        "四类过程性信息（讨论记录、过程稿、磋商信函、请示报告）",
        "process",
    ),
    "denied_enforcement_file": ("行政执法案卷", "属于行政执法案卷", "enforcement_file"),
    "denied_inquiry_matter": (
        "行政查询事项",
        "属于行政查询事项",
        "行政查询事项（工商、不动产登记资料等有特别规定）",
        "inquiry_matter",
        "special_law",
        "条例36(7)",
    ),
    "unable_not_exist": (
        "不存在",
        "信息不存在",
        "经检索没有（政府信息不存在）",
        "not_exist",
        "does_not_exist",
        "条例36(4)",
    ),
    "unable_other_organ": ("非本机关", "不属于本机关", "不属于本行政机关负责公开", "other_organ", "条例36(5)"),
    "unable_needs_creation": (
        "没有现成信息需要另行制作（加工、分析）",
        "需要加工分析",
        "需要另行制作",
        "needs_creation",
        "条例38",
    ),
    "unable_still_unclear": ("补正后仍不明确", "内容仍不明确", "still_unclear"),
    "refused_petition": ("信访", "信访投诉举报", "信访举报投诉类申请", "petition", "条例39(1)"),
    "refused_repeat": ("重复申请", "重复", "repeat", "repeated", "条例36(6)"),
    "refused_publication": ("公开出版物", "要求提供公报、报刊、书籍等公开出版物", "publication", "条例39(2)"),
    "refused_abusive": (
        "大量反复申请",
        "数量、频次明显超过合理范围且理由不合理",
        "无正当理由大量反复申请",
        "abusive",
        "excessive",
        "条例35",
    ),
    "refused_confirm": ("要求确认或重新出具已获取信息", "要求行政机关确认或重新出具已获取信息", "confirm"),
    "other_no_supplement": (
        "逾期不补正",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "no_supplement",
    ),
    "other_no_payment": (
        "逾期未缴费",
        "逾期不缴费",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "no_payment",
    ),
    "other_withdrawn": ("撤回", "撤回申请", "申请人撤回", "withdrawn"),
    "other_not_gov_info": (
        "不属于政府信息",
        "非政府信息",
        "不属于政府信息（咨询、党务、司法、业务流程等）",
        "not_gov_info",
        "not_government_information",
    ),
    "other_archive": ("已移交国家档案馆", "已移交档案馆", "已移交国家档案馆，按档案法办理", "archive"),
}
# Labels of rows that hold several results.
ROWS: Mapping[str, str] = {"本机关不掌握相关政府信息": "unable_not_held"}
GROUPS = ("予以公开", "不予公开", "无法提供", "不予处理", "其他处理")
# What is told to an applicant and is no result of an application: each with what it is.
NO_RESULT: Mapping[str, str] = {
    "amendment_request": "更正本人信息（条例第四十一条）另行登记，不是公开申请",
    "proactive_suggestion": "建议主动公开（条例第四十四条）另行登记，不是公开申请",
    "delayed_reply": "延迟答复（条例第三十五条）不是处理结果，请写成事件 delayed（延迟答复）",
}
_MARKS = str.maketrans("", "", "（）()-－—–－·“”\"'‘’、，,：:；;。.[]【】_ \t　")
_NUMBER = re.compile(r"^(?:[（(][一二三四五六七八九十]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、)\s*")


def bare(text: str) -> str:
    """A name without its number in the table, its marks and its spaces."""
    return _NUMBER.sub("", text.strip()).translate(_MARKS).lower()


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, others in RESULTS.items():
        for one in others:
            for group in ("", *GROUPS):
                names.setdefault(bare(group + one), code)
    return names


_BY_NAME = _names()


def named_result(text: str) -> str | None:
    """Return the code of the result that a text names, or None."""
    return _BY_NAME.get(bare(text))


def no_result(text: str) -> str | None:
    """Return why what a text names is no result, or None."""
    return NO_RESULT.get(normal(text))
