"""The parts of the static site: what is rendered as one, where it is read, and in which file or folder it lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.domain.release.lists import ALL, ListKey, column_of, unit_of
from gongkai.domain.site.places import PageKind, read_path


class Kind(StrEnum):
    """What a part is."""

    HOME = "home"
    ITEM = "item"
    LIST = "list"
    LIST_PAGE = "list_page"
    SITEMAP = "sitemap"
    SITEMAP_SHARD = "sitemap_shard"
    ROBOTS = "robots"
    UNITS = "units"
    UNIT = "unit"
    PLANS = "plans"
    SITE_MAP = "site_map"
    PLAN = "plan"
    ANCHORS = "anchors"
    DISPLAY = "display"
    PAGE = "page"
    TOPIC = "topic"
    KIOSK = "kiosk"
    SHEET = "sheet"
    WORKER = "worker"
    HOSTS = "hosts"


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One part. ``key``: the item's public identifier, the list, the id of the unit or plan, the path of a site's page;
    of the pages for terminals which one, of a sheet ``units/<id>`` or ``columns/<code>``.

    ``number``: page or shard.

    An item is one part with its page, its proof and its files, or the word of what became of it: they lie in one
    folder and come and go together. Any other part is one file or a few with fixed names.
    """

    kind: Kind
    key: str = ""
    number: int = 0


def item_part(uid: object) -> Part:
    """Return the part of an item by its public identifier."""
    return Part(Kind.ITEM, str(uid))


def page_part(path: str) -> Part:
    """Return the part of a page of a site by its path (``domain.site.places``); the first one of the primary is the home."""
    if not path:
        return Part(Kind.HOME)
    read = read_path(path)
    topic = read is not None and read[1] is PageKind.TOPIC and read[2] != ""
    return Part(Kind.TOPIC if topic else Kind.PAGE, path)


FEEDS = ("feed.xml", "atom.xml", "feed.json")
"""The feeds of a list, beside its first page."""
_LIST_FOLDER = "info/"
_FIXED = {
    Kind.HOME: "index.html",
    Kind.SITEMAP: "sitemap.xml",
    Kind.ROBOTS: "robots.txt",
    Kind.UNITS: "units/index.html",
    Kind.PLANS: "plans/index.html",
    Kind.SITE_MAP: "sitemap/index.html",
    Kind.WORKER: "kiosk-worker.js",
    Kind.HOSTS: "sites/hosts.json",
}
_FOLDERS = {Kind.ANCHORS: "audit/anchors/", Kind.DISPLAY: "display/"}


def list_folder(key: ListKey) -> str:
    """Return the folder of a list's pages, with its slash."""
    if key == ALL:
        return _LIST_FOLDER
    code = column_of(key)
    return f"{_LIST_FOLDER}columns/{code}/" if code else f"{_LIST_FOLDER}units/{unit_of(key)}/"


def file_of(part: Part) -> str:
    """Return the file of a part that is one file; raises ValueError for one that is a folder."""
    match part.kind:
        case Kind.LIST:
            return f"{list_folder(part.key)}index.html"
        case Kind.LIST_PAGE:
            return f"{list_folder(part.key)}p/{part.number}/index.html"
        case Kind.SITEMAP_SHARD:
            return f"sitemap/{part.number}.xml"
        case Kind.UNIT:
            return f"units/{part.key}/index.html"
        case Kind.PAGE:
            return f"{part.key}/index.html"
        case Kind.KIOSK:
            return f"kiosk/{part.key}/index.html" if part.key else "kiosk/index.html"
        case Kind.SHEET:
            return f"sheets/{part.key}/index.html"
        case Kind.ITEM | Kind.PLAN | Kind.TOPIC | Kind.ANCHORS | Kind.DISPLAY:
            raise ValueError(f"{part.kind} is a folder")
        case _:
            return _FIXED[part.kind]


def files_of(part: Part) -> tuple[str, ...]:
    """Return the files of a part that has fixed names: one, and with the first page of a list its feeds."""
    path = file_of(part)
    return (path, *(f"{list_folder(part.key)}{name}" for name in FEEDS)) if part.kind is Kind.LIST else (path,)


def folder_of(part: Part) -> str:
    """Return the folder that belongs to a part alone, with its slash; empty for a part that is one file."""
    match part.kind:
        case Kind.ITEM:
            return f"info/{part.key}/"
        case Kind.PLAN:
            return f"plans/{part.key}/"
        case Kind.TOPIC:
            return f"{part.key}/"
        case _:
            return _FOLDERS.get(part.kind, "")


def url_of(part: Part) -> str:
    """Return the address at which a part is read."""
    path = folder_of(part) or file_of(part)
    return f"/{path.removesuffix('index.html')}"
