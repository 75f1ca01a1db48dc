"""Writing pages by program, as Wagtail's editor does by hand: a draft with its author, in the tree of a site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.portal.models import Website
from gongkai.portal.models.pages import PAGES, SitePage
from gongkai.portal.pages import permissions
from gongkai.portal.pages.selectors import NotFound, keeper_ids
from gongkai.portal.pages.services.websites import page_add


def page_write(*, actor: Actor, website_id: int, kind: PageKind, fields: Mapping[str, Any], now: datetime) -> SitePage:
    """Put a new page into a site's tree as a draft by the actor. Raises NotFound, NotPermitted, ValidationError."""
    with transaction.atomic():
        website = Website.objects.select_related("home").filter(pk=website_id).first()
        if website is None or website.home is None:
            raise NotFound
        if not permissions.can_edit_pages(actor, keeper_ids(website, on=timezone.localdate(now))):
            raise NotPermitted(ability="编写这个网站的页面")
        page = PAGES[kind](live=False, **fields)
        website.home.refresh_from_db()
        return page_add(parent=website.home, page=page, actor=actor)
