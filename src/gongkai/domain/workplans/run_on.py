"""Documents whose line breaks were lost on the way: one long line becomes the paragraphs it was made of."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.domain.workplans.characters import chinese_number, fold
from gongkai.domain.workplans.flow import Line

_LONG, _SHORT = 120, 50
_MARK = re.compile(
    "(?P<cn>(?<![第之十百有的一二三四五六七八九、])[一二三四五六七八九十]{1,3})、"
    "|(?<!第)（(?P<paren>[一二三四五六七八九十]{1,3})）"
    r"|(?<![\d.年月第])(?P<arab>\d{1,2})[.、](?!\d)"
)
_AFTER = re.compile(r"[。；！？：）〕”》\s]$")
_TITLE = re.compile(
    r"(?P<title>[^，。；：、]{6,70}?(?:方案|要点|清单|分解表|分工表?|计划|安排|任务表|一览表|台账)(?:（[^（）]{1,6}）)?)\s*(?=为[^民]|根据|按照|现|[一二三]、|\s)"
)
_FOOT = re.compile(
    r"\s(?:〔?(?:打印|关闭|收藏|返回顶部)(?:本页|窗口)?〕?|上一篇|下一篇|分享到?)(?:[\s：|〔〕]|打印|关闭|收藏|分享|上一篇|下一篇|$).*$"
)
# Headings of nothing but these words run into their text: 一、工作目标紧紧围绕…
_RUN_HEADING = re.compile(
    "[一二三四五六七八九十]{1,3}、(?:总体要求|总体目标|工作目标|指导思想|主要目标|基本原则|工作原则|主要任务|工作任务|重点任务|保障措施|组织保障|工作要求)"
    r"(?=[\u4e00-\u9fff]{4})(?!清单|分工|分解|的)"
)
_LABEL_OPEN = re.compile(r"(?:单位|部门|科室|股室|时限|时间|期限)：[^。]{1,80}$")
_LEVELS = ("cn", "paren", "arab")


def split_run_on(lines: list[Line]) -> list[Line]:
    """Return the lines with those cut that hold several numbered paragraphs in one."""
    out: list[Line] = []
    least = _LONG
    for line in lines:
        whole = len(line.text) < least or "\t" in line.text or "|" in line.text
        pieces = None if whole else _pieces(line.text)
        if pieces:
            least = _SHORT
        if pieces is None:
            out.append(line)
            continue
        out.extend(replace(line, text=piece, label=line.label if k == 0 else "") for k, piece in enumerate(pieces))
    return out


def _pieces(text: str) -> list[str] | None:
    folded = fold(text)
    cuts = _cuts(folded)
    if len(cuts) < 2:
        return None
    title = _TITLE.match(folded)
    if title and title.end() < (cuts[0] or cuts[1]) and cuts[0] > 0:
        cuts.insert(0, title.end())
    foot = _FOOT.search(folded, cuts[-1])
    if foot:
        cuts.append(foot.start())
    places = [0, *(c for c in cuts if c), len(text)]
    pieces = [piece for a, b in zip(places, places[1:], strict=False) if (piece := text[a:b].strip())]
    out: list[str] = []
    for piece in pieces:
        heading = _RUN_HEADING.match(fold(piece))
        out.extend([piece[: heading.end()], piece[heading.end() :]] if heading else [piece])
    return out


def _cuts(folded: str) -> list[int]:
    """Return where numbered paragraphs begin: numbers that continue a list, or begin one under a heading."""
    last = {"cn": 0, "paren": 0, "arab": 0}
    cuts: list[int] = []
    for found in _MARK.finditer(folded):
        level = next(name for name in _LEVELS if found[name])
        number = chinese_number(found[level]) or 0
        before = folded[: found.start()]
        parted = not before.strip() or bool(_AFTER.search(before))
        # A list under a heading without a stop: 二、工作任务（一）…
        under = (
            number == 1
            and bool(cuts)
            and found.start() - cuts[-1] <= 40
            and "。" not in folded[cuts[-1] : found.start()]
        )
        start = not before.strip()
        labelled = number > 1 and bool(cuts) and bool(_LABEL_OPEN.search(folded[cuts[-1] : found.start()]))
        if start or (number == last[level] + 1 and (parted or under or labelled)):
            pass
        elif not (number == 1 and under and level != "cn") and not (
            number == 1 and parted and level == "arab" and cuts
        ):
            continue
        last[level] = number
        for lower in _LEVELS[_LEVELS.index(level) + 1 :]:
            last[lower] = 0
        cuts.append(found.start())
    return cuts
