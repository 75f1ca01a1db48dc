"""From a document to the body of an item: headings, paragraphs, lists and tables. No text is lost on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.domain.document import Document, Paragraph, Table
from gongkai.domain.intake.frame import ANNEX
from gongkai.domain.intake.lines import bare, cells_of, is_noise, joined
from gongkai.domain.intake.model import Proposals

_LEVELS = (
    (re.compile(r"^(?:第[一二三四五六七八九十百]{1,4}[章编]|[一二三四五六七八九十]{1,3}[、．.])"), 2, 40),
    (re.compile(r"^(?:[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百]{1,4}节)"), 3, 36),
    (re.compile(r"^[0-9]{1,2}[.．、](?![0-9])"), 4, 30),
)
_STARTS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.．、](?![0-9])|第[一二三四五六七八九十百]{1,5}[章节条编]"
    r"|附\s*件?\s*[0-9]*\s*[:：]?|[①-⑳]|[•·●○■◆]|抄送|[（(]此件|[〔\[【])"
)
_ENDS = tuple("。！？；;：:”》）)】〕.!?")
_FIXED = frozenset({"txt", "pdf", "ofd"})
"""Formats whose lines are broken by the width of the paper."""
_FULL_LINE = 0.8


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of the source that is not in the body; ``part`` says why (see ``Proposal.source``, or ``rule``)."""

    line: int
    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Converted:
    """``blocks`` as in ``ItemContent.body``; ``left_out`` is everything of the source that is not among them."""

    blocks: tuple[Mapping[str, Any], ...]
    left_out: tuple[LeftOut, ...]


def body_of(document: Document, proposals: Proposals) -> Converted:
    """Return the body of a document without the lines that hold nothing but fields.

    Lines that the width of a page broke are joined again; nothing else of the text changes. Text is escaped: it becomes
    HTML of paragraphs.
    """
    frame = dict(proposals.frame)
    blocks: list[dict[str, Any]] = []
    left: list[LeftOut] = []
    rows: dict[str, int] = {}
    width = _width(document)
    for block in _unbroken(document, frame, width):
        if isinstance(block, Table):
            _table(block, frame, blocks, left)
            continue
        text = bare(block)
        if not text:
            continue
        if block.line in frame or is_noise(text):
            left.append(LeftOut(block.line, text, frame.get(block.line, "rule")))
            continue
        if document.format == "txt" and (cells := cells_of(block.text)):
            _row(cells, block.line, blocks, rows)
            continue
        if block.label == "•":
            _item(block.text, blocks)
            continue
        level = _level(block, text)
        if level is not None:
            blocks.append(_block(blocks, "heading", {"text": text, "level": level}))
        else:
            blocks.append(_block(blocks, "paragraph", f"<p>{html.escape(text, quote=False)}</p>"))
    return Converted(blocks=tuple(blocks), left_out=tuple(left))


def _block(blocks: Sequence[Mapping[str, Any]], kind: str, value: Any) -> dict[str, Any]:
    return {"id": f"b{len(blocks) + 1}", "type": kind, "value": value}


def _item(text: str, blocks: list[dict[str, Any]]) -> None:
    """Put a point of a list behind the points before it."""
    entry = f"<li>{html.escape(text.strip(), quote=False)}</li>"
    last = blocks[-1] if blocks else None
    if last is not None and last["type"] == "list":
        last["value"] = last["value"].removesuffix("</ul>") + entry + "</ul>"
    else:
        blocks.append(_block(blocks, "list", f"<ul>{entry}</ul>"))


def _row(cells: Sequence[str], line: int, blocks: list[dict[str, Any]], rows: dict[str, int]) -> None:
    """Put a line of cells parted by tabs below the row on the line before it, or begin a table with it.

    ``rows`` remembers on which line the last row of a table stood.
    """
    last = blocks[-1] if blocks else None
    if last is None or last["type"] != "table" or rows.get(last["id"]) != line - 1:
        last = _block(blocks, "table", {"caption": "", "head": [], "rows": []})
        blocks.append(last)
        last["value"]["head"] = list(cells) if _heads(cells) else []
        last["value"]["rows"] = [] if last["value"]["head"] else [list(cells)]
    else:
        last["value"]["rows"].append(list(cells))
    rows[last["id"]] = line
    value = last["value"]
    width = max(len(value["head"]), *(len(row) for row in value["rows"]), 0) if value["rows"] else len(value["head"])
    for row in ([value["head"]] if value["head"] else []) + value["rows"]:
        row += [""] * (width - len(row))


