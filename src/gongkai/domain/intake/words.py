"""Words by which official documents say what they are, who issued them and who may read them."""

from __future__ import annotations

import re

ATTRIBUTES = (
    (re.compile(r"不予公开|不公开|不予主动公开"), "withheld"),
    (re.compile(r"依申请公开"), "on_application"),
    (re.compile(r"删减后公开|部分公开"), "proactive"),
    (re.compile(r"主动公开|公开发布|全文公开|予以公开"), "proactive"),
)
"""How a remark or a column names the attribute (条例第十三条至第十六条), asked in this order."""

ATTRIBUTE_NAMES = {"proactive": "主动公开", "on_application": "依申请公开", "withheld": "不予公开"}
REDACTED = re.compile(r"删减后公开|部分公开")
REMARK = re.compile(r"^[（(\[【]?\s*此\s*件\s*(?:可|为)?\s*(?P<what>[^（）()\[\]【】，。]{2,12}?)\s*[）)\]】]?[。.]?$")
"""The remark below the date (附注), GB/T 9704-2012 section 7.3.6."""

DOCUMENT_KINDS = (
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要",
)  # fmt: skip
"""The fifteen kinds of official document (党政机关公文处理工作条例第八条)."""

OTHER_KINDS = (
    "实施细则", "管理办法", "暂行办法", "实施办法", "实施方案", "工作方案", "应急预案", "工作要点", "会议纪要",
    "办法", "规定", "细则", "规则", "规程", "条例", "章程", "方案", "规划", "计划", "预案", "要点", "总结", "简报", "解读",
    "问答", "名单", "公示", "指南", "目录", "清单", "一览表", "分解表", "统计表", "答复", "复函", "说明", "令", "措施",
    "标准", "简介", "职责", "年报", "预算", "决算", "合同", "须知",
)  # fmt: skip
TITLE_END = re.compile(
    rf"(?:{'|'.join((*OTHER_KINDS, *DOCUMENT_KINDS))})(?:[（(][^（）()]{{1,30}}[）)])?[》”]?(?:[（(][^（）()]{{1,40}}[）)])*$"
)
_KIND = re.compile(rf"(?P<kind>{'|'.join(sorted((*OTHER_KINDS, *DOCUMENT_KINDS), key=len, reverse=True))})$")

_UNIT_END = (
    "人民政府|政府|办公室|办公厅|总局|分局|管理局|局|委员会|党委|党组|委|办|厅|部|院|联合会|协会|理事会|工会|会|中心|"
    "社|处|公司|集团|总队|支队|大队|站|所|银行|分行|支行|街道|街办|乡|镇|领导小组|小组|专班|指挥部|联席会议|馆|队|署|"
    "学校|中学|小学|大学|学院|医院|法院|检察院|园区|开发区|林场"
)
UNIT = re.compile(rf"(?:[\u4e00-\u9fff]|[“”\"（）()·0-9])*(?:{_UNIT_END})(?:[（(][\u4e00-\u9fff]{{1,20}}[）)])?")
"""A name that ends as units do; used with ``fullmatch`` on text without blanks."""

MASTHEAD = re.compile(r"^(?P<unit>[\u4e00-\u9fff“”\"（）()·0-9]{2,60}?)文件$")


def kind_of(title: str) -> str:
    """Return the kind of document that a title ends with (通知, 意见, 办法 …), or an empty string.

    What stands in brackets behind it (（试行）, （征求意见稿）) and quotation marks are passed over.
    """
    bare = re.sub(r"(?:[（(][^（）()]*[）)]|[》”\"\s])+$", "", title)
    match = _KIND.search(bare)
    return match["kind"] if match else ""


def attribute_of(text: str) -> str:
    """Return the code of the attribute that a phrase names, or an empty string."""
    flat = re.sub(r"\s", "", text)
    return next((code for pattern, code in ATTRIBUTES if pattern.search(flat)), "")


def is_unit(text: str) -> bool:
    """Tell whether a text could be the name of one unit: short, and ending as units do."""
    flat = re.sub(r"\s", "", text)
    return 3 <= len(flat) <= 40 and bool(UNIT.fullmatch(flat)) and "关于" not in flat
