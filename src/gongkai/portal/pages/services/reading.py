"""Reading a draft of a page and agreeing to it, so that an office of one person can publish what somebody else has read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PageReading
from gongkai.portal.pages import permissions
from gongkai.portal.pages.content import content_of, digest_of
from gongkai.portal.pages.drafts import author_of, page_draft
from gongkai.portal.pages.selectors import keeper_ids, website_of
from gongkai.portal.pages.services.publishing import TARGET

register_actions({"portal.page.read": "审读网站页面"})


def page_read(*, actor: Actor, page_id: int, digest: str, now: datetime) -> PageReading:
    """Note that the actor read the newest draft of a page and agrees to its being published; once is enough.

    ``digest`` names what was on the screen. Raises NotFound, NotPermitted, and Refused where it is the actor's own text,
    or was written on meanwhile.
    """
    with transaction.atomic():
        Page.objects.select_for_update(no_key=True).filter(pk=page_id).first()
        page = page_draft(page_id=page_id)
        website = website_of(page)
        on = timezone.localdate(now)
        if website is None or not permissions.can_read_pages(actor, keeper_ids(website, on=on)):
            raise NotPermitted(ability="审读这个网站的页面")
        issues = []
        if digest_of(content_of(page)) != digest:
            issues.append(Issue("portal.page.read_other"))
        if actor.user_id is None or author_of(page) == actor.user_id:
            issues.append(Issue("portal.page.read_own"))
        if issues:
            raise Refused(issues)
        reading, made = PageReading.objects.get_or_create(
            page_id=page.pk, digest=digest, read_by_id=actor.user_id, defaults={"read_at": now}
        )
        if made:
            record(
                actor=actor,
                action="portal.page.read",
                target_type=TARGET,
                target_id=page.pk,
                summary=f"审读网站页面“{page.title}”，同意发布",
                unit_id=website.unit_id,
                details={"digest": digest, "website": website.pk},
                now=now,
            )
    return reading
