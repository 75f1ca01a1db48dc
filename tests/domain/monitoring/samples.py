"""Blocks of bodies, and the rules they are read with."""

from __future__ import annotations

from typing import Any

from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef
from gongkai.domain.monitoring import ReadingRules, read_over
from gongkai.rulebook.accessibility import reading_rules

RULES: ReadingRules = reading_rules(longest_sentence=60, vague_link_texts=["点击这里", "详情", "查看"])
Block = dict[str, Any]


def p(inner: str) -> Block:
    return {"type": "paragraph", "value": f"<p>{inner}</p>"}


def h(text: str, level: int = 2) -> Block:
    return {"type": "heading", "value": {"text": text, "level": level}}


def image(alt: str = "防汛演练现场", caption: str = "") -> Block:
    return {"type": "image", "value": {"file_id": 8, "sha256": "b" * 64, "alt": alt, "caption": caption}}


def table(head: list[str], *rows: list[str], caption: str = "") -> Block:
    return {"type": "table", "value": {"caption": caption, "head": head, "rows": list(rows)}}


def file(title: str, name: str = "a.docx") -> AttachmentRef:
    return AttachmentRef(7, "a" * 64, name, 100, "application/octet-stream", title=title)


def read(*blocks: Block, title: str = "", attachments: tuple[AttachmentRef, ...] = ()) -> tuple[Issue, ...]:
    body = [{"id": f"b{number}", **block} for number, block in enumerate(blocks, 1)]
    return read_over(body, title=title, attachments=attachments, rules=RULES)


def codes(*blocks: Block, **more: Any) -> list[str]:
    return [one.code.partition(".")[2] for one in read(*blocks, **more)]
