"""Two versions of an item side by side: field by field, the body word by word, the attachments by their bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any, Literal

from gongkai.domain.items.content import AttachmentRef, ItemContent, UnitRef, block_lines

Op = Literal["same", "added", "removed"]
BODY_FIELDS = ("body", "attachments")
LONGEST_DIFF = 4000
"""Tokens of one paragraph up to which it is compared word by word; a technical bound against quadratic time."""
_SAME: tuple[Callable[[AttachmentRef, AttachmentRef], bool], ...] = (
    lambda a, b: a.file_id == b.file_id,
    lambda a, b: a.sha256 == b.sha256,
    lambda a, b: a.name == b.name,
)
_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)*%?|[ \t]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is in both versions, or only in the newer (added) or older (removed) one."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its name and both values as plain JSON data, and for texts the pieces."""

    field: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line of the body: same, added, removed, or changed with its pieces (``op`` is changed then)."""

    op: Literal["same", "added", "removed", "changed"]
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """Return the line as it was, empty when it was added."""
        return "".join(piece.text for piece in self.pieces if piece.op != "added")

    @property
    def after(self) -> str:
        """Return the line as it is, empty when it was removed."""
        return "".join(piece.text for piece in self.pieces if piece.op != "removed")


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """An attachment that was added, removed, replaced (other bytes), renamed (title or alternative text) or moved."""

    op: Literal["added", "removed", "replaced", "renamed", "moved"]
    before: AttachmentRef | None
    after: AttachmentRef | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything in which two versions differ; ``same`` when they are one and the same content."""

    same: bool
    fields: tuple[FieldChange, ...]
    body: tuple[LineChange, ...]
    attachments: tuple[AttachmentChange, ...]

    @property
    def body_changed(self) -> bool:
        """Tell whether any line of the body differs."""
        return any(line.op != "same" for line in self.body)


def compare(before: ItemContent, after: ItemContent) -> Comparison:
    """Compare two versions, the older first."""
    old, new = before.as_data(), after.as_data()
    changes = tuple(
        FieldChange(f.name, old[f.name], new[f.name], _text_pieces(old[f.name], new[f.name]))
        for f in fields(ItemContent)
        if f.name not in BODY_FIELDS and old[f.name] != new[f.name]
    )
    return Comparison(
        same=before.digest() == after.digest(),
        fields=changes,
        body=compare_lines(body_lines(before), body_lines(after)),
        attachments=compare_attachments(before.attachments, after.attachments),
    )


def body_lines(content: ItemContent) -> list[str]:
    """Return the body as lines a reader sees; a picture is told by its digest too, so that another one is a change."""
    lines: list[str] = []
    for block in content.body:
        value = block.get("value")
        if block.get("type") == "image" and isinstance(value, Mapping):
            lines.append(f"［图片 {str(value.get('sha256', ''))[:12]}］")
        lines.extend(line for line in block_lines(block) if line)
    return lines


def compare_lines(before: Sequence[str], after: Sequence[str]) -> tuple[LineChange, ...]:
    """Compare line by line; lines that take each other's place are compared word by word."""
    result: list[LineChange] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            result += [LineChange("same", (Piece("same", line),)) for line in before[i1:i2]]
            continue
        paired = min(i2 - i1, j2 - j1)
        for offset in range(paired):
            old, new = before[i1 + offset], after[j1 + offset]
            result.append(LineChange("changed", compare_words(old, new)))
        result += [LineChange("removed", (Piece("removed", line),)) for line in before[i1 + paired : i2]]
        result += [LineChange("added", (Piece("added", line),)) for line in after[j1 + paired : j2]]
    return tuple(result)


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts by Chinese characters, words of letters and whole numbers."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) > LONGEST_DIFF or len(new) > LONGEST_DIFF:
        whole = (Piece("removed", before), Piece("added", after)) if before != after else (Piece("same", before),)
        return tuple(piece for piece in whole if piece.text)
    pieces: list[Piece] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(new[j1:j2])))
    return tuple(pieces)


def compare_attachments(
    before: Sequence[AttachmentRef], after: Sequence[AttachmentRef]
) -> tuple[AttachmentChange, ...]:
    """Compare attachments: the same file by its id or, failing that, by its bytes or its name."""
    left = list(before)
    pairs: list[tuple[AttachmentRef | None, AttachmentRef]] = [(None, one) for one in after]
    for same in _SAME:
        for place, (match, one) in enumerate(pairs):
            if match is None:
                found = next((other for other in left if same(other, one)), None)
                if found is not None:
                    left.remove(found)
                    pairs[place] = (found, one)
    changes = [AttachmentChange("removed", one, None) for one in left]
    order = [one for one in before if one not in left]
    kept = [match for match, _ in pairs if match is not None]
    for match, one in pairs:
        if match is None:
            changes.append(AttachmentChange("added", None, one))
        elif match.sha256 != one.sha256:
            changes.append(AttachmentChange("replaced", match, one))
        elif (match.name, match.title, match.alt) != (one.name, one.title, one.alt):
            changes.append(AttachmentChange("renamed", match, one))
        elif order.index(match) != kept.index(match):
            changes.append(AttachmentChange("moved", match, one))
    return tuple(changes)


def say_value(value: Any) -> str:
    """Return a field's value in one line of text, for tables of changes; dates stay ISO, lists are joined."""
    if isinstance(value, UnitRef):
        return value.name
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    if isinstance(value, (list, tuple)):
        return "、".join(say_value(one) for one in value)
    return "" if value is None else str(value)


def _text_pieces(before: Any, after: Any) -> tuple[Piece, ...]:
    return compare_words(before, after) if isinstance(before, str) and isinstance(after, str) else ()
