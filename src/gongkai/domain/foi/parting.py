"""Several matters in one paper (一事一申请): proposing the parts, and telling what of the paper is in none of them.

A person decides what is one matter. What is proposed follows the numbering that applicants use themselves; what is left
out is told sentence by sentence, so that nothing that was asked is lost. Pure text, no law: 政府信息公开条例 art. 29 asks
for the name or the features of the information only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.domain.foi.intake import LONGEST
from gongkai.domain.issues import Issue
from gongkai.domain.similarity.shingles import normalized

MOST_PARTS = 50
"""Parts of one paper; a technical bound."""
SHORT_SUBJECT = 60
_CHINESE = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_CIRCLED = {sign: number for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩", start=1)}
# How applicants number what they ask: 一、 （一） 1. 1、 （1） ①
_STYLES = (
    re.compile(r"(?P<number>[一二三四五六七八九十])[、.．]"),
    re.compile(r"[（(](?P<number>[一二三四五六七八九十])[)）]"),
    re.compile(r"(?P<number>\d{1,2})\s?(?:[、)）]|[.．](?!\d)|[.．](?=(?:19|20)\d\d年))"),
    re.compile(r"[（(](?P<number>\d{1,2})[)）]"),
    re.compile(r"(?P<number>[①②③④⑤⑥⑦⑧⑨⑩])"),
)
_BEFORE = frozenset("\n；;。：:，,！!？? \t\u3000")
# Words that ask for nothing by themselves.
_COURTESY = re.compile(
    r"(本人|我|我们|我单位)?(现|特|特此)?(请|请求)?(依法)?(向.{2,20})?(申请)?(公开|提供|获取)?(以下|下列|如下)?(政府)?(信息|内容|材料|文件)?"
)
_SENTENCE_END = re.compile(r"[。；;：:！!？?\n]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One matter of a paper."""

    subject: str
    description: str
    doc_no: str = ""


def propose_parts(subject: str, description: str, doc_no: str = "") -> tuple[Part, ...]:
    """Return the matters that the applicant numbered, each with the words before the first number; else the whole as one.

    Every sentence of the description is in at least one part.
    """
    marks = _numbering(description)
    if not marks:
        return (Part(subject, description, doc_no),)
    lead = description[: marks[0][0]].strip()
    ends = [start for start, _ in marks[1:]] + [len(description)]
    parts = []
    for (_, begin), end in zip(marks, ends, strict=True):
        item = description[begin:end].strip()
        told = f"{lead}\n{item}" if lead else item
        parts.append(Part(_subject_of(item) or subject, told, doc_no if doc_no and doc_no in item else ""))
    return tuple(parts)


def left_out(asked: str, parts: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of a paper that stand in none of its parts, as they were written, in their order."""
    there = [normalized(text) for text in parts]
    missing = []
    for sentence in _sentences(asked):
        plain = normalized(sentence)
        if plain and not _COURTESY.fullmatch(plain) and not any(plain in text for text in there):
            missing.append(sentence)
    return tuple(missing)


def check_parts(asked: str, parts: Iterable[Part], *, reason: str = "") -> Iterator[Issue]:
    """Yield everything that keeps a paper from being split like this; ``reason`` says why something is left out."""
    known = list(parts)
    if len(known) < 2:
        yield Issue("foi.split.one_part", "parts")
    if len(known) > MOST_PARTS:
        yield Issue("foi.split.too_many", "parts", {"most": MOST_PARTS})
    seen: dict[str, int] = {}
    for number, part in enumerate(known, start=1):
        if not part.subject.strip() or not part.description.strip():
            yield Issue("foi.split.empty_part", "parts", {"number": number})
        text = normalized(part.subject + part.description)
        if text and text in seen:
            yield Issue("foi.split.same_part", "parts", {"number": number, "other": seen[text]})
        seen.setdefault(text, number)
        for name, label in (("subject", "名称"), ("description", "特征"), ("doc_no", "文号")):
            if len(getattr(part, name)) > LONGEST[name]:
                values = {"number": number, "what": label, "most": LONGEST[name]}
                yield Issue("foi.split.part_too_long", "parts", values)
    if not reason.strip():
        texts = [f"{part.subject}\n{part.doc_no}\n{part.description}" for part in known]
        for sentence in left_out(asked, texts):
            yield Issue("foi.split.left_out", "reason", {"sentence": sentence[:80]})


def _numbering(text: str) -> list[tuple[int, int]]:
    """Return begin and end of each number of the first style that counts 1, 2, … through the text."""
    best: list[tuple[int, int]] = []
    for style in _STYLES:
        wanted, found = 1, []
        for match in style.finditer(text):
            if _begins(match) and _value(match["number"]) == wanted:
                found.append(match.span())
                wanted += 1
        if len(found) > 1 and (not best or found[0][0] < best[0][0]):
            best = found
    return best


def _value(sign: str) -> int:
    return _CHINESE.get(sign) or _CIRCLED.get(sign) or (int(sign) if sign.isascii() and sign.isdigit() else 0)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text without the numbers they begin with."""
    for style in _STYLES:
        text = style.sub(lambda match: "\n" if _begins(match) else match[0], text)
    yield from (piece.strip() for piece in _SENTENCE_END.split(text) if piece.strip())


def _begins(match: re.Match[str]) -> bool:
    """Tell whether a number stands where an item can begin."""
    return match.start() == 0 or match.string[match.start() - 1] in _BEFORE


def _subject_of(item: str) -> str:
    first = _SENTENCE_END.split(item, maxsplit=1)[0].strip(" ，,、：:")
    return first[:SHORT_SUBJECT]
