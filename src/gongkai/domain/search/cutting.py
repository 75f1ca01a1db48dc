"""Cutting Chinese text into the terms under which it is found."""

from __future__ import annotations

import re
import unicodedata

import rjieba

from gongkai.domain.identifiers import unified

LONGEST_TERM = 40
"""Characters of a term that are kept; longer runs are numbers or rubbish and are found by their beginning."""
_WORD = re.compile(r"[^\W_]+")
WEAK = frozenset(
    (
        "的",
        "了",
        "和",
        "与",
        "及",
        "或",
        "等",
        "在",
        "是",
        "对",
        "为",
        "于",
        "把",
        "被",
        "从",
        "向",
        "由",
        "之",
        "其",
        "这",
        "那",
        "号",
        "第",
        "年",
        "月",
        "日",
        "一",
        "关于",
        "有关",
        "以及",
        "进行",
        "我",
        "要",
        "怎么",
        "如何",
        "什么",
        "哪里",
        "请问",
        "吗",
        "呢",
    )
)
"""Words that say little: a result need not have them."""


def fold(text: str) -> str:
    """Return a text in the form in which texts are compared: one width, one bracket, small letters."""
    return unified(unicodedata.normalize("NFKC", text)).lower()


def cut(text: str) -> list[str]:
    """Return the terms of a text in order, longer words with the shorter ones inside them (for the index)."""
    return _words(rjieba.cut_for_search(fold(text)))


def cut_plain(text: str) -> list[str]:
    """Return the words of a text in order, none inside another."""
    return _words(rjieba.cut(fold(text)))


def is_weak(term: str) -> bool:
    """Tell whether a term says so little that a result need not have it."""
    return term in WEAK


def title_key(title: str) -> str:
    """Return the letters and digits of a title alone, to compare titles whatever their punctuation."""
    return "".join(_WORD.findall(fold(title)))


def _words(parts: list[str]) -> list[str]:
    plain = [part for part in parts if part.isalnum()]
    lengths, signs = list(map(len, plain)), len(parts) - len(plain)
    # Nearly every text has words and single signs only; two sums tell it faster than a look at each part.
    if sum(map(len, parts)) - sum(lengths) == signs and max(lengths, default=0) <= LONGEST_TERM:
        return plain
    found: list[str] = []
    for part in parts:
        if part.isalnum():
            found.append(part[:LONGEST_TERM])
        elif len(part) > 1:
            found.extend(piece[:LONGEST_TERM] for piece in _WORD.findall(part))
    return found
