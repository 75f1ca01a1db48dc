"""The feed of a list at a moment, without a request: for the view, and for the static release."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from gongkai.domain.items import ItemContent
from gongkai.domain.items.content import block_lines
from gongkai.domain.release.lists import ALL, ListKey, column_of, unit_of
from gongkai.domain.release.parts import list_folder
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.public_items import PublicFilters
from gongkai.features.disclosure.selectors.public_records import PublicRecord, public_record_ids, public_records
from gongkai.features.disclosure.selectors.standing import column_parents_all
from gongkai.kernel.orgs.trees import unit_display_names
from gongkai.portal.feeds.formats import FORMATS, Channel, Entry

SIZE = 30
"""Entries of a feed."""
SUMMARY = 160
"""Characters of a summary; what is longer is cut and ends with an ellipsis."""


def feed_files(key: ListKey, *, at: datetime) -> dict[str, bytes]:
    """Return the feeds of a list as name of the file → bytes; nothing for a column or unit that is not there."""
    return Feeds(at).files(key)


def feed_bytes(kind: str, key: ListKey, at: datetime) -> bytes | None:
    """Return one feed of a list, ``kind`` being the name of its file (``feed.xml`` …); None where there is none."""
    channel = feed_channel(key, at=at)
    return None if channel is None else FORMATS[kind](channel)


def feed_channel(key: ListKey, *, at: datetime) -> Channel | None:
    """Return the newest publications of a list (a correction comes up again); None for a list that is not there."""
    return Feeds(at).channel(key)


class Feeds:
    """The feeds of lists at one moment; what several of them show is read once.

    ``contents`` are texts that were read and checked before, by publication; those that are read are added. A text is
    never changed once it is published, so they may be kept as long as one likes.
    """

    def __init__(self, at: datetime, contents: dict[int, ItemContent] | None = None) -> None:
        self.at, self.on = at, timezone.localdate(at)
        self._contents = contents
        self._ids: dict[ListKey, list[int]] = {}
        self._entries: dict[int, Entry] = {}
        self._names: dict[ListKey, tuple[str, str]] = {}

    def read(self, keys: Iterable[ListKey]) -> None:
        """Read what the feeds of these lists hold, in as few queries as one needs."""
        keys = [key for key in dict.fromkeys(keys) if key not in self._ids]
        if not keys:
            return
        self._names |= _named(keys)
        parents = column_parents_all()
        for key in keys:
            code, unit_id = column_of(key), unit_of(key)
            filters = PublicFilters(columns=(code,) if code else (), unit_ids=(unit_id,) if unit_id is not None else ())
            self._ids[key] = public_record_ids(filters=filters, size=SIZE, at=self.at, parents=parents)
        unknown = sorted({one for key in keys for one in self._ids[key]} - self._entries.keys())
        records = public_records(publication_ids=unknown, on=self.on, contents=self._contents)
        self._entries |= {one: _entry(record) for one, record in records.items()}

    def channel(self, key: ListKey) -> Channel | None:
        """Return the feed of a list; None for a list that is not there."""
        self.read([key])
        title, about = self._names.get(key, ("", ""))
        if not title:
            return None
        url = f"{settings.BASE_URL}/{list_folder(key)}"
        return Channel(
            title=f"{title} - {settings.PLACE}政务公开",
            description=about or f"{settings.PLACE}政务公开：{title}的最新信息。",
            home_url=url,
            folder_url=url,
            author=f"{settings.PLACE}人民政府",
            entries=tuple(self._entries[one] for one in self._ids[key] if one in self._entries),
        )

    def files(self, key: ListKey) -> dict[str, bytes]:
        """Return the feeds of a list as name of the file → bytes; nothing for a column or unit that is not there."""
        channel = self.channel(key)
        return {} if channel is None else {name: make(channel) for name, make in FORMATS.items()}


def _named(keys: Collection[ListKey]) -> dict[ListKey, tuple[str, str]]:
    """The titles of lists and what they are about; lists that are not there are left out."""
    units = {unit_id: key for key in keys if (unit_id := unit_of(key)) is not None}
    columns = {code: key for key in keys if (code := column_of(key))}
    found: dict[ListKey, tuple[str, str]] = {key: ("政府信息公开", "") for key in keys if key == ALL}
    if units:
        found |= {units[unit_id]: (name, "") for unit_id, name in unit_display_names(unit_ids=units).items()}
    if columns:
        views = directory.column_views(codes=columns)
        found |= {columns[view.code]: (view.name, view.description) for view in views}
    return found


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
