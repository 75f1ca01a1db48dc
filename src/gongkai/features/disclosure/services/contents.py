"""Making what an editor, a form or an import brings into a content that may be kept: clean, whole, every fault told.

HTML is cut down to the few tags a body may have (nh3); control characters go; blocks get ids. What cannot be mended is
told, all of it at once.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import nh3

from gongkai.domain.identifiers import parse_doc_no
from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent, UnitRef
from gongkai.domain.items.content import BLOCK_TYPES, html_lines
from gongkai.domain.items.fields import FIELD_NAMES
from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules

TAGS = {"p", "b", "i", "a", "br", "sub", "sup", "ul", "ol", "li"}
SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST_TITLE = 300
LONGEST_SUMMARY = 2000
LONGEST_NUMBER = 100
MOST_BLOCKS = 5000
MOST_KEYWORDS = 30
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a body as JSON; a technical bound, some twelve hundred pages."""
BLOCK_NAMES = {
    "heading": "小标题",
    "paragraph": "段落",
    "list": "列表",
    "quote": "引文",
    "table": "表格",
    "image": "图片",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\u2028\u2029]")
_STRONG = re.compile(r"<(/?)(strong|em)\b[^>]*>", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def clean_text(text: object, *, lines: bool = True) -> str:
    """Return a text without control characters, in NFC; without ``lines`` on one line."""
    cleaned = unicodedata.normalize("NFC", _CONTROL.sub("", "" if text is None else str(text)))
    return cleaned.strip() if lines else " ".join(cleaned.split())


def clean_html(source: object) -> str:
    """Return HTML with the few tags a body may have; scripts and styles go with their content."""
    text = _STRONG.sub(lambda m: f"<{m[1]}{'b' if m[2].lower() == 'strong' else 'i'}>", clean_text(source))
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Leave out addresses that take over the scheme of the page and may lead anywhere."""
    return None if value.lstrip().startswith(("//", "\\")) else value


def clean_content(content: ItemContent, *, item_id: int | None) -> tuple[ItemContent, list[Issue]]:
    """Return the content as it may be kept, and everything that cannot be mended.

    Pictures have to be files of the item ``item_id``; units, columns, kinds and subjects have to exist.
    """
    issues: list[Issue] = []
    doc_no = clean_text(content.doc_no, lines=False)
    parsed = parse_doc_no(doc_no)
    cleaned = replace(
        content,
        kind=clean_text(content.kind, lines=False),
        title=clean_text(content.title, lines=False),
        summary=clean_text(content.summary),
        doc_no=str(parsed) if parsed else doc_no,
        subject=clean_text(content.subject, lines=False),
        keywords=_words(content.keywords),
        columns=tuple(dict.fromkeys(clean_text(code, lines=False) for code in content.columns)),
        body=_blocks(content.body, item_id, issues),
        issuer=_unit(content.issuer),
        joint=tuple(unit for one in content.joint if (unit := _unit(one)) is not None),
        attachments=tuple(
            replace(one, title=clean_text(one.title, lines=False), alt=clean_text(one.alt))
            for one in content.attachments
        ),
    )
    issues[:0] = _field_issues(cleaned)
    return cleaned, issues


def _words(words: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for one in words if (word := clean_text(one, lines=False))))


def _unit(unit: UnitRef | None) -> UnitRef | None:
    if unit is None:
        return None
    name = clean_text(unit.name, lines=False)
    return UnitRef(unit.id, name) if name or unit.id is not None else None


def _field_issues(content: ItemContent) -> list[Issue]:
    rules = disclosure_rules()
    issues: list[Issue] = []
    if not content.title:
        issues.append(Issue("disclosure.title.missing", field="title"))
    for name, text, most in (
        ("title", content.title, LONGEST_TITLE),
        ("summary", content.summary, LONGEST_SUMMARY),
        ("doc_no", content.doc_no, LONGEST_NUMBER),
    ):
        if len(text) > most:
            values: dict[str, object] = {"what": FIELD_NAMES[name], "limit": most, "length": len(text)}
            issues.append(Issue("disclosure.text.too_long", field=name, values=values))
    if content.kind not in rules.kinds:
        issues.append(Issue("disclosure.kind.unknown", field="kind", values={"kind": content.kind}))
    if content.subject and content.subject not in rules.subjects:
        issues.append(Issue("disclosure.subject.unknown", field="subject", values={"subject": content.subject}))
    if len(content.keywords) > MOST_KEYWORDS:
        issues.append(Issue("disclosure.keywords.too_many", field="keywords", values={"limit": MOST_KEYWORDS}))
    if content.effective_on and content.expires_on and content.expires_on < content.effective_on:
        values = {"effective": content.effective_on.isoformat(), "expires": content.expires_on.isoformat()}
        issues.append(Issue("disclosure.dates.expires_first", field="expires_on", values=values))
    if content.written_on and content.issued_on and content.issued_on < content.written_on:
        values = {"written": content.written_on.isoformat(), "issued": content.issued_on.isoformat()}
        issues.append(Issue("disclosure.dates.issued_first", field="issued_on", values=values))
    return [*issues, *_reference_issues(content)]


def _reference_issues(content: ItemContent) -> list[Issue]:
    issues: list[Issue] = []
    if content.columns:
        known = set(DirectoryColumn.objects.filter(code__in=content.columns).values_list("code", flat=True))
        issues += [
            Issue("disclosure.column.unknown", field="columns", values={"column": code})
            for code in content.columns
            if code not in known
        ]
    units = {unit.id: unit for unit in (content.issuer, *content.joint) if unit is not None and unit.id is not None}
    if units:
        known_units = set(Unit.objects.filter(pk__in=units).values_list("pk", flat=True))
        issues += [
            Issue("disclosure.unit.unknown", field="issuer", values={"unit": unit.name or unit.id})
            for unit_id, unit in units.items()
            if unit_id not in known_units
        ]
    return issues


def _blocks(blocks: Iterable[Any], item_id: int | None, issues: list[Issue]) -> tuple[Mapping[str, Any], ...]:
    given = list(blocks)
    if len(given) > MOST_BLOCKS:
        issues.append(Issue("disclosure.body.too_many_blocks", field="body", values={"limit": MOST_BLOCKS}))
        given = given[:MOST_BLOCKS]
    files = _pictures(given, item_id)
    used = {str(b["id"]) for b in given if isinstance(b, Mapping) and _ID.fullmatch(str(b.get("id") or ""))}
    seen: set[str] = set()
    result: list[Mapping[str, Any]] = []
    for number, block in enumerate(given, 1):
        if not isinstance(block, Mapping) or block.get("type") not in BLOCK_TYPES:
            issues.append(Issue("disclosure.block.unknown", field="body", values={"number": number}))
            continue
        kind = str(block["type"])
        value = _value(kind, block.get("value"), number, files, issues)
        if value is None:
            continue
        name = str(block.get("id") or "")
        if not _ID.fullmatch(name) or name in seen:
            name = next(f"b{n}" for n in range(number, number + len(given) + len(used) + 1) if f"b{n}" not in used)
            used.add(name)
        seen.add(name)
        result.append({"id": name, "type": kind, "value": value})
    size = len(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace"))
    if size > LARGEST_BODY:
        issues.append(Issue("disclosure.body.too_large", field="body", values={"limit": LARGEST_BODY // 1024 // 1024}))
    return tuple(result)


def _pictures(blocks: Iterable[Any], item_id: int | None) -> dict[int, StoredFile]:
    wanted = []
    for block in blocks:
        value = block.get("value") if isinstance(block, Mapping) and block.get("type") == "image" else None
        if isinstance(value, Mapping) and isinstance(value.get("file_id"), int):
            wanted.append(value["file_id"])
    if not wanted or item_id is None:
        return {}
    found = StoredFile.objects.filter(pk__in=wanted, target_type="disclosure.item", target_id=str(item_id))
    return {file.pk: file for file in found}


def _value(kind: str, value: Any, number: int, files: Mapping[int, StoredFile], issues: list[Issue]) -> Any:
    """Return a block's value as it may be kept; None where it is empty or cannot be mended (then told)."""
    if kind in ("paragraph", "list", "quote"):
        if not isinstance(value, str):
            issues.append(_bad(kind, number))
            return None
        cleaned = clean_html(value)
        return cleaned if html_lines(cleaned) else None
    if not isinstance(value, Mapping):
        issues.append(_bad(kind, number))
        return None
    if kind == "heading":
        text, level = clean_text(value.get("text"), lines=False), value.get("level")
        if level not in (2, 3, 4):
            issues.append(Issue("disclosure.block.level", field="body", values={"number": number}))
            return None
        return {"text": text, "level": level} if text else None
    if kind == "table":
        return _table(value, number, issues)
    file = files.get(value["file_id"]) if isinstance(value.get("file_id"), int) else None
    if file is None:
        issues.append(Issue("disclosure.block.picture", field="body", values={"number": number}))
        return None
    return {
        "file_id": file.pk,
        "sha256": file.sha256,
        "alt": clean_text(value.get("alt")),
        "caption": clean_text(value.get("caption"), lines=False),
    }


def _table(value: Mapping[str, Any], number: int, issues: list[Issue]) -> dict[str, Any] | None:
    head, rows = value.get("head") or [], value.get("rows") or []
    if not isinstance(head, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in rows):
        issues.append(_bad("table", number))
        return None
    width = max((len(row) for row in (head, *rows)), default=0)
    if not width:
        issues.append(Issue("disclosure.block.empty_table", field="body", values={"number": number}))
        return None
    lines = [[clean_text(cell) for cell in row] + [""] * (width - len(row)) for row in (head, *rows)]
    return {
        "caption": clean_text(value.get("caption"), lines=False),
        "head": lines[0] if head else [],
        "rows": lines[1:],
    }


def _bad(kind: str, number: int) -> Issue:
    return Issue("disclosure.block.form", field="body", values={"number": number, "kind": BLOCK_NAMES[kind]})
