"""The order of a site's columns, topics and texts, as its editors want it. Nothing of what the pages say changes by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PageOrder, Website
from gongkai.portal.pages import permissions
from gongkai.portal.pages.selectors import NotFound, keeper_ids, page_orders, pages_in_order
from gongkai.portal.pages.services.websites import TARGET

ORDERED = (PageKind.COLUMN, PageKind.TOPIC, PageKind.TEXT)
"""Kinds of which a site has several."""
register_actions({"portal.page.order": "调整网站页面次序"})


def pages_order(*, actor: Actor, website_id: int, kind: PageKind, page_ids: Sequence[int], now: datetime) -> list[int]:
    """Put the public pages of a kind into this order; the release shows it with its next step. Returns the order kept.

    Raises NotFound, NotPermitted, and Refused where these are not exactly the pages that the public reads: somebody
    published or ended one meanwhile.
    """
    with transaction.atomic():
        website = Website.objects.select_for_update(no_key=True, of=("self",)).filter(pk=website_id).first()
        if website is None or kind not in ORDERED:
            raise NotFound
        if not permissions.can_publish_pages(actor, keeper_ids(website, on=timezone.localdate(now))):
            raise NotPermitted(ability="调整这个网站的页面次序")
        before = pages_in_order(website=website, kind=kind)
        wanted = list(page_ids)
        if sorted(wanted) != sorted(row.page_id for row in before):
            raise Refused(Issue("portal.page.order_changed"))
        if wanted == [row.page_id for row in before]:
            return wanted
        # What is not public at the moment keeps its place behind the others, for when it comes back.
        away = [one for one in page_orders().get((website.pk, kind.value), []) if one not in wanted]
        PageOrder.objects.update_or_create(
            website=website,
            kind=kind.value,
            defaults={"page_ids": [*wanted, *away], "changed_by_id": actor.user_id, "changed_at": now},
        )
        titles = {row.page_id: row.title for row in before}
        record(
            actor=actor,
            action="portal.page.order",
            target_type=TARGET,
            target_id=website.pk,
            summary=f"调整“{website}”的页面次序：{'、'.join(titles[one] for one in wanted)}"[:200],
            unit_id=website.unit_id,
            details={"kind": kind.value, "before": [row.page_id for row in before], "after": wanted},
            now=now,
        )
    return wanted
