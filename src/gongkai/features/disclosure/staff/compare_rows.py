"""A comparison of two versions in rows for the page: fields in Chinese, values as they are read, attachments in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.domain.items.compare import AttachmentChange, Comparison, LineChange, Piece, say_value
from gongkai.domain.items.fields import FIELD_NAMES
from gongkai.features.disclosure.staff.edit_options import ATTRIBUTE_NAMES
from gongkai.rulebook.disclosure import disclosure_rules

FIELD_LABELS: Mapping[str, str] = FIELD_NAMES
ATTACHMENT_WORDS = {
    "added": ("新增", "green"),
    "removed": ("移除", "red"),
    "replaced": ("换了文件", "yellow"),
    "renamed": ("改了标题或替代文字", "blue"),
    "moved": ("移动了位置", "grey"),
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field that differs: its name, both values in words, and for texts the pieces."""

    name: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment that differs: what happened to it, in words and a tone."""

    words: str
    tone: str
    before: str
    after: str


def field_rows(comparison: Comparison) -> list[FieldRow]:
    """Return the fields that differ, in words."""
    return [
        FieldRow(
            change.field,
            FIELD_LABELS.get(change.field, change.field),
            value_words(change.field, change.before),
            value_words(change.field, change.after),
            change.pieces if change.field in ("title", "summary", "ground_note") else (),
        )
        for change in comparison.fields
    ]


def attachment_rows(comparison: Comparison) -> list[AttachmentRow]:
    """Return the attachments that differ, in words."""
    return [_attachment(change) for change in comparison.attachments]


def _attachment(change: AttachmentChange) -> AttachmentRow:
    words, tone = ATTACHMENT_WORDS[change.op]
    return AttachmentRow(words, tone, *(_named(one) for one in (change.before, change.after)))


def _named(one: Any) -> str:
    if one is None:
        return ""
    return f"{one.title}（{one.name}）" if one.title and one.title != one.name else str(one.name)


def value_words(field: str, value: Any) -> str:
    """Return a field's value as a person reads it: codes become names."""
    rules = disclosure_rules()
    if field == "kind":
        return rules.kinds[value].name if value in rules.kinds else str(value)
    if field == "attribute":
        return ATTRIBUTE_NAMES.get(value, "未确定")
    if field == "subject":
        return rules.subject_path(value).replace("\\", "＞") if value else ""
    if field == "grounds":
        return "；".join(rules.grounds[code].label if code in rules.grounds else code for code in value)
    if field == "columns":
        return "、".join(rules.columns[code].name if code in rules.columns else code for code in value)
    return say_value(value)


AROUND = 2
"""How many unchanged lines are shown on either side of a changed one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the body in a comparison; ``folded`` counts unchanged lines left out in its place."""

    change: LineChange | None
    folded: int = 0


def folded(lines: Sequence[LineChange], *, whole: bool = False) -> list[Line]:
    """Return the lines with long unchanged runs left out (unless ``whole``), a few kept around each change."""
    changed = [number for number, line in enumerate(lines) if line.op != "same"]
    near = {place for number in changed for place in range(number - AROUND, number + AROUND + 1)}
    result: list[Line] = []
    skipped = 0
    for number, line in enumerate(lines):
        if not whole and number not in near:
            skipped += 1
            continue
        if skipped:
            result.append(Line(None, skipped))
            skipped = 0
        result.append(Line(line))
    if skipped:
        result.append(Line(None, skipped))
    return result
