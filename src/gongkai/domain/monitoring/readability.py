"""What is hard to understand: long sentences and paragraphs, unexplained abbreviations, lists and gaps typed by hand.

Empty paragraphs and blanks before a paragraph are taken out at saving (``domain.items.markup``); what is left are blank
lines inside a paragraph and blanks between words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.domain.items.content import block_lines, html_lines
from gongkai.domain.monitoring.reading_rules import Notes, cut, listed

PLAIN = ("paragraph", "list", "quote")
MOST_TERMS = 300
"""Different terms that are looked for in the whole text; a technical bound, a text with more is told of long before."""
_SENTENCE = re.compile("[^。！？!?；;\n]+[。！？!?；;]?")
_ENUMERATION = re.compile("[、，,]")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]|[•·●○■◆▪*－-])\s*(?=\S)")
_BREAKS = re.compile(r"(?:<br>[ \u3000\xa0]*){2,}")
_DRAWN = re.compile(r"^[-—–_=*~·.…─━ \u3000]{5,}$")
_WIDE = re.compile(r"\S(?:[\u3000\xa0]{2,}|[\u3000\xa0] [\u3000\xa0 ]*)(?=\S)")
_SPREAD = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[ \u3000\xa0]+[\u4e00-\u9fff](?![\u4e00-\u9fff]))+")
_LETTERS = re.compile(r"(?<![A-Za-z0-9./:@_-])[A-Z][A-Za-z]{0,2}[A-Z]{1,5}(?:[-/]?[A-Z0-9]{1,3})?(?![A-Za-z0-9@])")
_FIGURES = "一二两三四五六七八九十双"
_SLOGAN = re.compile(rf"“([{_FIGURES}0-9][\u4e00-\u9fff]{{1,3}}(?:[{_FIGURES}0-9][\u4e00-\u9fff]{{1,3}}){{0,2}})”")
_EXPLAINED = re.compile(r"^”?(?:[（(]|，?即|是指|，?指的?是|：)")


def check_readability(body: Sequence[Mapping[str, Any]], title: str, notes: Notes) -> None:
    """Note what makes the blocks of a body hard to understand."""
    for number, block in enumerate(body, 1):
        field = f"body:{block.get('id') or number}"
        if block.get("type") in PLAIN and isinstance(block.get("value"), str):
            _sentences(block, field, number, notes)
            _paragraphs(str(block["value"]), field, number, notes)
            _blanks(str(block["value"]), field, number, notes)
        elif block.get("type") == "heading" and isinstance(block.get("value"), Mapping):
            _spread(str(block["value"].get("text", "")), field, number, notes)
    _lists(body, notes)
    _terms(body, title, notes)


def sentences_of(line: str) -> Iterator[str]:
    """Yield the sentences of a line; lists of names, which end nowhere, are none."""
    for match in _SENTENCE.finditer(line):
        sentence = match.group().strip()
        parts = _ENUMERATION.split(sentence)
        if sentence and not (len(parts) > 8 and len(sentence) / len(parts) < 12):
            yield sentence


def _sentences(block: Mapping[str, Any], field: str, number: int, notes: Notes) -> None:
    """Tell the longest sentence of a block that is longer than the rules find readable."""
    found = [one for line in block_lines(block) for one in sentences_of(line)]
    too_long = [one for one in found if len(one) > notes.rules.limit("longest_sentence")]
    if too_long:
        longest = max(too_long, key=len)
        notes.note(
            "readability.sentence.long",
            field,
            number,
            shown=longest,
            text=cut(longest),
            length=len(longest),
            limit=notes.rules.limit("longest_sentence"),
            count=len(too_long),
        )


def _paragraphs(value: str, field: str, number: int, notes: Notes) -> None:
    for one in notes.elements(value):
        if one.type != "paragraph":
            continue
        text = " ".join(html_lines(one.html))
        if len(text) > notes.rules.limit("longest_paragraph"):
            limit = notes.rules.limit("longest_paragraph")
            notes.note(
                "readability.paragraph.long",
                field,
                number,
                shown=text[:24],
                text=cut(text),
                length=len(text),
                limit=limit,
            )
        if _DRAWN.match(text):
            notes.note("readability.paragraph.drawn", field, number, shown=text, text=cut(text, 12))


def _blanks(value: str, field: str, number: int, notes: Notes) -> None:
    if _BREAKS.search(value):
        before = html_lines(value[: _BREAKS.search(value).start()])  # type: ignore[union-attr]
        notes.note("readability.blank.lines", field, number, shown=before[-1] if before else "")
    text = "\n".join(html_lines(value))
    if found := _WIDE.search(text):
        around = text[max(found.start() - 6, 0) : found.end() + 6].split("\n")[0].strip()
        notes.note("readability.blank.aligned", field, number, shown=around, text=cut(around))
    _spread(text, field, number, notes)


def _spread(text: str, field: str, number: int, notes: Notes) -> None:
    """A word whose characters were pulled apart: 通　知, 张　三. Search does not find it, a voice spells it."""
    if found := _SPREAD.search(text):
        joined = re.sub(r"[ \u3000\xa0]", "", found.group())
        notes.note("readability.blank.spread", field, number, shown=found.group(), text=found.group(), joined=joined)


def _lists(body: Sequence[Mapping[str, Any]], notes: Notes) -> None:
    """Lines in a row that begin with a number or a dot, typed by hand where a list would say how many there are."""
    run: list[tuple[str, int, str]] = []

    def end() -> None:
        if len(run) >= notes.rules.limit("least_listed"):
            field, number, text = run[0]
            notes.note("readability.list.typed", field, number, shown=text, text=cut(text, 12), count=len(run))
        run.clear()

    for number, block in enumerate(body, 1):
        if block.get("type") != "paragraph" or not isinstance(block.get("value"), str):
            end()
            continue
        for line in html_lines(str(block["value"])):
            short = len(line) <= notes.rules.limit("longest_listed")
            if short and _NUMBERED.match(line) and not _DRAWN.match(line):
                run.append((f"body:{block.get('id') or number}", number, line))
            else:
                end()
    end()


def _terms(body: Sequence[Mapping[str, Any]], title: str, notes: Notes) -> None:
    """Abbreviations in letters, and terms in figures between quotation marks, that are explained nowhere."""
    whole = "\n".join([title, *(line for block in body for line in block_lines(block))])
    known: dict[str, bool] = dict.fromkeys(notes.rules.known_terms, True)
    letters: dict[str, tuple[str, int]] = {}
    slogans: dict[str, tuple[str, int]] = {}

    def unexplained(word: str) -> bool:
        if word.upper() in notes.rules.known_terms or word not in known and len(known) > MOST_TERMS:
            return False
        if word not in known:
            known[word] = _explained(word, whole)
        return not known[word]

    for number, block in enumerate(body, 1):
        if block.get("type") not in (*PLAIN, "heading"):
            continue  # in tables there is little room for words
        field, text = f"body:{block.get('id') or number}", "\n".join(block_lines(block))
        for found in _LETTERS.finditer(text):
            if unexplained(found.group()):
                letters.setdefault(found.group(), (field, number))
        for found in _SLOGAN.finditer(text):
            if unexplained(found[1]):
                slogans.setdefault(found[1], (field, number))
    for code, least, terms in (
        ("readability.term.letters", "least_letters", letters),
        ("readability.term.figures", "least_slogans", slogans),
    ):
        if terms and len(terms) >= notes.rules.limit(least):
            field, number = next(iter(terms.values()))
            notes.note(code, field, number, shown=next(iter(terms)), texts=listed(terms), count=len(terms))


def _explained(word: str, whole: str) -> bool:
    """Tell whether a term is explained anywhere: PPP（政府和社会资本合作）, …合作（以下简称PPP）, “…”是指…."""
    at = whole.find(word)
    while at >= 0:
        after = whole[at + len(word) : at + len(word) + 4]
        before = whole[max(at - 8, 0) : at]
        if _EXPLAINED.match(after) or re.search(r"[（(](?:以下)?(?:统?简称|英文|即)?[为：:“”]*$", before):
            return True
        at = whole.find(word, at + 1)
    return False
