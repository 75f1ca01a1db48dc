"""Recurring duties: 每月至少1次, 年内至少一次, 每季度, 全年不少于2次."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.domain.workplans.characters import chinese_number, squeeze, tidy
from gongkai.domain.workplans.model import Period, Periodic

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
_PERIOD = (
    r"(?P<two>每(?:两|2|二)个?月)|(?P<half>每半年|半年)|(?P<quarter>每个?季度?|按季度?|逐季|季度)|(?P<month>每个?月份?|按月|逐月|月)"
    r"|(?P<week>每周|每星期|按周|逐周)|(?P<day>每个?(?:工作)?[日天]|逐日)|(?P<year>每年度?|每一年|年内|全年|一年|年度|本年度|按年|逐年)"
)
_COUNTED = re.compile(
    rf"(?:{_PERIOD})(?P<between>[^，。；！？、]{{0,16}}?)(?:至少|不少于|不低于|最少|原则上不少于)?(?P<verb>[^，。；！？、0-9一二三四五六七八九十两]{{0,14}}?)"
    rf"(?P<count>{_NUMBER})(?:次|场|期|批|轮|篇|条|个)(?:以上)?"
)
_AT_LEAST = re.compile("至少|不少于|不低于|最少|以上|每")
_EVERY = re.compile(
    r"每(?:两|2|二)个?月|每半年|每个?季度?|每个?月|每周|每星期|每年|每个?工作日|每[日天]|按月|按季度?|逐月|逐季|按周|按年"
)
_EVERY_IN_CLAUSE = re.compile(
    r"(?P<words>每(?:两|2|二)个?月|每半年|每个?季度|每个?月(?!份)|每周|每年(?!度的))(?!来|都|个|名|人|户)[^，。；！？、]{1,16}"
)
_NAMES = {
    "two": Period.TWO_MONTHS, "half": Period.HALF_YEAR, "quarter": Period.QUARTER, "month": Period.MONTH,
    "week": Period.WEEK, "day": Period.DAY, "year": Period.YEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundPeriodic:
    """A recurring duty and whether the word for every (每) stood there."""

    value: Periodic
    every: bool


def find_periodic(text: str) -> list[FoundPeriodic]:
    """Return the recurring duties with a count that a clause names, and, in a short phrase, those without one."""
    squeezed, back = squeeze(text)
    found: list[FoundPeriodic] = []
    for match in _COUNTED.finditer(squeezed):
        words = match.group()
        if not _AT_LEAST.search(words) or re.match("(?:月|季度|半年|一年)", words):
            continue
        count = chinese_number(match["count"])
        period = next(p for name, p in _NAMES.items() if match[name])
        if count:
            phrase = tidy(text[back[match.start()] : back[match.end() - 1] + 1])
            found.append(FoundPeriodic(Periodic(count, period, phrase), "每" in words[:1] or words[:1] in "按逐"))
    for every in _EVERY_IN_CLAUSE.finditer(squeezed) if len(squeezed) > 20 else ():
        if all(every.group("words") not in squeeze(f.value.phrase)[0] for f in found):
            phrase = tidy(text[back[every.start()] : back[every.end() - 1] + 1])
            found.append(FoundPeriodic(Periodic(1, _period_of(every.group("words")), phrase), True))
    if not found and len(squeezed) <= 20:
        alone = _EVERY.search(squeezed)
        if alone:
            period = _period_of(alone.group())
            found.append(FoundPeriodic(Periodic(1, period, tidy(text)), True))
    return found


def _period_of(words: str) -> Period:
    match = re.match(_PERIOD, words)
    assert match is not None
    return next(p for name, p in _NAMES.items() if match[name])
