"""What sentences of the text say: from when and until when it holds, which documents it cites, which annexes it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from gongkai.domain.identifiers import find_doc_nos
from gongkai.domain.intake.dates import DATE, date_of, read_number, years_later
from gongkai.domain.intake.lines import Line, joined
from gongkai.domain.intake.model import Confidence, Proposal

_BEGIN = re.compile(rf"自(?P<what>{DATE.pattern})起(?:开始|正式)?(?:施行|实施|执行|生效|实行)")
_FROM_ISSUE = re.compile(
    r"自(?:发布|公布|印发|下发|发文|颁布|公告|通告)之日起(?:(?P<days>[0-9一二三四五六七八九十]{1,3})(?:个?)日?天?后)?"
    r"(?:开始|正式)?(?:施行|实施|执行|生效|实行)"
)
_TERM = re.compile(r"有效期(?:限)?(?:为|是)?(?P<years>[0-9]{1,2}|[一二三四五六七八九十]{1,3})年")
_UNTIL = re.compile(rf"(?:有效期(?:限)?|施行|执行|实施)(?:自.{{0,30}})?至(?P<what>{DATE.pattern})")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百]{1,5}条")
_QUOTED = re.compile(r"《([^《》]{4,120}(?:《[^《》]{2,80}》[^《》]{0,40})?)》[\s\u3000]*[（(]?[\s\u3000]*$")
_ANNEXES = re.compile(r"^附\s*件?\s*[:：]\s*(?P<rest>.+)$")
_NUMBERED = re.compile(r"^(?P<number>[0-9]{1,2})\s*[.．、]\s*(?P<name>.+)$")
_INNER = re.compile(r"(?<=[^0-9年])\s*(?=[0-9]{1,2}[.．、](?![0-9]))")


def term_proposals(lines: Sequence[Line], *, issued_on: date | None) -> Iterator[Proposal]:
    """Yield from when and until when the document holds; ``issued_on`` is the day that 自印发之日起 means."""
    for line in lines:
        text = re.sub(r"[\s\u3000\xa0]", "", line.text)
        if not any(word in text for word in ("施行", "实施", "执行", "生效", "实行", "有效期")):
            continue
        begin: date | None = None
        match = _BEGIN.search(text)
        if match is not None:
            begin = _inner(match["what"])
            if begin is not None:
                yield Proposal("effective_on", begin, Confidence.STATED, line.number, line.text, "clause")
        elif (counted := _FROM_ISSUE.search(text)) is not None and issued_on is not None:
            begin = issued_on + timedelta(days=read_number(counted["days"]) or 0 if counted["days"] else 0)
            yield Proposal("effective_on", begin, Confidence.INFERRED, line.number, line.text, "clause")
        until = _UNTIL.search(text)
        last = _inner(until["what"]) if until is not None else None
        if last is not None:
            yield Proposal("expires_on", last, Confidence.STATED, line.number, line.text, "clause")
            continue
        term = _TERM.search(text)
        years = read_number(term["years"]) if term is not None else None
        if years and begin is not None:
            yield Proposal(
                "expires_on", years_later(begin, years), Confidence.INFERRED, line.number, line.text, "clause"
            )


def cited_proposals(lines: Sequence[Line], *, own: str) -> Iterator[Proposal]:
    """Yield the documents that the text cites by number, with their titles where they stand before it."""
    seen = {own}
    for line in lines:
        for found in find_doc_nos(line.text):
            number = str(found.doc_no)
            if number in seen:
                continue
            seen.add(number)
            title = _QUOTED.search(line.text[: found.start])
            shown = f"《{joined([title.group(1)])}》（{number}）" if title else number
            yield Proposal("cited", (shown,), Confidence.STATED, line.number, line.text, "clause")


def looks_normative(lines: Sequence[Line], doc_no: str, kind: str) -> Iterator[Proposal]:
    """Yield why the document looks like an administrative normative document (行政规范性文件).

    A number whose code ends with 规 says so; articles or rules together with a term of validity suggest it.
    """
    prefix = doc_no.partition("〔")[0]
    if prefix.endswith(("规", "规字", "规发", "规函")):
        line = next((line for line in lines if "〔" in line.text or "[" in line.text or "［" in line.text), lines[0])
        yield Proposal("normative", "是", Confidence.STATED, line.number, line.text, "number")
        return
    term = next((line for line in lines if "有效期" in line.flat and _TERM.search(line.flat)), None)
    article = next((line for line in lines if _ARTICLE.match(line.flat)), None)
    rules = kind in {"办法", "管理办法", "暂行办法", "实施办法", "实施细则", "细则", "规定", "规则"}
    if term is not None and (article is not None or rules or kind in {"通知", "意见"}):
        yield Proposal("normative", "是", Confidence.INFERRED, term.number, term.text, "clause")
    elif article is not None and rules:
        yield Proposal("normative", "是", Confidence.INFERRED, article.number, article.text, "clause")


def annex_proposals(lines: Sequence[Line], *, start: int) -> Iterator[Proposal]:
    """Yield the annexes that the text names (附件：1.… 2.…), one proposal for all of them."""
    for position in range(start, len(lines)):
        line = lines[position]
        match = _ANNEXES.match(line.text)
        if match is None or line.cells:
            continue
        names = _names(match["rest"])
        following = position + 1
        while names and following < len(lines) and (numbered := _NUMBERED.match(lines[following].text)) is not None:
            if int(numbered["number"]) != len(names) + 1:
                break
            names += _names(lines[following].text)
            following += 1
        if names:
            yield Proposal("attachments", tuple(names), Confidence.STATED, line.number, line.text, "body")
            return


def _names(text: str) -> list[str]:
    out = []
    for part in _INNER.split(text.strip()):
        numbered = _NUMBERED.match(part.strip())
        name = (numbered["name"] if numbered else part).strip(" \t\u3000。；;，,")
        if name:
            out.append(joined([name]))
    return out


def _inner(text: str) -> date | None:
    match = DATE.search(text)
    return date_of(match) if match else None
