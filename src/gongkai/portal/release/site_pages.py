"""Pages of sites as parts of the release: which there are, their files, and which of them a change concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from gongkai.domain.release import Kind, Part, Place, file_of, folder_of, page_part, url_of
from gongkai.domain.release.lists import unit_of
from gongkai.domain.site.places import PageKind, page_path
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.selectors import file_path as place_of_file
from gongkai.portal.pages import selectors
from gongkai.portal.pages.pictures import picture_get, picture_name
from gongkai.portal.pages.showing import Pages, shown_at
from gongkai.portal.release.rendering import Files, Source
from gongkai.portal.release.shared import Moment


def page_files(part: Part, moment: Moment) -> Files:
    """Return the files of a page of a site: the page, and the picture of a topic. None where the public reads nothing."""
    path = "" if part.kind is Kind.HOME else part.key
    shown = shown_at(path, moment.pages)
    if shown is None:
        return {}
    html = moment.page(*shown, url=url_of(part))
    if part.kind is not Kind.TOPIC:
        return {file_of(part): html}
    folder = folder_of(part)
    files: Files = {f"{folder}index.html": html}
    picture = moment.pages.published[path].content.get("picture")
    stored = picture_get(actor=Actor.anonymous(), file_id=picture) if picture else None
    if stored is not None:
        files[f"{folder}{picture_name(stored.pk)}"] = Source(place_of_file(file=stored), stored.sha256)
    return files


def page_parts(*, at: datetime, on: date) -> list[Part]:
    """Return every page of every site, the lists of topics and columns among them."""
    return [page_part(path) for path in Pages(at, on).paths()]


def page_urls(*, at: datetime, on: date) -> list[str]:
    """Return the addresses of all of them but the home page of the primary site."""
    return [url_of(page_part(path)) for path in Pages(at, on).paths() if path]


def publication_parts(ids: Collection[int], *, at: datetime, on: date) -> set[Part]:
    """Return the parts that show publications of pages which began or ended: their own, and all pages of their sites."""
    paths = selectors.paths_of(publication_ids=ids)
    sites = {slug for _, slug in paths}
    beside = {
        path
        for path in Pages(at, on).paths()
        if any(path == page_path(slug, PageKind.HOME) or _within(path, slug) for slug in sites)
    }
    return {page_part(path) for path in beside | {path for path, _ in paths}}


def _within(path: str, slug: str) -> bool:
    home = page_path(slug, PageKind.HOME)
    return path.startswith(f"{home}/") if slug else not path.startswith("sites/")


def showing_parts(places: dict[int, Iterable[Place]]) -> set[Part]:
    """Return the pages that show one of these items, or may: by hand, or among the newest of the lists it is or was in."""
    stands = {item_id: {place.list for place in found} for item_id, found in places.items()}
    units = {
        item_id: {unit_id for key in keys if (unit_id := unit_of(key)) is not None} for item_id, keys in stands.items()
    }
    paths = {*selectors.pages_naming(item_ids=stands), *selectors.pages_listing(places=stands, units=units)}
    return {page_part(path) for path in paths}
