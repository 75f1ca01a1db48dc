"""One-time links for signers without an account."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.approvals.models import Approval, Signature, SigningLink
from gongkai.kernel.approvals.permissions import can_issue_link
from gongkai.kernel.approvals.selectors.links import contact_key, token_hash
from gongkai.kernel.approvals.selectors.rounds import approval_get, day_of, round_of
from gongkai.kernel.audit.services import record
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.errors import NotPermitted, Refused


def link_issue(
    *,
    actor: Actor,
    approval_id: int,
    step: str,
    name: str,
    contact: str,
    now: datetime,
    organization: str = "",
) -> tuple[SigningLink, str]:
    """Make a link by which somebody without an account signs one open step once; returns it and its token.

    The token is shown this once, only its hash is kept. How long it is valid is a rule (``approval.signing_link``).
    Who issues it vouches for the signer and counts with him where persons have to differ. Somebody with an account
    signs with the account. Raises NotPermitted, or Refused with every reason.
    """
    with transaction.atomic():
        if not Approval.objects.select_for_update(no_key=True).filter(pk=approval_id).exists():
            raise Refused(Issue("approvals.not_found", values={"id": approval_id}))
        approval = approval_get(approval_id)
        if not can_issue_link(actor, approval.unit_id) or actor.user_id is None:
            raise NotPermitted(ability="发出一次性签署链接")
        one = round_of(approval)
        row, wanted = one.step_row(step), one.route.step(step)
        if row is None or wanted is None:
            raise Refused(Issue("approvals.step.unknown", "step", {"step": step}))
        issues = []
        if not wanted.links:
            issues.append(Issue("approvals.link.not_allowed", "step", {"step": wanted.name}))
        elif wanted not in one.current:
            issues.append(Issue("approvals.link.not_open", "step", {"step": wanted.name}))
        if not name.strip():
            issues.append(Issue("approvals.link.no_name", "name"))
        key = contact_key(contact)
        if not contact.strip():
            issues.append(Issue("approvals.link.no_contact", "contact"))
        elif not key:
            issues.append(Issue("approvals.link.bad_contact", "contact", {"contact": contact.strip()}))
        elif (known := _person_with(key)) is not None:
            values = {"contact": contact.strip(), "name": known.get_full_name()}
            issues.append(Issue("approvals.link.has_account", "contact", values))
        if issues:
            raise Refused(issues)
        token = secrets.token_urlsafe(32)
        days = rulebook().value("approval.signing_link", on=day_of(now), layer=settings.LAYER).number or 0
        link = SigningLink.objects.create(
            step=row,
            token_hash=token_hash(token),
            name=name.strip(),
            organization=organization.strip(),
            contact=contact.strip(),
            contact_key=key,
            issued_by_id=actor.user_id,
            issued_at=now,
            expires_at=now + timedelta(days=days),
        )
        record(
            actor=actor,
            action="approvals.link.issue",
            target_type=approval.target_type,
            target_id=approval.target_id,
            unit_id=approval.unit_id,
            summary=f"请{link.name}（{link.contact}）签署“{approval.title}”的{wanted.name}，链接有效期{days}天",
            details={"approval": approval.pk, "step": step, "link": link.pk},
            now=now,
        )
    return link, token


def _person_with(key: str) -> User | None:
    """Return the active person whose phone or e-mail address this is."""
    for user in User.objects.filter(is_active=True).exclude(phone="", email=""):
        if key in {contact_key(user.phone), contact_key(user.email)}:
            return user
    return None


def link_revoke(*, actor: Actor, link_id: int, now: datetime) -> SigningLink:
    """Take a link back that was not used. Raises NotPermitted or Refused."""
    with transaction.atomic():
        link = (
            SigningLink.objects.select_for_update(no_key=True, of=("self",))
            .select_related("step__approval")
            .filter(pk=link_id)
            .first()
        )
        if link is None:
            raise Refused(Issue("approvals.link.not_found", values={"id": link_id}))
        approval = link.step.approval
        if not can_issue_link(actor, approval.unit_id):
            raise NotPermitted(ability="收回一次性签署链接")
        if Signature.objects.filter(link=link).exists():
            raise Refused(Issue("approvals.link.used"))
        if link.revoked_at is not None:
            raise Refused(Issue("approvals.link.revoked"))
        link.revoked_by_id = actor.user_id
        link.revoked_at = now
        link.save(update_fields=["revoked_by", "revoked_at"])
        record(
            actor=actor,
            action="approvals.link.revoke",
            target_type=approval.target_type,
            target_id=approval.target_id,
            unit_id=approval.unit_id,
            summary=f"收回给{link.name}的签署链接（“{approval.title}”的{link.step.name}）",
            details={"approval": approval.pk, "link": link.pk},
            now=now,
        )
    return link
