"""Reading drafts of pages: the newest version, who wrote it, who read it and agrees, and all drafts of a site as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from wagtail.models import Page, Revision

from gongkai.portal.models import PageReading, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.content import Content, content_of, content_of_revision, digest_of
from gongkai.portal.pages.selectors import page_of

VERSIONS = 50
"""How many of the newest versions are looked through for the author; a technical bound."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as a line of a list; ``own`` tells that the reader of the list wrote it."""

    page_id: int
    title: str
    kind: str
    saved_at: datetime | None
    own: bool
    readers: tuple[PageReading, ...]


def page_draft(*, page_id: int) -> SitePage:
    """Return a page as its newest draft stands; raises NotFound."""
    page = page_of(page_id=page_id)
    draft = page.get_latest_revision_as_object()
    return draft if isinstance(draft, SitePage) else page


def author_of(page: SitePage) -> int | None:
    """Return who wrote the page as it stands: the author of the first of its newest versions that are all alike."""
    return _authors({page.pk: (page, content_of(page))})[page.pk]


def readers_of(*, page_id: int, digest: str) -> list[PageReading]:
    """Return who read exactly this content of a page and agreed to it, the first one first."""
    found = PageReading.objects.filter(page_id=page_id, digest=digest).select_related("read_by")
    return list(found.order_by("read_at", "pk"))


def draft_rows(*, website: Website, user_id: int | None) -> list[DraftRow]:
    """Return the drafts of a site that the public does not read as they are, the newest first; as many statements for however many."""
    if website.home is None:
        return []
    apart = Q(has_unpublished_changes=True) | Q(live=False)
    rows = Page.objects.descendant_of(website.home, inclusive=True).filter(apart).select_related("latest_revision")
    pages = [one for one in rows.order_by("-latest_revision_created_at") if _is_ours(one)]
    contents = {one.pk: (one, _content(one)) for one in pages}
    digests = {pk: digest_of(content) for pk, (_, content) in contents.items()}
    read = _readers(digests)
    authors = _authors({pk: pair for pk, pair in contents.items() if pk not in read})
    return [
        DraftRow(
            page_id=one.pk,
            title=contents[one.pk][1]["title"],
            kind=str(one.specific_class._meta.verbose_name),
            saved_at=one.latest_revision_created_at,
            own=user_id is not None and authors.get(one.pk) == user_id,
            readers=tuple(read.get(one.pk, ())),
        )
        for one in pages
    ]


def _is_ours(page: Page) -> bool:
    return page.specific_class is not None and issubclass(page.specific_class, SitePage)


def _content(page: Page) -> Content:
    """Return the content of the newest draft, from the version that came with the page where there is one."""
    if page.latest_revision is None:
        return content_of(page.specific)
    return content_of_revision(page.specific_class, page.latest_revision.content)


def _readers(digests: Mapping[int, str]) -> dict[int, list[PageReading]]:
    rows = PageReading.objects.filter(page_id__in=list(digests), digest__in=set(digests.values()))
    found: dict[int, list[PageReading]] = {}
    for one in rows.select_related("read_by").order_by("read_at", "pk"):
        if one.digest == digests[one.page_id]:
            found.setdefault(one.page_id, []).append(one)
    return found


def _authors(pages: Mapping[int, tuple[Page, Content]]) -> dict[int, int | None]:
    """Return who wrote each page with this content, from its versions; one statement for however many."""
    found: dict[int, int | None] = {pk: page.owner_id for pk, (page, _) in pages.items()}
    wanted = {pk: digest_of(content) for pk, (_, content) in pages.items()}
    settled: set[int] = set()
    for pk, number, data, user_id in _versions([page for page, _ in pages.values()]):
        if pk in settled:
            continue
        if digest_of(content_of_revision(pages[pk][0].specific_class, data)) == wanted[pk]:
            found[pk] = user_id
        elif number > 1:  # else the page was not saved as a version yet
            settled.add(pk)
    return found


def _versions(pages: Sequence[Page]) -> Iterable[tuple[int, int, dict[str, Any], int | None]]:
    """Yield page, place, content and author of the newest versions of pages, those of a page from the newest on."""
    if not pages:
        return
    kinds = ContentType.objects.get_for_models(*{one.specific_class for one in pages}).values()
    rows = (
        Revision.objects.filter(content_type__in=list(kinds), object_id__in=[str(one.pk) for one in pages])
        .annotate(
            number=Window(RowNumber(), partition_by=F("object_id"), order_by=[F("created_at").desc(), F("pk").desc()])
        )
        .filter(number__lte=VERSIONS)
        .order_by("object_id", "number")
    )
    for object_id, number, data, user_id in rows.values_list("object_id", "number", "content", "user_id").iterator():
        yield int(object_id), number, data, user_id
