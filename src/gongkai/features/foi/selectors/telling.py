"""Saying events in words: what of their values a reader needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.domain.foi.letters import day_words
from gongkai.domain.foi.model import CONSULTATION_NAMES, DELIVERY_NAMES, OUTCOME_NAMES, REMEDY_NAMES
from gongkai.domain.foi.receipt import CHANNEL_NAMES, FACT_NAMES

_OPINIONS = {"consents": "同意公开", "refuses": "不同意公开", "silent": "逾期未提出意见", "": ""}
_WORDS: dict[str, dict[str, str]] = {
    "channel": {one.value: name for one, name in CHANNEL_NAMES.items()},
    "facts": {one.value: name for one, name in FACT_NAMES.items()},
    "consultation": {one.value: name for one, name in CONSULTATION_NAMES.items()},
    "delivery": {one.value: name for one, name in DELIVERY_NAMES.items()},
    "outcome": {one.value: name for one, name in OUTCOME_NAMES.items()},
    "remedy": {one.value: name for one, name in REMEDY_NAMES.items()},
    "opinion": _OPINIONS,
}
_LABELS = {
    "channel": "渠道",
    "facts": "事项",
    "register_no": "登记编号",
    "reason": "理由",
    "attempts": "联系经过",
    "items": "需补正",
    "days": "期限（工作日）",
    "ref": "对象",
    "opinion": "意见",
    "amount": "金额（元）",
    "approved_by": "同意人",
    "approved_on": "同意日期",
    "due_on": "反馈期限",
    "found": "是否查到",
    "disposition": "处理决定",
    "grounds": "依据",
    "public_interest": "公共利益理由",
    "passed": "是否通过",
    "signed_by": "签发人",
    "delivery": "方式",
    "proof": "凭证",
    "statement": "申请人陈述",
    "to": "移送至",
    "into": "编号",
    "outcome": "结果",
    "year": "年度",
    "before": "原日期",
    "after": "新日期",
    "replied_before": "原答复日期",
    "replied_after": "新答复日期",
    "assessment": "评估",
    "excuse": "正当理由",
    "reasonable": "理由是否合理",
    "received_on": "收到申请之日",
    "evidence": "依据材料",
    "split_from": "拆分自",
    "working_days": "按工作日计算",
}
_CODED = {"disposition", "grounds", "evidence"}
_HIDDEN = {"type", "on", "by", "kind"}
_DAYS = {"approved_on", "due_on", "before", "after", "received_on", "replied_before", "replied_after"}
# What a correction says first, whatever order the database keeps its values in.
_DAYS_FIRST = ("before", "after", "replied_before", "replied_after")


def event_words(data: Mapping[str, Any], *, names: Mapping[str, str]) -> str:
    """Return the values of an event as one line: 期限（工作日）：15；对象：甲公司.

    ``names`` gives results, grounds and lines of evidence in words, by their codes.
    """
    found = [_kind(data)] if data.get("kind") else []
    ordered = sorted(data.items(), key=lambda item: _DAYS_FIRST.index(item[0]) if item[0] in _DAYS_FIRST else 9)
    for name, value in ordered:
        if name in _HIDDEN or value in (None, "", [], ()):
            continue
        found.append(f"{_LABELS.get(name, name)}：{_say(name, value, names)}")
    return "；".join(one for one in found if one)


def _kind(data: Mapping[str, Any]) -> str:
    known = {**_WORDS["consultation"], **_WORDS["remedy"]}
    return known.get(str(data["kind"]), "")


def _say(name: str, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_say(name, one, names) for one in value)
    if name in _DAYS:
        return day_words(date.fromisoformat(str(value)))
    if name in _CODED:
        return names.get(str(value), str(value))
    return _WORDS.get(name, {}).get(str(value), str(value))