def _level(block: Paragraph, text: str) -> int | None:
    """Return the level of a heading: the document's own, or the one its number has in official documents."""
    if text[-1] in "。；;，,、：:" or "。" in text:
        return None
    if ANNEX.match(text):
        return 2
    for pattern, level, longest in _LEVELS:
        if pattern.match(text):
            return level if len(text) <= longest or block.heading is not None else None
    marked = re.match(r"^\s*(#{1,6})\s", block.text)
    own = len(marked.group(1)) if marked else block.heading
    return None if own is None or len(text) > 100 else min(max(own, 2), 4)


def _width(document: Document) -> int:
    """Return how many characters a full line of a paged or plain text has; 0 where lines are not broken by width."""
    if document.format not in _FIXED:
        return 0
    lengths = sorted(len(p.text.strip()) for p in document.paragraphs() if p.text.strip())
    if not lengths:
        return 0
    if document.format == "txt":
        # Plain text that was exported has whole paragraphs on a line; only a text of short lines was broken.
        return lengths[-1] if lengths[-1] <= 60 else 0
    return lengths[int(len(lengths) * 0.9)]


def _unbroken(document: Document, frame: Mapping[int, str], width: int) -> list[Paragraph | Table]:
    out: list[Paragraph | Table] = []
    for block in document.blocks:
        before = out[-1] if out else None
        if isinstance(block, Table) or not isinstance(before, Paragraph) or not width:
            out.append(block)
            continue
        if not block.text.strip():
            if document.format == "txt":
                out.append(block)  # an empty line ends a paragraph
            continue
        if block.line in frame or before.line in frame or is_noise(bare(block)) or is_noise(bare(before)):
            out.append(block)
        elif _goes_on(before.text, block, width):
            text = joined([before.text.rstrip(), block.text.strip()])
            indent = before.text[: len(before.text) - len(before.text.lstrip())]
            out[-1] = Paragraph(indent + text.strip(), before.line, before.label, before.heading, before.page)
        else:
            out.append(block)
    return out


def _goes_on(before: str, block: Paragraph, width: int) -> bool:
    """Tell whether a line continues the one before it: that one is full and its sentence open, this one begins nothing."""
    last = before.strip()
    if not last or "\t" in last or block.heading is not None or block.text.startswith(("\u3000", "  ", "\t")):
        return False
    tail = len(last) % width if len(last) > width else len(last)
    full = tail >= _FULL_LINE * width or tail == 0 or len(last) > width
    return full and not last.endswith(_ENDS) and not _STARTS.match(block.text.strip())


def _table(table: Table, frame: Mapping[int, str], blocks: list[dict[str, Any]], left: list[LeftOut]) -> None:
    rows = []
    for r, row in enumerate(table.rows):
        own = [text if table.origins[r][c] == (r, c) else "" for c, text in enumerate(row)]
        if table.lines[r] in frame and any(own):
            left.append(LeftOut(table.lines[r], "\t".join(text for text in own if text), frame[table.lines[r]]))
        elif any(row):
            rows.append((r, row, own))
    if not rows:
        return
    caption = ""
    first, texts, own = rows[0]
    if len(rows) > 1 and len({table.origins[first][c] for c in range(len(texts))}) == 1 and len(texts) > 1:
        caption, rows = texts[0], rows[1:]
    head: list[str] = []
    if len(rows) > 1 and _heads(rows[0][1]):
        head, rows = list(rows[0][2]), rows[1:]
    value = {"caption": caption, "head": head, "rows": [_filled(table, r, row) for r, row, _ in rows]}
    blocks.append(_block(blocks, "table", value))


def _heads(row: Sequence[str]) -> bool:
    texts = {text for text in row if text}
    return len(texts) >= 2 and all(len(text) <= 30 and not re.search("[0-9]{5}", text) for text in texts)


def _filled(table: Table, r: int, row: Sequence[str]) -> list[str]:
    """Return a row in which a cell merged downward is said again, one merged to the right only once."""
    return ["" if c and table.origins[r][c] == table.origins[r][c - 1] else text for c, text in enumerate(row)]
