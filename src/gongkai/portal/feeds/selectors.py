"""The feed of a list at a moment, without a request: for the view, and for the static release."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from gongkai.domain.items.content import block_lines
from gongkai.domain.release.lists import ALL, ListKey, column_of, unit_of
from gongkai.domain.release.parts import list_folder
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.public_items import PublicFilters
from gongkai.features.disclosure.selectors.public_records import PublicRecord, public_record_page
from gongkai.kernel.orgs.trees import unit_display_names
from gongkai.portal.feeds.formats import FORMATS, Channel, Entry

SIZE = 30
"""Entries of a feed."""
SUMMARY = 160
"""Characters of a summary; what is longer is cut and ends with an ellipsis."""


def feed_files(key: ListKey, *, at: datetime) -> dict[str, bytes]:
    """Return the feeds of a list as name of the file → bytes; nothing for a column or unit that is not there."""
    channel = feed_channel(key, at=at)
    return {} if channel is None else {name: make(channel) for name, make in FORMATS.items()}


def feed_bytes(kind: str, key: ListKey, at: datetime) -> bytes | None:
    """Return one feed of a list, ``kind`` being the name of its file (``feed.xml`` …); None where there is none."""
    channel = feed_channel(key, at=at)
    return None if channel is None else FORMATS[kind](channel)


def feed_channel(key: ListKey, *, at: datetime) -> Channel | None:
    """Return the newest publications of a list (a correction comes up again); None for a list that is not there."""
    code, unit_id = column_of(key), unit_of(key)
    title, about = _named(key)
    if not title:
        return None
    filters = PublicFilters(columns=(code,) if code else (), unit_ids=(unit_id,) if unit_id is not None else ())
    page = public_record_page(filters=filters, size=SIZE, at=at, on=timezone.localdate(at))
    url = f"{settings.BASE_URL}/{list_folder(key)}"
    return Channel(
        title=f"{title} - {settings.PLACE}政务公开",
        description=about or f"{settings.PLACE}政务公开：{title}的最新信息。",
        home_url=url,
        folder_url=url,
        author=f"{settings.PLACE}人民政府",
        entries=tuple(_entry(one) for one in page.records),
    )


def _named(key: ListKey) -> tuple[str, str]:
    """The title of a list and what it is about; no title for a list that is not there."""
    if key == ALL:
        return "政府信息公开", ""
    unit_id = unit_of(key)
    if unit_id is not None:
        return unit_display_names(unit_ids=[unit_id]).get(unit_id, ""), ""
    column = directory.column_get(code=column_of(key))
    return (column.name, column.description) if column is not None else ("", "")


def _entry(record: PublicRecord) -> Entry:
    return Entry(
        url=f"{settings.BASE_URL}/info/{record.uid}/",
        title=record.title,
        summary=short_summary(record),
        unit_name=record.unit_name,
        kind_name=record.kind_name,
        doc_no=record.content.doc_no,
        validity=record.validity.label if record.validity is not None else "",
        published_at=record.first_published_at,
        updated_at=record.published_at,
    )


def short_summary(record: PublicRecord) -> str:
    """Return the summary of an item, or how its text begins, in one line of at most ``SUMMARY`` characters."""
    content = record.content
    text = content.summary
    if not text:
        lines: list[str] = []
        for block in content.body:
            lines += block_lines(block)
            if sum(map(len, lines)) > SUMMARY:
                break
        text = " ".join(lines)
    text = " ".join(text.split())
    return text if len(text) <= SUMMARY else f"{text[: SUMMARY - 1].rstrip()}…"
