"""The body of an item ⇄ what the editor holds of it. Pure.

A body is a row of small blocks (a heading, a paragraph, a list, a table …), each with an id that lives as long as the
block. A person writes longer runs of text: everything between two tables, pictures or quotes is one text in the editor.
So the way to the editor joins, and the way back cuts again and finds the blocks that were there before, so that what
nobody touched stays letter for letter, with its id, and the digest of an unchanged body does not change.
"""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from gongkai.domain.items.markup import elements_of, plain_form

TEXT_BLOCKS = frozenset({"heading", "paragraph", "list"})
Block = Mapping[str, Any]
Stream = list[tuple[str, Any]]


def stream_of(body: Iterable[Block]) -> Stream:
    """Return a body as the editor's blocks: ``text`` (HTML), ``table``, ``image``, ``quote``; texts are joined."""
    stream: Stream = []
    for block in body:
        kind, value = block.get("type"), block.get("value")
        if kind in TEXT_BLOCKS:
            piece = _as_html(str(kind), value)
            if stream and stream[-1][0] == "text":
                stream[-1] = ("text", stream[-1][1] + piece)
            else:
                stream.append(("text", piece))
        elif kind == "table" and isinstance(value, Mapping):
            stream.append(("table", table_fields(value)))
        elif kind == "image" and isinstance(value, Mapping):
            stream.append(("image", {key: value.get(key, "") for key in ("file_id", "alt", "caption")}))
        elif kind == "quote":
            stream.append(("quote", str(value or "")))
    return stream


def body_of(
    stream: Iterable[tuple[str, Any]],
    *,
    before: Sequence[Block],
    pictures: Mapping[int, str],
    new_id: Callable[[], str],
) -> tuple[dict[str, Any], ...]:
    """Return the editor's blocks as a body.

    ``before`` is the body the editing started from: blocks that are still there keep id and value. ``pictures`` are the
    digests of the item's pictures by file id; a picture that is not among them is left out. ``new_id`` makes an id.
    """
    return with_ids(blocks_of(stream, pictures=pictures), before=before, new_id=new_id)


