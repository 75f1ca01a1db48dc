"""How the blocks of an official document stand on the page: who is addressed, and the signature with its date. Pure.

GB/T 9704-2012 sets the addressee flush left (7.3.2) and the issuing organ with the date of writing to the right (7.3.5).
Blocks carry no such marks, so they are known by what they say; a block that is not clearly one stays a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.domain.items.markup import elements_of

ADDRESS, SIGNATURE = "address", "signature"
MOST_SIGNERS = 6
"""Organs that sign one document jointly, looked for above its date; a technical bound."""
_TAG = re.compile(r"<[^>]*>")
_DIGIT = "[0-9０-９〇○零一二三四五六七八九十]"
_DATE = re.compile(rf"{_DIGIT}{{4}}年{_DIGIT}{{1,3}}月{_DIGIT}{{1,3}}日")
_SIGNER = re.compile(
    r"[^。；;：:，,、！？!?]{2,38}(?:府|局|委|委员会|办|办公室|室|处|厅|院|部|会|镇|乡|街道|中心|队|所|站|公司|社|校|组|指挥部)"
)


def parts_of(body: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return for blocks by position which part of an official document they are: ``address`` or ``signature``.

    The addressee is the first paragraph when it ends in a colon; a signature is the last paragraph that is a date and
    the organs right above it.
    """
    texts = [_text(block) for block in body]
    found: dict[int, str] = {}
    if texts and texts[0].endswith(("：", ":")) and "。" not in texts[0]:
        found[0] = ADDRESS
    for at in range(len(texts) - 1, 0, -1):
        if not _DATE.fullmatch(texts[at]):
            continue
        above = at - 1
        while above >= 0 and at - above <= MOST_SIGNERS and _SIGNER.fullmatch(texts[above]):
            above -= 1
        if above < at - 1:
            found |= dict.fromkeys(range(above + 1, at + 1), SIGNATURE)
            break
    return found


def _text(block: Mapping[str, Any]) -> str:
    """Return the words of a block that is one paragraph, without blanks; empty for anything else."""
    if block.get("type") != "paragraph":
        return ""
    elements = elements_of(str(block.get("value") or ""))
    if len(elements) != 1 or elements[0].type != "paragraph":
        return ""
    return re.sub(r"[\s\u3000\xa0]", "", _TAG.sub("", elements[0].html))
