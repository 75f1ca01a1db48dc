"""Attachments: whether they can be handed to the public at all, and what was found in them."""

from __future__ import annotations

from gongkai.domain.gate.facts import AttachmentFacts, AttachmentState, ReleaseFacts
from gongkai.domain.gate.issues import Collector
from gongkai.domain.items.content import AttachmentRef

_PARTLY = {
    "content.embedded_not_read": "gate.attachment.embedded_not_read",
    "content.picture_not_read": "gate.attachment.picture_not_read",
    "document.docx.pictures": "gate.attachment.pictures_inside",
    "document.ofd.pictures": "gate.attachment.pictures_inside",
    "document.docx.objects": "gate.attachment.partly_read",
    "document.docx.chunks": "gate.attachment.partly_read",
    "document.xlsx.charts": "gate.attachment.partly_read",
    "document.pdf.pages_without_text": "gate.attachment.partly_read",
    "document.pdf.unreadable_text": "gate.attachment.partly_read",
    "document.ofd.annotations": "gate.attachment.partly_read",
    "document.ofd.attachments": "gate.attachment.partly_read",
    "document.ofd.hidden_text": "gate.attachment.partly_read",
    "document.txt.broken_characters": "gate.attachment.partly_read",
}
"""What a check tells of a file that it could read only in part, and the check of the gate that judges it."""


def check_attachments(facts: ReleaseFacts, collector: Collector) -> None:
    """Check every attachment and picture: state, findings, what was not looked at, words for pictures, files given twice."""
    known = {attachment.ref.sha256: attachment for attachment in facts.attachments}
    seen: dict[str, str] = {}
    for ref in facts.content.attachments:
        field = f"attachment:{ref.file_id}"
        place = f"附件《{ref.title or ref.name}》"
        if ref.sha256 in seen:
            collector.note("gate.attachment.twice", field, place=place, name=ref.name, other=seen[ref.sha256])
            continue
        seen[ref.sha256] = ref.name
        # Not gathered is not looked at: the gate never takes silence for a clean file.
        _file(known.get(ref.sha256) or AttachmentFacts(ref, AttachmentState.NOT_READ), collector, field, place)
        if ref.media_type.startswith("image/") and not ref.alt.strip():
            collector.note("gate.attachment.no_alt", field, place=place, name=ref.name)
    for number, block in enumerate(facts.content.body, 1):
        if block.get("type") != "image":
            continue
        key, place = str(block.get("id", number)), f"正文第 {number} 段的图片"
        value = block.get("value")
        picture = facts.pictures.get(key)
        if picture is None:
            ref = AttachmentRef(0, str(value.get("sha256", "")) if isinstance(value, dict) else "", "图片", 0, "")
            picture = AttachmentFacts(ref, AttachmentState.GONE)
        _file(picture, collector, f"body:{key}", place)


def _file(file: AttachmentFacts, collector: Collector, field: str, place: str) -> None:
    ref = file.ref
    if file.state is not AttachmentState.READ:
        code = f"gate.attachment.{file.state.value}"
        collector.note(code, field, place=place, marks=(ref.sha256,), name=ref.name)
    for found in file.found:
        collector.note_found(found)
    if file.more:
        collector.note("gate.attachment.more", field, place=place, marks=(ref.sha256,), name=ref.name, count=file.more)
    partly = {(_PARTLY[i.code], str(i.values.get("part", ""))) for i in file.issues if i.code in _PARTLY}
    for code, part in sorted(partly):
        collector.note(code, field, place=place, marks=(ref.sha256, part), name=ref.name, part=part)
