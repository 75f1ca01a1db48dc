"""Numbers at the head of a line: 一、 （一） 1. （1） ① 1.1 第一条 任务一：."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.domain.workplans.characters import chinese_number, fold

_CN = "[一二三四五六七八九十百]{1,4}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# A figure and one of these words is a quantity, not a number of a list.
_QUANTITY = "年月日号个次项万亿元米公里吨平方千百倍条届家名人户件篇期天小时分秒级岁周季%-"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第({_CN}|\d{{1,3}})(?:部分|章|节|篇)[、：.]? *")),
    ("article", re.compile(rf"第({_CN}|\d{{1,3}})条[、：.]? *")),
    ("task", re.compile(rf"(?:任务|行动|工程|专题|重点任务|专项)({_CN}|\d{{1,3}})[、：.] *")),
    ("cn", re.compile(rf"({_CN}) ?[、.．，](?![一二三四五六七八九十]{{1,2}}[、，]) *")),
    ("cn_paren", re.compile(rf"（ ?({_CN}) ?）[、.]? *")),
    ("cn_half", re.compile(rf"({_CN})）[、.]? *")),
    ("dotted3", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})[.、]? *(?![\d%])")),
    ("dotted", re.compile(rf"(\d{{1,2}}\.\d{{1,2}})[.、]? *(?![\d{_QUANTITY}])")),
    ("arab", re.compile(r"(\d{1,3}) ?[.、](?!\d) *")),
    ("arab", re.compile(r"(\d{1,2}) ?[.、](?=20\d{2}年)")),
    ("arab", re.compile(r"(\d{1,2}) ?，(?=[\u3400-\u9fff]) *")),
    ("arab_paren", re.compile(r"（ ?(\d{1,3}) ?）[、.]? *")),
    ("arab_half", re.compile(r"(\d{1,3}) ?）[、.]? *")),
    ("circled", re.compile(rf"([{_CIRCLED}])[、.]? *")),
    ("bare", re.compile(rf"(\d{{1,2}}) +(?=[\u3400-\u9fff])(?![{_QUANTITY}])")),
)

RANK = {
    style: rank
    for rank, style in enumerate(
        ("chapter", "article", "task", "cn", "cn_paren", "cn_half", "arab", "bare", "dotted", "dotted3", "arab_paren",
         "arab_half", "circled")
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A number at the head of a line: its style, its value, how to show it, how many characters it takes."""

    style: str
    number: int
    shown: str
    length: int


def read_mark(text: str) -> Mark | None:
    """Return the number at the head of ``text`` (leading blanks included in its length), or None."""
    folded = fold(text)
    lead = len(folded) - len(folded.lstrip())
    for style, pattern in _PATTERNS:
        found = pattern.match(folded, lead)
        if not found:
            continue
        written = found.group(1)
        if style == "circled":
            number: int | None = _CIRCLED.index(written) + 1
        elif style in ("dotted", "dotted3"):
            number = int(written.rsplit(".", 1)[1])
        else:
            number = chinese_number(written)
        if not number:
            continue
        shown = f"（{written}）" if style in ("cn_paren", "arab_paren", "cn_half", "arab_half") else written
        if style in ("chapter", "article", "task"):
            shown = found.group(0).strip().rstrip("、：.")
        return Mark(style, number, shown, found.end())
    return None
