"""An item's content as it is laid before a signer: the lines above the text, and the attachments with what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.domain.items import AttachmentRef, ItemContent
from gongkai.domain.items.compare import say_value
from gongkai.features.disclosure.models import DirectoryColumn, GateRun, Item
from gongkai.rulebook.disclosure import disclosure_rules

ATTACHMENT = "attachment:"
DIGEST_SHOWN = 12
TONES = {"L1": "red", "L2": "red", "L3": "yellow", "L4": "blue"}


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What the gate found in an attachment, in words."""

    grade: str
    text: str

    @property
    def tone(self) -> str:
        """Return the colour of the grade."""
        return TONES.get(self.grade, "grey")


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment; ``checked`` tells whether the gate looked through it in this content."""

    ref: AttachmentRef
    checked: bool
    findings: tuple[FileFinding, ...]

    @property
    def title(self) -> str:
        """Return what readers see."""
        return self.ref.title or self.ref.name


def meta_rows(*, content: ItemContent, item: Item) -> list[tuple[str, str]]:
    """Return the lines above the text as label and value; what is empty is left out, attribute and ground never."""
    rules = disclosure_rules()
    kind = rules.kinds.get(content.kind)
    grounds = [rules.grounds[code].label if code in rules.grounds else code for code in content.grounds]
    attribute = dict(Item.Attribute.choices).get(content.attribute, "")
    rows = [
        ("信息种类", kind.name if kind else content.kind),
        ("索引号", item.index_no or ""),
        ("发文字号", content.doc_no),
        ("制作单位", content.issuer.name if content.issuer else ""),
        ("联合发文", "、".join(unit.name for unit in content.joint)),
        ("发布单位", item.unit.display_name),
        ("成文日期", day_words(content.written_on)),
        ("印发日期", day_words(content.issued_on)),
        ("施行日期", day_words(content.effective_on)),
        ("失效日期", day_words(content.expires_on)),
        ("主题分类", rules.subject_path(content.subject) if content.subject else ""),
        ("栏目", "、".join(column_names(content.columns))),
        ("关键词", "、".join(content.keywords)),
        ("内容概述", content.summary),
    ]
    found = [(label, value) for label, value in rows if value]
    found.append(("公开属性", attribute or "没有确定"))
    found.append(("依据", "\n".join([*grounds, content.ground_note]).strip() or "没有填写"))
    return found


def column_names(codes: Iterable[str]) -> list[str]:
    """Return the names of columns in the order of the codes; an unknown code stands for itself (one query)."""
    wanted = list(codes)
    names = dict(DirectoryColumn.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}
    return [names.get(code, code) for code in wanted]


def value_words(name: str, value: Any) -> str:
    """Return a field's value in words where it is kept as a code; other values as they stand."""
    rules = disclosure_rules()
    if name == "attribute":
        return dict(Item.Attribute.choices).get(str(value), str(value or ""))
    if name == "kind":
        return rules.kinds[value].name if value in rules.kinds else str(value)
    if name == "subject":
        return rules.subject_path(str(value)) if value else ""
    if name == "columns":
        return "、".join(column_names(value or ()))
    if name == "grounds":
        return "、".join(rules.grounds[code].label if code in rules.grounds else str(code) for code in value or ())
    return say_value(value)


def day_words(day: date | None) -> str:
    """Return 2026年3月2日, empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def files_of(*, content: ItemContent, run: GateRun | None) -> list[FileView]:
    """Return the attachments with what a run of the gate over the same content found in them."""
    found: dict[str, list[FileFinding]] = {}
    issues: list[dict[str, Any]] = run.issues if run is not None else []
    for issue in issues:
        found.setdefault(str(issue.get("field")), []).append(
            FileFinding(str(issue.get("grade")), str(issue.get("sentence")))
        )
    return [
        FileView(ref, run is not None, tuple(found.get(f"{ATTACHMENT}{ref.file_id}", ())))
        for ref in content.attachments
    ]


def short_digest(digest: str) -> str:
    """Return the first digits of a digest in groups of four, enough to compare by eye."""
    return " ".join(digest[start : start + 4] for start in range(0, DIGEST_SHOWN, 4))
