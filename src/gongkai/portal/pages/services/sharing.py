"""Showing an item of another site's unit on a site, and no longer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.features.disclosure.selectors.public_items import PublicItem, public_item_get
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import SharedItem, Website
from gongkai.portal.pages import permissions
from gongkai.portal.pages.selectors import NotFound, keeper_ids, site_views

TARGET = "portal.shared"
LONGEST = 200
register_targets({TARGET: "共享信息"})
register_actions({"portal.shared.begin": "共享信息到网站", "portal.shared.end": "停止共享信息"})


def item_share(*, actor: Actor, website_id: int, uid: UUID | str, reason: str, now: datetime) -> SharedItem:
    """Let a site show an item of another site's unit; it is gone from there with the item itself.

    Raises NotFound, NotPermitted, and Refused with every reason: not public, the site's own, shared already, no reason.
    """
    with transaction.atomic():
        website = Website.objects.select_for_update(no_key=True, of=("self",)).filter(pk=website_id).first()
        if website is None:
            raise NotFound
        if not permissions.can_share_items(actor, keeper_ids(website, on=timezone.localdate(now))):
            raise NotPermitted(ability="把信息共享到这个网站")
        item = public_item_get(uid=uid, at=now)
        issues = []
        if not isinstance(item, PublicItem):
            issues.append(Issue("portal.shared.not_public", "uid"))
        elif website.shared.filter(item_id=item.item_id, ended_at__isnull=True).exists():
            issues.append(Issue("portal.shared.already", "uid", {"title": item.title}))
        elif site_views()[website.slug].concerns(unit_ids=[item.unit_id], item_id=0):
            issues.append(Issue("portal.shared.own", "uid", {"title": item.title}))
        if not reason.strip():
            issues.append(Issue("portal.shared.reason", "reason"))
        elif len(reason.strip()) > LONGEST:
            issues.append(Issue("portal.shared.long_reason", "reason", {"most": LONGEST}))
        if issues or not isinstance(item, PublicItem):
            raise Refused(issues)
        shared = SharedItem.objects.create(
            item_id=item.item_id, website=website, reason=reason.strip(), shared_by_id=actor.user_id, shared_at=now
        )
        _record(actor, "portal.shared.begin", shared, f"把《{item.title}》共享到网站“{website}”", now)
    return shared


def share_end(*, actor: Actor, shared_id: int, now: datetime) -> SharedItem:
    """Let a site no longer show what was shared to it. Raises NotFound, NotPermitted, Refused where that ended before."""
    with transaction.atomic():
        shared = SharedItem.objects.select_for_update(no_key=True, of=("self",)).filter(pk=shared_id).first()
        if shared is None:
            raise NotFound
        if not permissions.can_share_items(actor, keeper_ids(shared.website, on=timezone.localdate(now))):
            raise NotPermitted(ability="停止共享")
        if shared.ended_at is not None:
            raise Refused(Issue("portal.shared.ended"))
        shared.ended_at, shared.ended_by_id = now, actor.user_id
        shared.save(update_fields=["ended_at", "ended_by"])
        _record(actor, "portal.shared.end", shared, f"网站“{shared.website}”停止共享一条信息", now)
    return shared


def _record(actor: Actor, action: str, shared: SharedItem, summary: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type=TARGET,
        target_id=shared.pk,
        summary=summary,
        unit_id=shared.website.unit_id,
        details={"item": shared.item_id, "website": shared.website_id, "reason": shared.reason},
        now=now,
    )
