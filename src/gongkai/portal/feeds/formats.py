"""The three forms of a feed as bytes. Pure: the same channel gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
KEPT = 4096
"""Entries that a process keeps spelled."""
NEVER = "1970-01-01T00:00:00+00:00"
"""When a feed was changed that holds nothing yet: the form wants a moment, and that of asking would change its bytes."""
# What XML 1.0 cannot hold in any spelling.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in a feed. ``url`` is its lasting address and its identifier."""

    url: str
    title: str
    summary: str
    unit_name: str
    kind_name: str
    doc_no: str
    validity: str
    published_at: datetime
    updated_at: datetime

    @property
    def text(self) -> str:
        """Return what a reader sees beneath the title: document number and validity first."""
        facts = (("文号", self.doc_no), ("有效性", self.validity))
        told = "；".join(f"{label}：{text}" for label, text in facts if text)
        return "。".join(part for part in (told, self.summary) if part)


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: its title, the page it goes with, the address of the folder it lies in, and the entries as they stand."""

    title: str
    description: str
    home_url: str
    folder_url: str
    author: str
    entries: tuple[Entry, ...]

    @property
    def updated_at(self) -> datetime | None:
        """Return when anything in it was changed last."""
        return max((one.updated_at for one in self.entries), default=None)


def rss(channel: Channel) -> bytes:
    """Return the feed as RSS 2.0."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        "<channel>",
        _tag("title", channel.title),
        _tag("link", channel.home_url),
        _tag("description", channel.description),
        "<language>zh-cn</language>",
        f'<atom:link href={_quoted(channel.folder_url + RSS)} rel="self" type="application/rss+xml"/>',
    ]
    if channel.updated_at is not None:
        lines.append(_tag("lastBuildDate", _mail_date(channel.updated_at)))
    lines += map(_rss_item, channel.entries)
    return _joined([*lines, "</channel>", "</rss>"])


# One item stands in the feeds of several lists, and stays there for some time: it is spelled once.
@lru_cache(maxsize=KEPT)
def _rss_item(one: Entry) -> str:
    lines = [
        "<item>",
        _tag("title", one.title),
        _tag("link", one.url),
        f'<guid isPermaLink="true">{_text(one.url)}</guid>',
        _tag("pubDate", _mail_date(one.published_at)),
        _tag("description", one.text),
        _tag("dc:creator", one.unit_name),
        *([_tag("category", one.kind_name)] if one.kind_name else []),
        *([_tag("dc:identifier", one.doc_no)] if one.doc_no else []),
        "</item>",
    ]
    return "\n".join(lines)


def atom(channel: Channel) -> bytes:
    """Return the feed as Atom (RFC 4287)."""
    updated = channel.updated_at
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="zh-CN">',
        _tag("title", channel.title),
        _tag("subtitle", channel.description),
        _tag("id", channel.folder_url + ATOM),
        _tag("updated", _stamp(updated) if updated is not None else NEVER),
        f'<link rel="self" type="application/atom+xml" href={_quoted(channel.folder_url + ATOM)}/>',
        f'<link rel="alternate" type="text/html" href={_quoted(channel.home_url)}/>',
        f"<author>{_tag('name', channel.author)}</author>",
    ]
    lines += map(_atom_entry, channel.entries)
    return _joined([*lines, "</feed>"])


@lru_cache(maxsize=KEPT)
def _atom_entry(one: Entry) -> str:
    lines = [
        "<entry>",
        _tag("title", one.title),
        _tag("id", one.url),
        f'<link rel="alternate" type="text/html" href={_quoted(one.url)}/>',
        _tag("published", _stamp(one.published_at)),
        _tag("updated", _stamp(one.updated_at)),
        f"<author>{_tag('name', one.unit_name)}</author>",
        _tag("summary", one.text),
        *([f"<category term={_quoted(one.kind_name)}/>"] if one.kind_name else []),
        *([_tag("dc:identifier", one.doc_no)] if one.doc_no else []),
        "</entry>",
    ]
    return "\n".join(lines)


def json_feed(channel: Channel) -> bytes:
    """Return the feed as JSON Feed 1.1; what is ours stands under ``_gongkai``."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.home_url,
        "feed_url": channel.folder_url + JSON,
        "language": "zh-CN",
        "authors": [{"name": channel.author}],
    }
    head = json.dumps(data, ensure_ascii=False, indent=1).removesuffix("\n}")
    items = ",\n".join(map(_json_item, channel.entries))
    return f'{head},\n "items": [\n{items}\n ]\n}}\n'.encode("utf-8", "replace")


@lru_cache(maxsize=KEPT)
def _json_item(one: Entry) -> str:
    item = {
        "id": one.url,
        "url": one.url,
        "title": one.title,
        "content_text": one.text,
        "date_published": _stamp(one.published_at),
        "date_modified": _stamp(one.updated_at),
        "authors": [{"name": one.unit_name}],
        "tags": [one.kind_name] if one.kind_name else [],
        "_gongkai": {"doc_no": one.doc_no, "validity": one.validity},
    }
    return f"  {json.dumps(item, ensure_ascii=False)}"


RSS, ATOM, JSON = "feed.xml", "atom.xml", "feed.json"
FORMATS: Mapping[str, Callable[[Channel], bytes]] = {RSS: rss, ATOM: atom, JSON: json_feed}
"""Name of the file → what makes its bytes."""
TYPES: Mapping[str, str] = {
    RSS: "application/rss+xml; charset=utf-8",
    ATOM: "application/atom+xml; charset=utf-8",
    JSON: "application/feed+json; charset=utf-8",
}
"""Name of the file → its media type."""


def _tag(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))


def _stamp(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(BEIJING).replace(microsecond=0))


def _joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
