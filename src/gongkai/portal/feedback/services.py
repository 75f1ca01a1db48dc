"""Taking in what readers say of a page, and closing it with what was done."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.personal_data import find_personal_data
from gongkai.features.disclosure.selectors.public_items import PublicItem, public_item_get
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.content.rules import personal_rules
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.feedback import LONGEST, permissions
from gongkai.portal.feedback.selectors import NotFound
from gongkai.portal.models import PageFeedback

register_targets({"portal.feedback": "页面评价"})
register_actions({"portal.feedback.close": "办结页面评价"})

MOST_A_DAY = 200
"""Answers kept of one page within a day: a machine that sends without a pause fills no more. A technical bound."""
_LONG_NUMBER = re.compile(r"[0-9]{7,}")


def feedback_give(*, uid: UUID, useful: bool, text: str, now: datetime) -> PageFeedback:
    """Keep what a reader says of the page of a public item; open to everybody.

    Personal data is masked before anything is written. Raises Refused when the item is not public, when the words are
    too long, and when enough was said of the page within a day.
    """
    item = public_item_get(uid=uid, at=now)
    if not isinstance(item, PublicItem):
        raise Refused(Issue("feedback.page_not_public"))
    words = "\n".join(line.strip() for line in text.replace("\x00", "").splitlines() if line.strip())
    issues = []
    if len(words) > LONGEST:
        issues.append(Issue("feedback.too_long", "text", {"length": len(words), "most": LONGEST}))
    if PageFeedback.objects.filter(item_uid=uid, said_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        issues.append(Issue("feedback.enough"))
    if issues:
        raise Refused(issues)
    return PageFeedback.objects.create(
        item_uid=uid,
        title=item.title[:300],
        unit_id=item.unit_id,
        useful=useful,
        text=_without_persons(words),
        said_at=now,
    )


def feedback_close(*, actor: Actor, feedback_id: int, note: str, now: datetime) -> PageFeedback:
    """Close what a reader said with a note of what was done. Raises NotFound, NotPermitted, and Refused with every reason."""
    with transaction.atomic():
        feedback = PageFeedback.objects.select_for_update(no_key=True, of=("self",)).filter(pk=feedback_id).first()
        if feedback is None:
            raise NotFound
        if not permissions.can_handle_feedback(actor, feedback.unit_id):
            raise NotPermitted(ability="办结页面评价")
        issues = []
        if feedback.closed_at is not None:
            issues.append(Issue("feedback.closed_already"))
        if not note.strip():
            issues.append(Issue("feedback.note_missing", "note"))
        if len(note.strip()) > LONGEST:
            issues.append(Issue("feedback.too_long", "note", {"length": len(note.strip()), "most": LONGEST}))
        if issues:
            raise Refused(issues)
        feedback.closed_by_id, feedback.closed_at, feedback.note = actor.user_id, now, note.strip()
        feedback.save(update_fields=["closed_by", "closed_at", "note"])
        record(
            actor=actor,
            action="portal.feedback.close",
            target_type="portal.feedback",
            target_id=feedback.pk,
            summary=f"办结对“{feedback.title}”的页面评价",
            unit_id=feedback.unit_id,
            details={"note": feedback.note},
            now=now,
        )
    return feedback


def _without_persons(text: str) -> str:
    """Mask everything that names or numbers a person, and every other long number with it."""
    for finding in reversed(find_personal_data(text, personal_rules())):
        text = text[: finding.start] + "*" * (finding.end - finding.start) + text[finding.end :]
    return _LONG_NUMBER.sub(lambda match: "*" * len(match.group()), text)
