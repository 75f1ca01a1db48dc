"""From a file of the release back to the part it belongs to, so that one damaged file means one part to render."""

from __future__ import annotations

import re

from gongkai.domain.release.lists import ALL, column_list, unit_list
from gongkai.domain.release.parts import FEEDS, Kind, Part, page_part
from gongkai.domain.site.places import PageKind, read_path

_SUFFIXES = re.compile(r"\.(?:br|gz)$")
_FIXED = {
    "index.html": Kind.HOME,
    "robots.txt": Kind.ROBOTS,
    "sitemap.xml": Kind.SITEMAP,
    "units/index.html": Kind.UNITS,
    "plans/index.html": Kind.PLANS,
    "sitemap/index.html": Kind.SITE_MAP,
    "kiosk-worker.js": Kind.WORKER,
    "sites/hosts.json": Kind.HOSTS,
    "kiosk/index.html": Kind.KIOSK,
}
_ITEM = re.compile(r"info/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/.+")
_LIST = re.compile(r"info/(?:(columns|units)/([^/]+)/)?(?:p/(\d+)/)?index\.html")
_FEED = re.compile(rf"info/(?:(columns|units)/([^/]+)/)?(?:{'|'.join(map(re.escape, FEEDS))})")
_FOLDERS = (
    (re.compile(r"sitemap/(\d+)\.xml"), Kind.SITEMAP_SHARD),
    (re.compile(r"units/(\d+)/index\.html"), Kind.UNIT),
    (re.compile(r"kiosk/([a-z]+)/index\.html"), Kind.KIOSK),
    (re.compile(r"sheets/((?:units/\d+)|(?:columns/[^/]+))/index\.html"), Kind.SHEET),
    (re.compile(r"plans/(\d+)/.+"), Kind.PLAN),
    (re.compile(r"audit/anchors/.+"), Kind.ANCHORS),
    (re.compile(r"display/.+"), Kind.DISPLAY),
)


def part_of(path: str) -> Part | None:
    """Return the part to which a file belongs, None where a path is no part's (a stylesheet, a stranger's file)."""
    item = _ITEM.fullmatch(path)
    if item:
        return Part(Kind.ITEM, item[1])
    plain = _SUFFIXES.sub("", path)
    if plain in _FIXED:
        return Part(_FIXED[plain])
    found = _LIST.fullmatch(plain)
    if found:
        return _list_part(*found.groups())
    feed = _FEED.fullmatch(plain)
    if feed:
        return _list_part(feed[1], feed[2], None)
    folder, _, name = plain.rpartition("/")
    page = read_path(folder)
    if page is not None and folder and (name == "index.html" or (page[1] is PageKind.TOPIC and page[2])):
        return page_part(folder)
    for pattern, kind in _FOLDERS:
        match = pattern.fullmatch(plain)
        if match:
            if kind is Kind.SITEMAP_SHARD:
                return Part(kind, number=int(match[1]))
            return Part(kind, match[1] if pattern.groups else "")
    return None


def _list_part(space: str | None, key: str | None, page: str | None) -> Part | None:
    if space == "units" and not (key or "").isdigit():
        return None
    name = ALL if space is None else column_list(key or "") if space == "columns" else unit_list(int(key or 0))
    return Part(Kind.LIST_PAGE, name, int(page)) if page else Part(Kind.LIST, name)
