"""Where the pages of the sites lie: every site in one tree, the primary one at its top, others in a folder of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

SITES = "sites"
"""The folder that holds the sites other than the primary one."""
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
"""How a site or page is called in addresses: small letters, digits and hyphens."""


class PageKind(StrEnum):
    """What a page of a site is."""

    HOME = "home"
    COLUMN = "column"
    TOPIC = "topic"
    TEXT = "text"


FOLDERS = {PageKind.COLUMN: "columns", PageKind.TOPIC: "topics", PageKind.TEXT: "pages"}
"""The folder of each kind of page within its site; the home page has none."""
INDEXES = (PageKind.COLUMN, PageKind.TOPIC)
"""Kinds whose folder has a page of its own that lists them."""


def site_folder(site: str) -> str:
    """Return the folder of a site with its slash, empty for the primary site (``site`` is empty)."""
    return f"{SITES}/{site}/" if site else ""


def page_path(site: str, kind: PageKind, slug: str = "") -> str:
    """Return the path of a page without slashes at its ends: ``topics/x``, ``sites/a/topics/x``, empty for ``/``.

    ``slug`` is empty for the page that lists all of a kind, and for the home page.
    """
    folder = site_folder(site)
    return f"{folder}{FOLDERS[kind]}/{slug}".rstrip("/") if kind in FOLDERS else folder.rstrip("/")


def path_url(path: str) -> str:
    """Return the address of a path."""
    return f"/{path}/" if path else "/"


_PATH = re.compile(
    rf"(?:{SITES}/(?P<site>{SLUG.pattern})(?:/(?=[a-z])|$))?(?:(?P<folder>columns|topics|pages)(?:/(?P<slug>[^/]+))?)?"
)


def read_path(path: str) -> tuple[str, PageKind, str] | None:
    """Return site, kind and slug of a path (the slug is empty for a list); None for one that no page can have."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    site, folder, slug = found["site"] or "", found["folder"] or "", found["slug"] or ""
    if not folder:
        return site, PageKind.HOME, ""
    kind = next(kind for kind, name in FOLDERS.items() if name == folder)
    return (site, kind, slug) if slug or kind in INDEXES else None


def in_order(page_ids: Collection[int], kind: PageKind, given: Sequence[int]) -> list[int]:
    """Return pages of a kind (their numbers grow with time) in the order ``given`` by editors.

    What nobody put in order yet follows as it was made; new topics stand before the others, the newest first.
    """
    known = [one for one in given if one in page_ids]
    rest = sorted(set(page_ids) - set(known), reverse=kind is PageKind.TOPIC)
    return [*rest, *known] if kind is PageKind.TOPIC else [*known, *rest]


class TopicState(StrEnum):
    """How a topic stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    ARCHIVED = "archived"


TOPIC_STATE_NAMES = {TopicState.COMING: "即将开始", TopicState.RUNNING: "进行中", TopicState.ARCHIVED: "已归档"}


def topic_state(on: date, *, starts_on: date | None, ends_on: date | None, archived: bool) -> TopicState:
    """Return how a topic stands on a day; both days are inclusive, a day not given sets no bound.

    A topic that is over stays readable: it is only marked, and listed after those that run.
    """
    if archived or (ends_on is not None and on > ends_on):
        return TopicState.ARCHIVED
    return TopicState.COMING if starts_on is not None and on < starts_on else TopicState.RUNNING
