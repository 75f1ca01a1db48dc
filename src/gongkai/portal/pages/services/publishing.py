"""Putting pages before the public, by two people, and taking them down.

Wagtail's own publishing leads here and nowhere past it: what the public reads is the record that is written here, in one
transaction with its audit entry; a trigger notes in the same transaction what the static release has to render.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from gongkai.domain.issues import Issue
from gongkai.domain.site.places import PageKind, page_path
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.content import check_text, safe_context, sentence
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists.selectors.rules import content_rules
from gongkai.portal.models import PagePublication, PageReading, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages import permissions
from gongkai.portal.pages.content import Content, content_of, digest_of, uses_of, words_of
from gongkai.portal.pages.drafts import author_of
from gongkai.portal.pages.selectors import keeper_ids, publication_current, publications_now, website_of

TARGET = "portal.page"
MOST_FINDINGS = 8
"""Findings that are told at once; with more the editor has enough to do."""
register_targets({TARGET: "网站页面"})
register_actions({"portal.page.publish": "发布网站页面", "portal.page.end": "撤下网站页面"})


def page_check(*, actor: Actor, page: SitePage, now: datetime) -> Website:
    """Return the site of a page that the actor may put before the public now, as it stands.

    Raises NotPermitted, and Refused with every reason: it is the actor's own and nobody else has read it, its address is
    taken, its words.
    """
    website = website_of(page)
    if website is None:
        raise Refused(Issue("portal.page.no_site"))
    on = timezone.localdate(now)
    if not permissions.can_publish_pages(actor, keeper_ids(website, on=on)):
        raise NotPermitted(ability="发布这个网站的页面")
    content = content_of(page)
    issues = []
    if not actor.is_system and author_of(page) == actor.user_id and reader_of(page=page, author=actor.user_id) is None:
        issues.append(Issue("portal.page.own_words"))
    path = page_path(website.slug, page.kind, "" if page.kind is PageKind.HOME else page.slug)
    if publications_now().filter(path=path).exclude(page_id=page.pk).exists():
        issues.append(Issue("portal.page.address_taken", "slug", {"path": f"/{path}/"}))
    issues += _findings(content, website, on=on)
    if issues:
        raise Refused(issues)
    return website


def page_publish(*, actor: Actor, page: SitePage, now: datetime) -> PagePublication:
    """Put a page before the public as it stands, instead of what was there of it; what is there already stays.

    Raises as ``page_check``.
    """
    with transaction.atomic():
        Page.objects.select_for_update(no_key=True).get(pk=page.pk)
        website = page_check(actor=actor, page=page, now=now)
        content = content_of(page)
        digest = digest_of(content)
        path = page_path(website.slug, page.kind, "" if page.kind is PageKind.HOME else page.slug)
        current = publications_now().select_for_update(no_key=True).filter(page_id=page.pk).first()
        if current is not None:
            if (current.digest, current.path) == (digest, path):
                return current
            PagePublication.objects.filter(pk=current.pk).update(ended_at=now, ended_by_id=actor.user_id)
        uses, author = uses_of(page.kind, content), author_of(page)
        own = author is not None and author == actor.user_id
        publication = PagePublication.objects.create(
            website=website,
            page_id=page.pk,
            kind=page.kind.value,
            path=path,
            title=page.title,
            content=content,
            digest=digest,
            lists=list(uses.lists),
            items=list(uses.items),
            prepared_by_id=author,
            published_by_id=actor.user_id,
            read_by_id=reader_of(page=page, author=author) if own else None,
            published_at=now,
        )
        # What Wagtail shows to editors follows; the public does not read it.
        Page.objects.filter(pk=page.pk).update(live=True, has_unpublished_changes=False, last_published_at=now)
        Page.objects.filter(pk=page.pk, first_published_at__isnull=True).update(first_published_at=now)
        Page.objects.filter(pk=page.pk).update(live_revision_id=F("latest_revision_id"))
        _record(actor, "portal.page.publish", publication, f"发布网站页面“{page.title}”（/{path}）", now)
    return publication


def page_end(*, actor: Actor, page_id: int, now: datetime) -> bool:
    """Take a page off the site; tells whether it was there. Raises NotPermitted, and Refused for the first page of a site."""
    with transaction.atomic():
        current = publications_now().select_for_update(no_key=True).filter(page_id=page_id).first()
        if current is None:
            return False
        if not permissions.can_publish_pages(actor, keeper_ids(current.website, on=timezone.localdate(now))):
            raise NotPermitted(ability="撤下这个网站的页面")
        if current.kind == PageKind.HOME:
            raise Refused(Issue("portal.page.home_stays"))
        PagePublication.objects.filter(pk=current.pk).update(ended_at=now, ended_by_id=actor.user_id)
        Page.objects.filter(pk=page_id).update(live=False, has_unpublished_changes=True)
        _record(actor, "portal.page.end", current, f"撤下网站页面“{current.title}”（/{current.path}）", now)
    return True


def page_kept_back(*, page: SitePage) -> None:
    """Let Wagtail show a page as a draft again that was not put before the public after all."""
    if publication_current(page_id=page.pk) is None:
        Page.objects.filter(pk=page.pk, live=True).update(live=False, has_unpublished_changes=True)
    else:
        Page.objects.filter(pk=page.pk).update(live=True, has_unpublished_changes=True)


def reader_of(*, page: SitePage, author: int | None) -> int | None:
    """Return who else than its author read the page exactly as it stands and agreed to it; None for nobody."""
    found = PageReading.objects.filter(page_id=page.pk, digest=digest_of(content_of(page))).exclude(read_by_id=author)
    return found.order_by("read_at", "pk").values_list("read_by_id", flat=True).first()


def _findings(content: Content, website: Website, *, on: object) -> list[Issue]:
    rules = content_rules(on=on, unit_id=website.unit_id)  # type: ignore[arg-type]
    report = check_text(words_of(content), rules=rules)
    stopping = [one for one in report.findings if one.grade.stops]
    return [
        Issue("portal.page.words", values={"context": safe_context(one), "finding": sentence(one)})
        for one in stopping[:MOST_FINDINGS]
    ]


def _record(actor: Actor, action: str, publication: PagePublication, summary: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type=TARGET,
        target_id=publication.page_id,
        summary=summary,
        unit_id=publication.website.unit_id,
        details={
            "path": publication.path,
            "digest": publication.digest,
            "website": publication.website_id,
            "read_by": publication.read_by_id,
        },
        now=now,
    )
