"""Sending an item into review and taking it back, and following what becomes of its round of approval."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import State, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.events import ItemMoved
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.addresses import item_path
from gongkai.features.disclosure.selectors.release_facts import own_hosts
from gongkai.features.disclosure.services.actions import ITEM_ACTIONS, TARGET
from gongkai.features.disclosure.services.links import links_keep
from gongkai.features.disclosure.services.writing import (
    audit_item,
    authors_since_publication,
    content_of,
    current_round,
    facts_of,
    index_no_ensure,
    item_lock,
    locked_item,
    move,
    name_of,
    refuse_if,
    require,
    say_when,
    step_issues,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose
from gongkai.kernel.events import publish
from gongkai.rulebook.disclosure import disclosure_rules


def item_circulate(*, actor: Actor, item_id: int, emergency: bool = False, reason: str = "", now: datetime) -> Approval:
    """Send the newest revision into review: attribute and ground come first, and nothing typed may be unsaved.

    Whoever wrote a revision since the last publication counts as an author and may not review. The item gets its index
    number. Raises NotFound, NotPermitted, Refused with every reason (also those of the approvals: no route, no signer).
    """
    from gongkai.kernel.approvals.services import approval_open

    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_circulate(actor, item), "送审")
        facts = facts_of(item, now=now)
        issues = list(step_issues(item, Verb.CIRCULATE, now=now, facts=facts))
        if item.draft is not None and item.draft_at is not None:
            who = item.draft_by.get_full_name() if item.draft_by else "系统"
            issues.append(Issue("disclosure.circulate.unsaved", values={"who": who, "when": say_when(item.draft_at)}))
        refuse_if(issues)
        assert item.head is not None
        content = content_of(item)
        kind = disclosure_rules().kinds.get(item.kind)
        authors = authors_since_publication(item) or [u for u in (item.created_by_id, actor.user_id) if u is not None]
        before = move(item, Verb.CIRCULATE, now=now, facts=facts)
        index_no_ensure(item, now=now)
        item.save(update_fields=["state", "changed_at", "index_no"])
        links_keep(item.head, content, own_hosts=own_hosts(), now=now)
        approval = approval_open(
            actor=actor,
            target_type=TARGET,
            target_id=item.pk,
            title=name_of(item).strip("《》"),
            url=item_path(item.pk),
            unit_id=item.unit_id,
            columns=list(content.columns),
            kind=item.kind,
            digest=item.head.digest,
            author_ids=authors,
            flags=kind.flags if kind else (),
            emergency=emergency,
            reason=reason,
            now=now,
        )
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[Verb.CIRCULATE],
            summary=f"{name_of(item)}送审，索引号{item.index_no}",
            details={"number": item.head.number, "digest": item.head.digest, "approval": approval.pk},
            now=now,
        )
        publish(ItemMoved(item_id=item.pk, verb="circulate", before=before.value, after=item.state, at=now))
    return approval


def item_recall(*, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """Take an item back out of review, or an approved one back to drafting; raises NotFound, NotPermitted, Refused."""
    from gongkai.kernel.approvals.services import approval_cancel, approval_void

    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_circulate(actor, item), "撤回送审")
        found = current_round(item)
        before = move(item, Verb.RECALL, now=now, reason=reason)
        item.save(update_fields=["state", "changed_at"])
        if found is not None and found.state == ApprovalState.OPEN:
            approval_cancel(actor=actor, approval_id=found.pk, reason=reason, now=now)
        elif found is not None:
            approval_void(actor=actor, target_type=TARGET, target_id=item.pk, reason=reason, now=now)
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[Verb.RECALL],
            summary=f"撤回送审：{name_of(item)}：{reason.strip()}",
            details={"before": before.value},
            now=now,
        )
        publish(ItemMoved(item_id=item.pk, verb="recall", before=before.value, after=item.state, at=now))
    return item


def round_followed(*, actor: Actor, approval_id: int, now: datetime) -> Item | None:
    """Bring an item's state in line with its round of approval; safe to call twice, and late.

    Completed: approved, or kept on file when it is not disclosed proactively. Returned: back to its authors. Voided or
    canceled: drafting. A round over another content than the newest one, or of an item that has gone on, changes
    nothing. Returns the item when its state changed, else None.
    """
    with transaction.atomic():
        approval = next(iter(Approval.objects.filter(pk=approval_id, target_type=TARGET).order_by()), None)
        if approval is None or approval.purpose == Purpose.AFTER_REVIEW:
            return None
        item = locked_item(approval.target_id)
        verb = _verb(item, approval) if item else None
        if item is None or item.head is None or verb is None:
            return None
        facts = facts_of(item, now=now)
        if item.head.digest != approval.digest or step_issues(item, verb, now=now, reason="审核结果", facts=facts):
            return None
        before = move(item, verb, now=now, reason="审核结果", facts=facts)
        item.save(update_fields=["state", "changed_at"])
        if before is State.SCHEDULED:
            from gongkai.features.disclosure.services.schedules import schedules_end_with_round

            schedules_end_with_round(item=item, now=now)
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[verb],
            summary=f"{name_of(item)}：{RESULTS[verb]}",
            details={"approval": approval.pk, "digest": approval.digest, "before": before.value},
            now=now,
        )
        publish(ItemMoved(item_id=item.pk, verb=verb.value, before=before.value, after=item.state, at=now))
    return item


RESULTS = {
    Verb.APPROVE: "审核通过，可以发布",
    Verb.PUT_ON_FILE: "审定，存档不主动公开",
    Verb.RETURN: "退回修改",
    Verb.VOID: "审批失效，回到拟稿",
}


def _verb(item: Item, approval: Approval) -> Verb | None:
    """Which step the round's state asks for; None where the item has taken it already."""
    if State(item.state) not in (State.IN_REVIEW, State.APPROVED, State.SCHEDULED):
        return None
    match approval.state:
        case ApprovalState.COMPLETED if item.state == State.IN_REVIEW:
            return Verb.APPROVE if item.attribute == Item.Attribute.PROACTIVE else Verb.PUT_ON_FILE
        case ApprovalState.RETURNED:
            return Verb.RETURN
        case ApprovalState.VOIDED | ApprovalState.CANCELED:
            return Verb.VOID
    return None
