"""A page as plain data: what is published of it, its digest, the words to check, and what it shows of others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import nh3
from wagtail.fields import StreamField

from gongkai.domain.release import ALL, ListKey, column_list, unit_list
from gongkai.domain.site.places import PageKind
from gongkai.portal.models.pages import PAGES, SitePage

Content = dict[str, Any]
TAGS = {"h2", "h3", "p", "b", "strong", "i", "em", "ol", "ul", "li", "a", "br"}
_WORDLESS = frozenset({"source", "count", "wide", "icon", "item", "url", "notice_url", "codes", "unit_ids", "picture"})


def content_of(page: SitePage) -> Content:
    """Return what is published of a page: title, slug and the fields of its kind; rows of blocks as lists."""
    data: Content = page.serializable_data()
    return _plain(type(page), data)


def content_of_revision(model: type[SitePage], data: Mapping[str, Any]) -> Content:
    """Return the same of a version that Wagtail keeps."""
    return _plain(model, data)


def _plain(model: type[SitePage], data: Mapping[str, Any]) -> Content:
    found: Content = {}
    for name in ("title", "slug", *model.shown_fields):
        value = data.get(name)
        if isinstance(model._meta.get_field(name), StreamField) and isinstance(value, str):
            value = json.loads(value or "[]")
        elif isinstance(value, date):
            value = value.isoformat()
        found[name] = value
    return found


def digest_of(content: Content) -> str:
    """Return the digest of what is published of a page."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def page_from(kind: PageKind, content: Content) -> SitePage:
    """Return a page with this content, for showing it; it is never saved."""
    model = PAGES[kind]
    given: dict[str, Any] = {}
    for name in ("title", "slug", *model.shown_fields):
        field = model._meta.get_field(name)
        value = content.get(name)
        if value is None and not field.null:
            continue
        given[field.attname] = json.dumps(value) if isinstance(field, StreamField) else field.to_python(value)
    return model(**given)


@dataclass(frozen=True, slots=True)
class Uses:
    """What a page shows of others: lists of items, and items chosen by hand."""

    lists: tuple[ListKey, ...] = ()
    items: tuple[int, ...] = ()


def uses_of(kind: PageKind, content: Content) -> Uses:
    """Return which lists and items a page with this content shows."""
    match kind:
        case PageKind.HOME:
            sources = [one["value"].get("source") or "" for one in content["body"] if one["type"] == "news"]
            return Uses(lists=tuple(sorted({column_list(code) if code else ALL for code in sources})))
        case PageKind.COLUMN:
            codes, units = content["codes"] or [], content["unit_ids"] or []
            lists = [column_list(code) for code in codes] or [unit_list(unit_id) for unit_id in units] or [ALL]
            return Uses(lists=tuple(sorted(set(lists))))
        case PageKind.TOPIC:
            chosen = [entry["value"] for entry in _entries(content) if entry["type"] == "item" and entry["value"]]
            return Uses(items=tuple(sorted({int(one) for one in chosen})))
        case PageKind.TEXT:
            return Uses()


def _entries(content: Content) -> Iterator[dict[str, Any]]:
    for section in content["body"]:
        yield from section["value"]["entries"]


def words_of(content: Content) -> str:
    """Return every word that readers see, a line a field, for the content check."""
    return "\n".join(_words(content))


def _words(value: Any, name: str = "") -> Iterator[str]:
    if name in _WORDLESS or name == "id" or name == "type":
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _words(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, name)
    elif isinstance(value, str) and value.strip():
        yield nh3.clean(value, tags=set()) if "<" in value else value


def clean_html(source: str) -> str:
    """Return rich text with the few tags that a page may have, whatever was stored."""
    return nh3.clean(source, tags=TAGS, attributes={"a": {"href"}}, link_rel=None)
