"""Raising and taking down emergency banners (应急横幅): at once, with an end that is always set."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Banner, Item
from gongkai.features.disclosure.selectors.publications import publication_current
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused

register_targets({"disclosure.banner": "应急横幅"})
register_actions({"disclosure.banner.raise": "发布应急横幅", "disclosure.banner.end": "撤下应急横幅"})

LONGEST = timedelta(days=7)
"""A banner that nobody looks after must go on its own; who needs it longer raises it again. A technical bound."""


def banner_raise(
    *,
    actor: Actor,
    unit_id: int,
    level: str,
    title: str,
    expires_at: datetime,
    now: datetime,
    text: str = "",
    starts_at: datetime | None = None,
    item_id: int | None = None,
) -> Banner:
    """Put a line on top of every public page until ``expires_at``; ``item_id`` is a public item that tells more.

    A banner states an emergency in a line and is not an item: what needs review is the item it leads to. Raises
    NotPermitted, and Refused with every reason.
    """
    if not permissions.can_raise_banner(actor, unit_id):
        raise NotPermitted(ability="发布应急横幅")
    begins = starts_at or now
    issues = _issues(level, title, text, begins, expires_at, now)
    item = Item.objects.filter(pk=item_id).first() if item_id is not None else None
    if item_id is not None and (item is None or publication_current(item_id=item_id, at=now) is None):
        issues.append(Issue("disclosure.banner.item_not_public", field="item_id"))
    if actor.user_id is None:
        issues.append(Issue("disclosure.banner.needs_person"))
    if issues:
        raise Refused(issues)
    with transaction.atomic():
        banner = Banner.objects.create(
            level=level,
            title=title.strip(),
            text=text.strip(),
            item=item,
            unit_id=unit_id,
            starts_at=begins,
            expires_at=expires_at,
            raised_by_id=actor.user_id,
            raised_at=now,
        )
        record(
            actor=actor,
            action="disclosure.banner.raise",
            target_type="disclosure.banner",
            target_id=banner.pk,
            summary=f"发布{banner.get_level_display()}应急横幅：{banner.title}",
            unit_id=unit_id,
            details={"text": banner.text, "starts_at": begins.isoformat(), "expires_at": expires_at.isoformat()},
            now=now,
        )
    return banner


def banner_end(*, actor: Actor, banner_id: int, reason: str, now: datetime) -> Banner:
    """Take a banner down before it expires. Raises NotPermitted, and Refused when it is gone already or without reason."""
    with transaction.atomic():
        banner = Banner.objects.select_for_update(no_key=True).filter(pk=banner_id).first()
        if banner is None:
            raise Refused(Issue("disclosure.banner.not_found"))
        if not permissions.can_raise_banner(actor, banner.unit_id):
            raise NotPermitted(ability="撤下应急横幅")
        issues = []
        if not reason.strip():
            issues.append(Issue("disclosure.banner.reason_missing", field="reason"))
        if banner.ended_at is not None or banner.expires_at <= now:
            issues.append(Issue("disclosure.banner.ended", values={"title": banner.title}))
        if issues:
            raise Refused(issues)
        banner.ended_at, banner.ended_by_id, banner.end_reason = now, actor.user_id, reason.strip()[:200]
        banner.save(update_fields=["ended_at", "ended_by", "end_reason"])
        record(
            actor=actor,
            action="disclosure.banner.end",
            target_type="disclosure.banner",
            target_id=banner.pk,
            summary=f"撤下应急横幅“{banner.title}”：{banner.end_reason}",
            unit_id=banner.unit_id,
            now=now,
        )
    return banner


def _issues(level: str, title: str, text: str, begins: datetime, expires: datetime, now: datetime) -> list[Issue]:
    issues = []
    if level not in Banner.Level.values:
        issues.append(Issue("disclosure.banner.level", field="level"))
    for name, value, most in (("title", title.strip(), 60), ("text", text.strip(), 200)):
        if name == "title" and not value:
            issues.append(Issue("disclosure.banner.title_missing", field="title"))
        if len(value) > most:
            issues.append(Issue("disclosure.banner.too_long", field=name, values={"most": most, "count": len(value)}))
    if expires <= max(begins, now):
        issues.append(Issue("disclosure.banner.expires_past", field="expires_at"))
    elif expires - max(begins, now) > LONGEST:
        issues.append(Issue("disclosure.banner.expires_late", field="expires_at", values={"days": LONGEST.days}))
    return issues