def blocks_of(stream: Iterable[tuple[str, Any]], *, pictures: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the editor's blocks cut into those of a body, type and value, without ids; ``pictures`` as ``body_of``."""
    return list(_cut(stream, pictures))


def with_ids(
    blocks: Sequence[Mapping[str, Any]], *, before: Sequence[Block], new_id: Callable[[], str]
) -> tuple[dict[str, Any], ...]:
    """Give each block (type and value) the id of the block it was, or came in the place of, or a new one.

    A block of before whose parts (paragraphs) are all still there, side by side, is taken over as it was.
    """
    old = [(form, owner, part) for owner, block in enumerate(before) for part, form in enumerate(normal_forms(block))]
    size = {owner: part + 1 for _, owner, part in old}
    new = ["\n".join(normal_forms(block)) for block in blocks]
    result: list[dict[str, Any]] = []
    used: set[int] = set()

    def put(block: Mapping[str, Any], owner: int | None) -> None:
        known = before[owner].get("id") if owner is not None and owner not in used else None
        if owner is not None:
            used.add(owner)
        result.append({"id": str(known or new_id()), "type": block["type"], "value": block["value"]})

    matcher = SequenceMatcher(None, [form for form, _, _ in old], new, autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            at = i1
            while at < i2:
                _, owner, part = old[at]
                if part == 0 and at + size[owner] <= i2 and before[owner].get("id"):
                    result.append(dict(before[owner]))
                    used.add(owner)
                    at += size[owner]
                else:
                    put(blocks[j1 + at - i1], owner)
                    at += 1
            continue
        waiting = [owner for _, owner, _ in old[i1:i2]]
        for block in blocks[j1:j2]:
            taken = next((one for one in waiting if one not in used and _alike(before[one], block)), None)
            put(block, taken)
    return tuple(result)


def normal_forms(block: Block) -> list[str]:
    """Return a block's parts, each in a form that is the same for values that read the same; a text has several."""
    kind, value = str(block.get("type")), block.get("value")
    if kind in ("paragraph", "list"):
        return [_form("text", one.html) for one in elements_of(str(value or ""))]
    if kind == "quote":
        return [_form(kind, plain_form(str(value or "")))]
    if kind == "table" and isinstance(value, Mapping):
        return [_form(kind, table_value(**table_fields(value)))]
    if kind == "heading" and isinstance(value, Mapping):
        return [_form(kind, [str(value.get("text", "")).strip(), value.get("level")])]
    if kind == "image" and isinstance(value, Mapping):
        return [_form(kind, [str(value.get(key, "")) for key in ("file_id", "sha256", "alt", "caption")])]
    return [_form(kind, value)]


def _form(kind: str, value: Any) -> str:
    return json.dumps([kind, value], ensure_ascii=False, sort_keys=True)


def _alike(block: Block, other: Block) -> bool:
    same = {"list": "paragraph"}
    return same.get(str(block.get("type")), block.get("type")) == same.get(str(other["type"]), other["type"])


def _as_html(kind: str, value: Any) -> str:
    if kind == "heading" and isinstance(value, Mapping):
        level = value.get("level")
        tag = f"h{level}" if level in (2, 3, 4) else "h2"
        return f"<{tag}>{html.escape(str(value.get('text', '')), quote=False)}</{tag}>"
    return plain_form(str(value or ""))


def _cut(stream: Iterable[tuple[str, Any]], pictures: Mapping[int, str]) -> Iterable[dict[str, Any]]:
    for kind, value in stream:
        if kind == "text":
            for one in elements_of(str(value or "")):
                if one.type == "heading":
                    yield {"type": "heading", "value": {"text": html.unescape(one.html), "level": one.level}}
                else:
                    yield {"type": one.type, "value": one.html}
        elif kind == "quote":
            if words := plain_form(str(value or "")):
                yield {"type": "quote", "value": words}
        elif kind == "table":
            table = table_value(**value)
            if table["head"] or table["rows"]:
                yield {"type": "table", "value": table}
        elif kind == "image":
            file_id = int(value.get("file_id") or 0)
            if file_id in pictures:
                yield {
                    "type": "image",
                    "value": {
                        "file_id": file_id,
                        "sha256": pictures[file_id],
                        "alt": str(value.get("alt") or "").strip(),
                        "caption": str(value.get("caption") or "").strip(),
                    },
                }


# --- Tables: a text box that takes what a spreadsheet gives when cells are copied ------------------------------------


def table_fields(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table as the editor's fields: ``caption``, ``cells`` (parted by tabs, a line a row), ``has_head``."""
    head = [str(cell) for cell in value.get("head") or ()]
    rows = [[str(cell) for cell in row] for row in value.get("rows") or ()]
    return {
        "caption": str(value.get("caption") or ""),
        "cells": cells_text([head, *rows] if head else rows),
        "has_head": bool(head) or not rows,
    }


def table_value(*, caption: str = "", cells: str = "", has_head: bool = True) -> dict[str, Any]:
    """Return the editor's fields as a table: caption, head and rows; every row is as wide as the widest."""
    rows = read_cells(cells or "")
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    head = rows.pop(0) if has_head and rows else []
    return {"caption": (caption or "").strip(), "head": head, "rows": rows}


def cells_text(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as a spreadsheet puts them on the clipboard."""
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return out.getvalue().rstrip("\n")


def read_cells(text: str) -> list[list[str]]:
    """Read cells parted by tabs (or, where there is no tab at all, by ``|``); empty lines and edges are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if "\t" not in text and "|" in text:
        lines = [line.strip().strip("|") for line in text.split("\n") if line.strip()]
        return [[cell.strip() for cell in line.split("|")] for line in lines]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"))
    except csv.Error:  # a cell longer than the reader takes: quotes mean nothing then
        rows = [line.split("\t") for line in text.split("\n")]
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
