"""Reading one-time signing links: by their token, and those of a round."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.approvals.models import Approval, ApprovalState, Signature, SigningLink
from gongkai.kernel.approvals.selectors.rounds import BEIJING, Round, approval_get, round_of
from gongkai.kernel.errors import Refused

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_PHONE = re.compile(r"\+?\d{7,20}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def contact_key(contact: str) -> str:
    """Return a contact as it tells people apart: an e-mail address in small letters, or a number's digits.

    Empty when it is neither; the country's prefix 86 is left out.
    """
    text = contact.strip()
    if _MAIL.fullmatch(text):
        return text.lower()
    digits = re.sub(r"[\s()（）\-－]", "", text)
    if not _PHONE.fullmatch(digits):
        return ""
    return re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits).lstrip("+")


def link_of_token(token: str) -> SigningLink:
    """Return the link of a token; raises Refused (approvals.link.unknown)."""
    found = None
    if TOKEN.fullmatch(token):
        found = SigningLink.objects.select_related("step", "issued_by").filter(token_hash=token_hash(token)).first()
    if found is None:
        raise Refused(Issue("approvals.link.unknown"))
    return found


def link_issues(link: SigningLink, approval: Approval, *, now: datetime) -> tuple[Issue, ...]:
    """Return why nobody may sign by this link (any more)."""
    if Signature.objects.filter(link=link).exists():
        return (Issue("approvals.link.used"),)
    if link.revoked_at is not None:
        return (Issue("approvals.link.revoked"),)
    if now >= link.expires_at:
        expired = link.expires_at.astimezone(BEIJING)
        words = f"{expired.year}年{expired.month}月{expired.day}日{expired:%H:%M}"
        return (Issue("approvals.link.expired", values={"expired": words}),)
    if approval.state != ApprovalState.OPEN:
        return (Issue("approvals.link.ended", values={"state": approval.get_state_display()}),)
    return ()


@dataclass(frozen=True, slots=True)
class LinkSign:
    """What the page behind a link needs: the round with its digest, the step, its form, who is asked and until when."""

    link: SigningLink
    round: Round
    step: domain.Step
    form: domain.Form | None

    @property
    def approval(self) -> Approval:
        """The round."""
        return self.round.approval

    @property
    def digest(self) -> str:
        """The digest of what is to be read and signed."""
        return self.round.approval.digest


def link_read(*, token: str, now: datetime) -> LinkSign:
    """Return what a link is for; raises Refused for one that cannot be used (any more), saying why."""
    link = link_of_token(token)
    approval = approval_get(link.step.approval_id)
    if issues := link_issues(link, approval, now=now):
        raise Refused(issues)
    one = round_of(approval)
    step = one.route.step(link.step.code)
    if step is None:
        raise Refused(Issue("approvals.link.unknown"))
    return LinkSign(link, one, step, one.forms.get(step.form))


def link_list(approval_id: int) -> QuerySet[SigningLink]:
    """Return the links of a round, newest first; whoever sees the round may see to whom they went."""
    links = SigningLink.objects.filter(step__approval=approval_id).select_related("step", "issued_by", "signature")
    return links.order_by("-issued_at", "-pk")
