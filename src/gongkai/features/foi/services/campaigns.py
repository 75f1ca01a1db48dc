"""Campaigns of like applications: begun, renamed, ended when nobody is in them any more; who joins and leaves is a batch."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import BatchRun, Campaign, CampaignMember
from gongkai.features.foi.selectors.access import NotFound
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused

CAMPAIGN = "foi.campaign"
LONGEST_NAME, LONGEST_NOTE = 100, 2000

register_targets({CAMPAIGN: "同类申请"})
register_actions(
    {
        "foi.campaign.create": "同类申请：建立",
        "foi.campaign.change": "同类申请：修改名称或者说明",
        "foi.campaign.delete": "同类申请：删除空的",
    }
)


def campaign_create(*, actor: Actor, unit_id: int, name: str, note: str = "", now: datetime) -> Campaign:
    """Begin a campaign of a unit; raises NotPermitted, Refused."""
    if not permissions.can_handle_case(actor, unit_id):
        raise NotPermitted(ability="建立同类申请")
    with transaction.atomic():
        name = _checked(unit_id, name, note)
        campaign = Campaign.objects.create(
            unit_id=unit_id,
            name=name,
            note=note.strip(),
            created_by_id=actor.user_id,
            created_by_name=actor.name[:150],
            created_at=now,
        )
        _record(campaign, actor, "create", "建立", now)
    return campaign


def campaign_change(*, actor: Actor, campaign_id: int, name: str, note: str, now: datetime) -> Campaign:
    """Give a campaign another name or note; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        campaign = campaign_lock(actor=actor, campaign_id=campaign_id, ability="修改同类申请")
        campaign.name = _checked(campaign.unit_id, name, note, but=campaign.pk)
        campaign.note = note.strip()
        campaign.save(update_fields=["name", "note"])
        _record(campaign, actor, "change", "修改名称或者说明", now)
    return campaign


def campaign_delete(*, actor: Actor, campaign_id: int, now: datetime) -> str:
    """Delete a campaign that was begun by mistake: one without members, for which nothing was done; returns its name.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        campaign = campaign_lock(actor=actor, campaign_id=campaign_id, ability="删除同类申请")
        members = CampaignMember.objects.filter(campaign=campaign).count()
        if members or BatchRun.objects.filter(campaign=campaign).exists():
            raise Refused(Issue("foi.campaign.not_empty", values={"members": members}))
        _record(campaign, actor, "delete", "删除（没有申请）", now)
        campaign.delete()
    return campaign.name


def campaign_lock(*, actor: Actor, campaign_id: int, ability: str) -> Campaign:
    """Load a campaign for writing; raises NotFound, NotPermitted. Inside a transaction only."""
    found = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound("同类申请")
    if not permissions.can_handle_case(actor, found.unit_id):
        raise NotPermitted(ability=ability)
    return found


def _checked(unit_id: int, name: str, note: str, *, but: int | None = None) -> str:
    """Return the name as it is kept; raises Refused with everything that is wrong."""
    plain = " ".join(name.split())
    issues = []
    if not plain:
        issues.append(Issue("foi.campaign.name", "name"))
    if len(plain) > LONGEST_NAME:
        issues.append(Issue("foi.intake.too_long", "name", {"most": LONGEST_NAME, "count": len(plain)}))
    if len(note) > LONGEST_NOTE:
        issues.append(Issue("foi.intake.too_long", "note", {"most": LONGEST_NOTE, "count": len(note)}))
    if Campaign.objects.filter(unit_id=unit_id, name=plain).exclude(pk=but).exists():
        issues.append(Issue("foi.campaign.name_taken", "name", {"name": plain}))
    if issues:
        raise Refused(issues)
    return plain


def _record(campaign: Campaign, actor: Actor, action: str, what: str, now: datetime) -> None:
    """Write an audit entry; the name is not in it, for it may tell what was asked."""
    record(
        actor=actor,
        action=f"foi.campaign.{action}",
        target_type=CAMPAIGN,
        target_id=campaign.pk,
        summary=f"同类申请第{campaign.pk}号：{what}",
        unit_id=campaign.unit_id,
        now=now,
    )
