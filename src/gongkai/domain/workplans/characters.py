"""Writing variants evened out before anything is matched.

``fold`` keeps every character's place, so a match in the folded text gives the span in the original. ``squeeze``
also drops blanks and returns the way back.
"""

from __future__ import annotations

import re

from gongkai.domain.workplans.traditional import SIMPLIFIED

_FOLD = {ord("０") + i: str(i) for i in range(10)}
_FOLD |= {ord("Ａ") + i: chr(ord("A") + i) for i in range(26)}
_FOLD |= {ord("ａ") + i: chr(ord("a") + i) for i in range(26)}
_FOLD |= {
    ord(a): b
    for a, b in {
        "\u3000": " ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\t": " ", "．": ".", "﹒": ".",
        ":": "：", "∶": "：", "﹕": "：", "︰": "：", ";": "；", ",": "，", "､": "、", "﹑": "、", "(": "（", ")": "）",
        "[": "〔", "]": "〕", "【": "〔", "】": "〕", "［": "〔", "］": "〕", "〖": "〔", "〗": "〕", "﹝": "〔", "﹞": "〕",
        "{": "〔", "}": "〕", "｛": "〔", "｝": "〕", "—": "-", "–": "-", "－": "-", "―": "-", "~": "-", "～": "-",
        "／": "/", "!": "！", "?": "？", "％": "%", "﹙": "（", "﹚": "）", "⼀": "一", "⼆": "二",
    }.items()
}  # fmt: skip

_FOLD |= SIMPLIFIED

_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad\u202a-\u202e\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BLANK = re.compile(r"\s")
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_LOOSE_BLANK = re.compile(f"(?<=[{_CJK}0-9A-Za-z，。、；：（）〔〕“”《》]) +(?=[{_CJK}0-9，。、；：（）〔〕“”《》])")

CN_DIGITS = "零〇○一二三四五六七八九十"


def clean(text: str) -> str:
    """Drop characters that cannot be seen; tabs stay."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """Return the text with full-width letters, brackets and punctuation in one form, of the same length."""
    return text.translate(_FOLD)


def squeeze(text: str) -> tuple[str, list[int]]:
    """Return the folded text without blanks and, for each of its characters, the place in ``text``."""
    if not _BLANK.search(text):
        return fold(text), list(range(len(text)))
    kept = [(c, i) for i, c in enumerate(fold(text)) if not c.isspace()]
    return "".join(c for c, _ in kept), [i for _, i in kept]


def tidy(text: str) -> str:
    """Drop the blanks that typesetting put between Chinese characters and digits; keep those between Latin words."""
    return _LOOSE_BLANK.sub("", re.sub(r"[ \t\u3000\u00a0\r\n]+", " ", text)).strip()


def chinese_number(text: str) -> int | None:
    """Return the value of 一 … 九十九, of digits, or None."""
    text = fold(text).strip()
    if text.isascii() and text.isdigit():
        return int(text)
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
    if not text or any(c not in digits and c != "十" for c in text) or text.count("十") > 1:
        return None
    if "十" in text:
        tens, ones = text.split("十")
        if len(tens) > 1 or len(ones) > 1:
            return None
        return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)
    value = 0
    for c in text:
        value = value * 10 + digits[c]
    return value


def join_lines(left: str, right: str) -> str:
    """Join two halves of a broken line: no blank between Chinese characters, one between Latin words."""
    left, right = left.rstrip(), right.strip()
    if left and right and left[-1].isascii() and right[0].isascii() and left[-1].isalnum() and right[0].isalnum():
        both_digits = left[-1].isdigit() and right[0].isdigit()
        return left + right if both_digits else f"{left} {right}"
    return left + right
