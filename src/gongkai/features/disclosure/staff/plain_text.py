"""The editor's blocks ⇄ one plain text, for a browser without JavaScript and for people who like to type. Pure.

A line is a paragraph, ``##`` makes a heading, ``- `` and ``1. `` lists, ``> `` a quote. Tables stand between 【表格】 and
【表格结束】 with cells parted by ``|`` or tabs, a picture is 【图片 number】. Marks such as ``<b>`` are written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.domain.items.markup import Element, elements_of, paragraphs
from gongkai.features.disclosure.staff.blocks import Stream

TABLE, TABLE_BARE, TABLE_END = "【表格】", "【表格无表头】", "【表格结束】"
_PICTURE = re.compile(r"^【图片\s*(\d{1,15})】(.*)$")
_HEADING = re.compile(r"^(#{2,4})\s+(.+)$")
_BULLET = re.compile(r"^[-•]\s+(.+)$")
_NUMBERED = re.compile(r"^\d{1,3}\.\s+(.+)$")
_QUOTE = re.compile(r"^>\s?(.*)$")
_ITEM = re.compile(r"<li>(.*?)</li>")


def plain_of(stream: Sequence[tuple[str, Any]]) -> str:
    """Write blocks as plain text; ``stream_of_plain`` reads it back."""
    lines: list[str] = []
    for kind, value in stream:
        if lines and lines[-1]:
            lines.append("")
        if kind == "text":
            for one in elements_of(str(value)):
                lines.extend(_element_lines(one))
        elif kind == "quote":
            lines.extend(f"> {inner}" for inner in paragraphs(str(value)))
        elif kind == "table":
            lines.append((TABLE if value["has_head"] else TABLE_BARE) + value["caption"])
            lines.extend([*str(value["cells"]).split("\n"), TABLE_END])
        elif kind == "image":
            words = "｜".join(filter(None, [value["alt"], value["caption"]]))
            lines.append(f"【图片 {value['file_id']}】{words}")
    return "\n".join(lines)


def stream_of_plain(text: str) -> Stream:
    """Read plain text as blocks. Pure; nothing is refused: what is not a mark is a paragraph."""
    stream: Stream = []
    for kind, value in _pieces(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if kind in ("text", "quote") and stream and stream[-1][0] == kind:
            stream[-1] = (kind, stream[-1][1] + value)
        else:
            stream.append((kind, value))
    return stream


def _element_lines(one: Element) -> list[str]:
    if one.type == "heading":
        return [f"{'#' * one.level} {one.html}"]
    if one.type == "list":
        items = _ITEM.findall(one.html)
        tag = one.html[1:3]
        if one.html == f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>" and "<ul>" not in one.html[4:]:
            return [f"{'-' if tag == 'ul' else f'{number}.'} {item}" for number, item in enumerate(items, 1)]
        return [one.html]
    return [one.html.removeprefix("<p>").removesuffix("</p>")]


def _pieces(lines: list[str]) -> Iterator[tuple[str, Any]]:
    at = 0
    while at < len(lines):
        line = lines[at].strip(" \u3000")
        at += 1
        if line.startswith((TABLE, TABLE_BARE)):
            mark = TABLE if line.startswith(TABLE) else TABLE_BARE
            start = at
            while at < len(lines) and lines[at].strip() != TABLE_END:
                at += 1
            yield "table", _table(line.removeprefix(mark), lines[start:at], has_head=mark == TABLE)
            at += 1
        elif found := _PICTURE.match(line):
            alt, _, caption = found[2].partition("｜")
            yield "image", {"file_id": found[1], "alt": alt, "caption": caption}
        elif found := _QUOTE.match(line):
            yield "quote", f"<p>{found[1]}</p>"
        elif found := _HEADING.match(line):
            yield "text", f"<h{len(found[1])}>{found[2]}</h{len(found[1])}>"
        elif _BULLET.match(line) or _NUMBERED.match(line):
            mark = _BULLET if _BULLET.match(line) else _NUMBERED
            items = []
            at -= 1
            while at < len(lines) and (found := mark.match(lines[at].strip(" \u3000"))):
                items.append(f"<li>{found[1]}</li>")
                at += 1
            tag = "ul" if mark is _BULLET else "ol"
            yield "text", f"<{tag}>{''.join(items)}</{tag}>"
        elif line:
            yield "text", line if line.startswith(("<ul>", "<ol>")) else f"<p>{line}</p>"


def _table(caption: str, lines: list[str], *, has_head: bool) -> Mapping[str, Any]:
    return {"caption": caption.strip(), "cells": "\n".join(lines), "has_head": has_head}
