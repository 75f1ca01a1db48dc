"""Looking again at what is published and at what is withheld: validity reviews and reassessment (条例 art. 18)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.items.content import ItemContent
from gongkai.domain.items.validity import Validity, next_review_on
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, Reassessment, ValidityReview
from gongkai.features.disclosure.selectors.publications import publication_current
from gongkai.features.disclosure.selectors.reviews import reassessment_due, review_months
from gongkai.features.disclosure.services.attributes import attribute_decide
from gongkai.features.disclosure.services.writing import audit_item, item_lock, name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.errors import NotPermitted, Refused

register_actions(
    {
        "disclosure.item.plan_review": "确定复核日期",
        "disclosure.item.review": "复核有效性",
        "disclosure.item.reassess": "定期评估不公开信息",
    }
)


def review_plan(*, actor: Actor, item_id: int, now: datetime) -> date | None:
    """Set the day on which a published item has to be looked at again; safe to run twice. For jobs after a release."""
    today = timezone.localdate(now)
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=item_id)
        current = publication_current(item_id=item_id, at=now)
        if current is None:
            wanted = None
        else:
            content = ItemContent.from_data(current.revision.content)
            months = review_months(kind=content.kind)
            wanted = next_review_on(today, months=months, expires_on=content.expires_on)
        if wanted != item.review_on:
            item.review_on = wanted
            item.save(update_fields=["review_on"])
            audit_item(
                item=item,
                actor=actor,
                action="disclosure.item.plan_review",
                summary=f"下次复核日期：{wanted.isoformat()}" if wanted else "不再定期复核",
                now=now,
            )
    return wanted


def validity_review(
    *,
    actor: Actor,
    item_id: int,
    outcome: str,
    now: datetime,
    note: str = "",
    instead_id: int | None = None,
) -> ValidityReview:
    """State whether a published item still holds; it stays before the public, marked accordingly.

    A repeal, a lapse and an amendment need a note saying by what; ``instead_id`` is the item that replaces it. Raises
    NotPermitted, and Refused with every reason.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        if not permissions.can_review_validity(actor, item):
            raise NotPermitted(ability="复核有效性")
        current = publication_current(item_id=item_id, at=now)
        issues = []
        if current is None:
            issues.append(Issue("disclosure.review.not_public"))
        if outcome not in ValidityReview.Outcome.values:
            issues.append(Issue("disclosure.review.outcome", field="outcome"))
        elif outcome != ValidityReview.Outcome.IN_FORCE and not note.strip():
            issues.append(Issue("disclosure.review.note_missing", field="note"))
        if instead_id is not None:
            instead = Item.objects.filter(pk=instead_id).exclude(pk=item_id).first()
            if instead is None or not permissions.can_see_item(actor, instead):
                issues.append(Issue("disclosure.review.instead_unknown", field="instead_id"))
        if issues or current is None:
            raise Refused(issues)
        content = ItemContent.from_data(current.revision.content)
        ended = Validity(outcome).ended
        months = review_months(kind=content.kind)
        following = None if ended else next_review_on(today, months=months, expires_on=content.expires_on)
        review = ValidityReview.objects.create(
            item=item,
            outcome=outcome,
            note=note.strip(),
            instead_id=instead_id,
            due_on=item.review_on,
            next_on=following,
            reviewed_by_id=actor.user_id,
            reviewed_at=now,
        )
        item.review_on = following
        item.save(update_fields=["review_on"])
        audit_item(
            item=item,
            actor=actor,
            action="disclosure.item.review",
            summary=f"复核{name_of(item)}：{review.get_outcome_display()}",
            details={"outcome": outcome, "note": review.note, "instead": instead_id},
            now=now,
        )
    return review


def item_reassess(
    *,
    actor: Actor,
    item_id: int,
    outcome: str,
    reason: str,
    now: datetime,
    grounds: list[str] | None = None,
    note: str = "",
) -> Reassessment:
    """Record the periodic look at an item that is not disclosed; another attribute than before decides it anew.

    ``grounds`` and ``note`` are those of the new attribute. A changed attribute opens the item again: what becomes
    proactive still passes review and gate before anybody reads it. Raises NotPermitted, and Refused with every reason.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        if not permissions.can_reassess(actor, item):
            raise NotPermitted(ability="定期评估不公开信息")
        before = item.attribute
        issues = []
        if item.state != Item.State.ON_FILE:
            issues.append(Issue("disclosure.reassess.not_on_file", values={"state": item.get_state_display()}))
        if outcome not in Reassessment.Outcome.values or outcome == before:
            issues.append(Issue("disclosure.reassess.outcome", field="outcome"))
        if not reason.strip():
            issues.append(Issue("disclosure.reassess.reason_missing", field="reason"))
        if issues:
            raise Refused(issues)
        due_on = reassessment_due(item=item, today=today)
        if outcome != Reassessment.Outcome.KEEP:
            attribute_decide(
                actor=actor,
                item_id=item_id,
                attribute=outcome,
                grounds=grounds or [],
                note=note,
                reassessed=True,
                void_signatures=True,
                now=now,
            )
        reassessment = Reassessment.objects.create(
            item_id=item_id,
            attribute=before,
            outcome=outcome,
            reason=reason.strip(),
            due_on=due_on,
            assessed_by_id=actor.user_id,
            assessed_at=now,
        )
        audit_item(
            item=item,
            actor=actor,
            action="disclosure.item.reassess",
            summary=f"定期评估{name_of(item)}：{reassessment.get_outcome_display()}",
            details={"outcome": outcome, "reason": reassessment.reason},
            now=now,
        )
    return reassessment
