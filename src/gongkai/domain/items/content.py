"""The content of an item as one value, and the digest that names exactly this content.

A signature, a gate run and a publication carry the digest; whatever would change what the public reads changes it:
a letter of the body, an attachment's bytes, the attribute, a ground.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

FORM = "gongkai.item.v1"
"""Names the canonical form; a later form gets another name, so that old digests can be computed for ever."""
BLOCK_TYPES = ("heading", "paragraph", "list", "quote", "table", "image")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
_LINE_TAGS = frozenset({"p", "li", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "blockquote"})


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """A file that is published with the item; ``sha256`` names its bytes, ``size`` counts them.

    ``title`` is what readers see instead of the file name, ``alt`` the alternative text of a picture.
    """

    file_id: int
    sha256: str
    name: str
    size: int
    media_type: str
    title: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit that issues the item: its id (None for one outside this installation) and the name it issued under."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Everything of an item that is reviewed and published.

    ``body`` is a sequence of blocks ``{"id", "type", "value"}`` with a type of ``BLOCK_TYPES``; ``issuer`` the issuing
    unit, ``joint`` the units that issue with it; ``doc_no`` the document number in its one correct form or as it stands.
    The day of writing (成文日期) and the day of issue (印发日期) are kept apart; the day of publication is the
    publication's. ``subject`` is a code of the subject classes, ``columns`` codes of the directory's columns, ``grounds``
    codes of grounds in the rulebook.
    """

    kind: str
    title: str
    body: tuple[Mapping[str, Any], ...] = ()
    summary: str = ""
    issuer: UnitRef | None = None
    joint: tuple[UnitRef, ...] = ()
    doc_no: str = ""
    written_on: date | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    subject: str = ""
    keywords: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    attachments: tuple[AttachmentRef, ...] = ()
    attribute: str = ""
    grounds: tuple[str, ...] = ()
    ground_note: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the content as plain JSON data; ``from_data`` reads it back."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ItemContent:
        """Read what ``as_data`` wrote; keys that are missing are empty, unknown keys are left out."""
        issuer = data.get("issuer")
        return cls(
            kind=str(data.get("kind") or ""),
            title=str(data.get("title") or ""),
            body=tuple(dict(block) for block in data.get("body") or ()),
            summary=str(data.get("summary") or ""),
            issuer=UnitRef(**issuer) if issuer else None,
            joint=tuple(UnitRef(**unit) for unit in data.get("joint") or ()),
            doc_no=str(data.get("doc_no") or ""),
            written_on=_day(data.get("written_on")),
            issued_on=_day(data.get("issued_on")),
            effective_on=_day(data.get("effective_on")),
            expires_on=_day(data.get("expires_on")),
            subject=str(data.get("subject") or ""),
            keywords=tuple(data.get("keywords") or ()),
            columns=tuple(data.get("columns") or ()),
            attachments=tuple(AttachmentRef(**file) for file in data.get("attachments") or ()),
            attribute=str(data.get("attribute") or ""),
            grounds=tuple(data.get("grounds") or ()),
            ground_note=str(data.get("ground_note") or ""),
        )

    def canonical(self) -> bytes:
        """Return the one sequence of bytes that the digest is taken over: form name, line break, JSON in NFC."""
        text = json.dumps(self.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return f"{FORM}\n{unicodedata.normalize('NFC', text)}".encode()

    def digest(self) -> str:
        """Return SHA-256 of the canonical form, 64 small hexadecimal digits."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def plain_text(self) -> str:
        """Return what a reader reads, a line a paragraph, table cells parted by tabs; for search and comparison."""
        lines = [self.title, self.summary]
        for block in self.body:
            lines.extend(block_lines(block))
        return "\n".join(line for line in lines if line)


def block_lines(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the readable lines of one body block."""
    value = block.get("value")
    match block.get("type"):
        case "heading" if isinstance(value, Mapping):
            yield str(value.get("text", ""))
        case "table" if isinstance(value, Mapping):
            yield str(value.get("caption", ""))
            for row in (value.get("head") or [], *(value.get("rows") or [])):
                yield "\t".join(str(cell) for cell in row)
        case "image" if isinstance(value, Mapping):
            yield str(value.get("alt", ""))
            yield str(value.get("caption", ""))
        case _:
            yield from html_lines(value if isinstance(value, str) else "")


def html_lines(source: str) -> list[str]:
    """Return the lines of sanitized HTML as a reader sees them, without tags."""
    broken = _TAG.sub(lambda m: "\n" if m[2].lower() in _LINE_TAGS else "", source)
    return [line for raw in html.unescape(broken).split("\n") if (line := raw.strip())]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):  # nearly all there is; asking abstract classes takes longer
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (AttachmentRef, UnitRef)):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(inner) for inner in value]
    return value


def _day(value: Any) -> date | None:
    if isinstance(value, date) or value is None or value == "":
        return value or None
    return date.fromisoformat(value)
