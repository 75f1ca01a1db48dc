"""Answers that an office gives often: texts for the fields of one letter, with places for the facts of the case. Pure.

A place is written 【…】 and says in words what belongs there; a number in such brackets (青政办【2026】3号) is none. Some are
filled from the case; the clerk replaces the others, and a letter in which one is left does not go out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.domain.foi.letters import REMEDY, FieldKind, LetterForm
from gongkai.domain.issues import Issue

PLACE = re.compile(r"【(?!\s*\d+\s*】)([^【】\n]{1,60})】")
KNOWN_PLACES = ("登记编号", "所需信息", "收到申请之日", "本机关", "联系方式", "今天")
"""Places that the case itself fills."""
LONGEST = 5000
_FRAME = frozenset({"issuer", "doc_no", "addressee", "application_no", "received_on", "request", "date", "legal_basis"})


def writable(form: LetterForm) -> tuple[str, ...]:
    """Return the fields of a letter that an answer template may hold: texts and lists that the clerk writes."""
    frame = {*_FRAME, REMEDY, "delivery", "contact", "you", *form.fixed}
    kinds = (FieldKind.TEXT, FieldKind.LINES, FieldKind.PARTS)
    return tuple(code for code in form.known if code not in frame and form.fields[code].kind in kinds)


def filled(texts: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, str]:
    """Put the facts of a case (by the words of their places) into texts; other places stay."""

    def fact(found: re.Match[str]) -> str:
        return facts.get(found.group(1).strip()) or found.group(0)

    return {code: PLACE.sub(fact, text) for code, text in texts.items()}


def places(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return what belongs in the places of texts, each once."""
    return tuple(dict.fromkeys(name for text in texts.values() for name in PLACE.findall(text)))


def places_left(form: LetterForm, values: Mapping[str, object]) -> tuple[Issue, ...]:
    """Return an issue for each field of a letter in which a place was not filled."""
    issues = []
    for code, value in values.items():
        found = PLACE.findall(str(value)) if code in form.fields else []
        if found:
            told = {"field": form.fields[code].label, "places": "、".join(f"【{one}】" for one in dict.fromkeys(found))}
            issues.append(Issue("foi.answer.place_left", code, told))
    return tuple(issues)


def check_answer(form: LetterForm, *, title: str, texts: Mapping[str, str]) -> tuple[Issue, ...]:
    """Return everything that is wrong with an answer template of a letter."""
    issues = []
    if not title.strip():
        issues.append(Issue("foi.answer.title", "title"))
    if not any(text.strip() for text in texts.values()):
        issues.append(Issue("foi.answer.empty", "texts", {"letter": form.title}))
    allowed = writable(form)
    for code, text in texts.items():
        if code not in allowed:
            told = {"field": code, "letter": form.title}
            issues.append(Issue("foi.answer.field", code, told))
        elif len(text) > LONGEST:
            issues.append(Issue("foi.answer.too_long", code, {"field": form.fields[code].label, "most": LONGEST}))
    return tuple(issues)


def fitting(*, words: str, asked: str) -> int:
    """Return how many words of a template (separated by blanks) stand in what was asked."""
    return sum(1 for word in dict.fromkeys(words.split()) if word in asked)
