"""The box of particulars that websites put above a document (索引号, 发布机构, 文号 …), turned into labelled lines."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.domain.workplans.characters import clean, squeeze
from gongkai.domain.workplans.flow import Grid, Line

_KEY = re.compile(
    "(?:信息|文件|公开)?(?:索引号?|主题分类|信息分类|组配分类|体裁分类|服务对象分类|发布机构|发文机关|发文机构|制发机构|发布单位|发文单位|制作单位|公开机构|发布部门|成文日期"
    "|成文时间|发布日期|发文日期|发文时间|生成日期|生成时间|印发日期|发布时间|公开日期|公开时间|失效时间|失效日期|废止时间|废止日期|实施日期|生效日期|文号|发文字号|编号|发文文号|字号"
    "|有效性|是否有效|效力状态|时效性|标题|名称|主题词|关键词|内容概述|内容摘要|概述|公开方式|公开形式|公开范围|公开责任部门|公开属性|信息来源|来源|语种|文种|公文种类|政策咨询机关"
    "|政策咨询电话|体裁|载体类型|信息格式|著录日期)：?"
)
_BARS = re.compile("[|｜]")


def meta_lines(lines: list[Line]) -> list[Line]:
    """Replace lines such as 索引号: | 0001 | 发布机构: | 某局 | by one labelled line for each particular."""
    out: list[Line] = []
    for line in lines:
        pairs = _pairs([c.strip() for c in _BARS.split(line.text)]) if len(_BARS.findall(line.text)) >= 1 else []
        out.extend([replace(line, text=text) for text in pairs] or [line])
    return out


def meta_grid(grid: Grid) -> list[Line] | None:
    """Return the particulars of a table that holds nothing else, or None."""
    out: list[Line] = []
    for r, row in enumerate(grid.rows):
        cells = [t for c, t in enumerate(row) if not grid.left[r][c] and not grid.above[r][c]]
        if not any(c.strip() for c in cells):
            continue
        pairs = _pairs(cells)
        if not pairs:
            return None
        out.extend(Line(text, grid.lines[r][0], page=grid.page) for text in pairs)
    return out or None


def _pairs(cells: list[str]) -> list[str]:
    """Return key：value for a row of keys and values, or nothing when it is no such row."""
    filled = [(c, squeeze(clean(c))[0]) for c in cells if c.strip()]
    keys = [i for i, (_, s) in enumerate(filled) if _KEY.fullmatch(s)]
    if not keys or keys[0] != 0 or len(keys) * 2 + 1 < len(filled):
        return []
    if len(keys) == 1 and not filled[0][1].endswith("："):
        return []
    if len(filled) > 2 and len(keys) == len(filled) and not filled[0][1].endswith("："):
        return []
    out: list[str] = []
    for place, i in enumerate(keys):
        end = keys[place + 1] if place + 1 < len(keys) else len(filled)
        value = " ".join(c.strip() for c, _ in filled[i + 1 : end])
        out.append(f"{filled[i][1].rstrip('：')}：{value}")
    return out
