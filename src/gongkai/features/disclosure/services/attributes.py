"""Deciding whether and how an item is disclosed, and on what ground: before it circulates (先确定公开属性、再运转呈签)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import State, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.events import AttributeDecided, ItemDated, ItemMoved
from gongkai.features.disclosure.models import AttributeDecision, Item
from gongkai.features.disclosure.services.actions import ITEM_ACTIONS
from gongkai.features.disclosure.services.contents import clean_text
from gongkai.features.disclosure.services.revisions import REVIEWED, ask_before_voiding, void_round
from gongkai.features.disclosure.services.writing import (
    audit_item,
    content_of,
    item_lock,
    move,
    name_of,
    refuse_if,
    require,
    signed_names,
    step_issues,
    with_decision,
    write_revision,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.events import publish
from gongkai.rulebook.disclosure import disclosure_rules

LONGEST_NOTE = 2000


def attribute_decide(
    *,
    actor: Actor,
    item_id: int,
    attribute: str,
    grounds: Sequence[str],
    note: str = "",
    reassessed: bool = False,
    void_signatures: bool = False,
    now: datetime,
) -> AttributeDecision:
    """Decide an item's attribute with its grounds (codes of the rulebook) and, where they need one, a reason in words.

    Attribute and grounds are part of what is signed: a change makes a new revision, and an item under review, approved
    or at its end goes back to drafting; where somebody has signed already that is said first and done only with
    ``void_signatures``. ``reassessed`` marks a periodic reassessment (条例 art. 18). The same decision again is put on
    record and changes nothing else. Raises NotFound, NotPermitted, Refused with every reason.
    """
    codes, words = list(dict.fromkeys(grounds)), clean_text(note)
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_decide_attribute(actor, item), "确定公开属性")
        same = (item.attribute, list(item.grounds), item.ground_note) == (attribute, codes, words)
        issues = decision_issues(attribute, codes, words)
        if not same:
            issues += step_issues(item, Verb.DECIDE_ATTRIBUTE, now=now)
        refuse_if(issues)
        decision = AttributeDecision(
            item=item,
            attribute=attribute,
            grounds=codes,
            note=words,
            reassessed=reassessed,
            decided_by_id=actor.user_id,
            decided_at=now,
        )
        before, signed = State(item.state), []
        if not same:
            ask_before_voiding(item, void_signatures=void_signatures)
            signed = signed_names(item) if before in REVIEWED else []
            move(item, Verb.DECIDE_ATTRIBUTE, now=now)
        item.attribute, item.grounds, item.ground_note = attribute, codes, words
        item.attribute_decided_by_id, item.attribute_decided_at = actor.user_id, now
        item.save(
            update_fields=[
                *("state", "changed_at", "attribute", "grounds", "ground_note"),
                *("attribute_decided_by", "attribute_decided_at"),
            ]
        )
        decision.save()
        revision = write_revision(
            item, with_decision(content_of(item), item), actor=actor, now=now, note=f"确定公开属性：{_name(attribute)}"
        )
        if not same:
            void_round(item, before, actor=actor, reason="公开属性或依据已改变，原签批失效", now=now)
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[Verb.DECIDE_ATTRIBUTE],
            summary=f"{'定期评估后' if reassessed else ''}确定{name_of(item)}的公开属性：{_name(attribute)}",
            details={"attribute": attribute, "grounds": codes, "digest": revision.digest, "voided": signed},
            now=now,
        )
        publish(AttributeDecided(item_id=item.pk, decision_id=decision.pk, attribute=attribute, at=now))
        publish(ItemDated(item_id=item.pk, at=now))
        if before.value != item.state:
            verb = Verb.DECIDE_ATTRIBUTE.value
            publish(ItemMoved(item_id=item.pk, verb=verb, before=before.value, after=item.state, at=now))
    return decision


def _name(attribute: str) -> str:
    return str(Item.Attribute(attribute).label)


def decision_issues(attribute: str, grounds: Sequence[str], note: str) -> list[Issue]:
    """Return everything that is wrong with a decision: unknown or unfitting grounds, none at all, a missing reason."""
    rules = disclosure_rules()
    issues: list[Issue] = []
    if attribute not in Item.Attribute.values:
        return [Issue("disclosure.attribute.unknown", field="attribute", values={"attribute": attribute})]
    if not grounds:
        issues.append(Issue("disclosure.ground.missing", field="grounds", values={"attribute": _name(attribute)}))
    needing = []
    for code in grounds:
        ground = rules.grounds.get(code)
        if ground is None:
            issues.append(Issue("disclosure.ground.unknown", field="grounds", values={"ground": code}))
            continue
        if attribute not in ground.attributes:
            values: dict[str, object] = {"ground": ground.label, "attribute": _name(attribute)}
            issues.append(Issue("disclosure.ground.unfit", field="grounds", values=values, basis=(ground.basis,)))
        if ground.note_needed:
            needing.append(ground)
    if needing and not note:
        values = {"ground": "；".join(ground.label for ground in needing)}
        basis = tuple(ground.basis for ground in needing)
        issues.append(Issue("disclosure.ground.note_missing", field="note", values=values, basis=basis))
    if len(note) > LONGEST_NOTE:
        values = {"what": "理由说明", "limit": LONGEST_NOTE, "length": len(note)}
        issues.append(Issue("disclosure.text.too_long", field="note", values=values))
    return issues
