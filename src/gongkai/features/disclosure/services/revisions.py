"""Saving an item's content as revisions, going back to an older one, and giving a new round up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent, State, Verb, saving_verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.events import ItemDated, ItemMoved, ItemRevised
from gongkai.features.disclosure.models import AttributeDecision, Item, Publication, Revision
from gongkai.features.disclosure.selectors.access import public_at
from gongkai.features.disclosure.services.actions import ITEM_ACTIONS, TARGET
from gongkai.features.disclosure.services.contents import clean_content
from gongkai.features.disclosure.services.writing import (
    audit_item,
    content_of,
    item_lock,
    move,
    name_of,
    refuse_if,
    require,
    say_when,
    signed_names,
    step_issues,
    with_decision,
    write_revision,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish

REVIEWED = (State.IN_REVIEW, State.APPROVED)


class SaveConflict(Refused):
    """Somebody else saved meanwhile. ``mine`` is the text that was not saved, ``theirs`` the revision that stands.

    Nothing is lost: the screen shows both.
    """

    def __init__(self, issue: Issue, mine: ItemContent, theirs: Revision) -> None:
        super().__init__(issue)
        self.mine = mine
        self.theirs = theirs


def item_save(
    *,
    actor: Actor,
    item_id: int,
    content: ItemContent,
    base: int,
    note: str = "",
    void_signatures: bool = False,
    now: datetime,
) -> Revision:
    """Save the content as the next revision; unchanged content makes none and leaves everything as it is.

    ``base`` is the number of the revision the editor started from. Attribute, grounds and the bytes of attachments are
    not taken from ``content`` (see ``attribute_decide``, ``attachment_add``); titles, alternative texts and the order of
    attachments are. An item under review or approved falls back to drafting: where somebody has signed already that is
    said first (``disclosure.save.signed``) and done only with ``void_signatures``.

    Raises NotFound, NotPermitted, SaveConflict, Refused with every reason.
    """
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_edit_item(actor, item), "修改公开信息")
        assert item.head is not None
        verb = saving_verb(State(item.state))
        refuse_if(step_issues(item, verb, now=now))
        if item.head.number != base:
            raise SaveConflict(_meanwhile(item.head), content, item.head)
        cleaned, issues = clean_content(content, item_id=item.pk)
        files, more = kept_attachments(content_of(item), cleaned)
        refuse_if([*issues, *more])
        wanted = with_decision(replace(cleaned, attachments=files), item)
        draft_clear(item, actor)
        if wanted.digest() == item.head.digest:
            item.save(update_fields=["draft", "draft_by", "draft_at", "draft_version"])
            return item.head
        return _write(item, wanted, verb, actor=actor, now=now, note=note, void_signatures=void_signatures)


def _meanwhile(head: Revision) -> Issue:
    who = head.created_by.get_full_name() if head.created_by else "系统"
    values = {"who": who, "when": say_when(head.created_at), "number": head.number}
    return Issue("disclosure.save.changed_meanwhile", field="base", values=values)


def kept_attachments(current: ItemContent, given: ItemContent) -> tuple[tuple[Any, ...], list[Issue]]:
    """Return the current attachments in the order, with the titles and alternative texts that ``given`` has for them.

    Files that ``given`` does not name are kept behind; a file the item does not have is an issue.
    """
    known = {one.file_id: one for one in current.attachments}
    order: dict[int, Any] = {}
    issues = []
    for one in given.attachments:
        if one.file_id not in known:
            issues.append(Issue("disclosure.attachment.unknown", field="attachments", values={"name": one.name}))
            continue
        order[one.file_id] = replace(known[one.file_id], title=one.title, alt=one.alt)
    return (*order.values(), *(one for key, one in known.items() if key not in order)), issues


def draft_clear(item: Item, actor: Actor) -> None:
    """Forget what the actor typed and has saved now; another person's unsaved text stays. The caller saves."""
    if item.draft is not None and item.draft_by_id in (None, actor.user_id):
        item.draft, item.draft_by_id, item.draft_at = None, None, None
        item.draft_version += 1


def ask_before_voiding(item: Item, *, void_signatures: bool) -> None:
    """Say who has signed what is about to change; raises Refused ``disclosure.save.signed`` unless that was agreed to."""
    if State(item.state) in REVIEWED and not void_signatures:
        names = signed_names(item)
        if names:
            values = {"who": "、".join(names), "count": len(names)}
            raise Refused(Issue("disclosure.save.signed", field="void_signatures", values=values))


def void_round(item: Item, before: State, *, actor: Actor, reason: str, now: datetime) -> None:
    """End the round of approval over what was changed; call it right before the audit entry."""
    if before in (*REVIEWED, State.SCHEDULED):
        from gongkai.kernel.approvals.services import approval_void

        approval_void(actor=actor, target_type=TARGET, target_id=item.pk, reason=reason, now=now)


def _write(
    item: Item,
    content: ItemContent,
    verb: Verb,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    void_signatures: bool,
    restored_from: int | None = None,
    details: Mapping[str, Any] | None = None,
    action: str = "",
    summary: str = "",
) -> Revision:
    """Write a changed content as the next revision, with everything that follows from it."""
    ask_before_voiding(item, void_signatures=void_signatures)
    dates = (item.written_on, item.issued_on)
    signed = signed_names(item) if State(item.state) in REVIEWED else []
    before = move(item, verb, now=now)
    revision = write_revision(item, content, actor=actor, now=now, note=note, restored_from=restored_from)
    item.save(update_fields=["state", "changed_at", "draft", "draft_by", "draft_at", "draft_version"])
    void_round(item, before, actor=actor, reason="内容已修改，原签批失效", now=now)
    audit_item(
        item=item,
        actor=actor,
        action=action or ITEM_ACTIONS[verb],
        summary=summary or f"修改{name_of(item)}，第{revision.number}版",
        details={
            "number": revision.number,
            "digest": revision.digest,
            "before": before.value,
            "after": item.state,
            "voided": signed,
            **(details or {}),
        },
        now=now,
    )
    publish(ItemRevised(item_id=item.pk, number=revision.number, at=now))
    if before.value != item.state:
        publish(ItemMoved(item_id=item.pk, verb=verb.value, before=before.value, after=item.state, at=now))
    if dates != (item.written_on, item.issued_on):
        publish(ItemDated(item_id=item.pk, at=now))
    return revision


def content_change(
    item: Item,
    content: ItemContent,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    action: str,
    summary: str,
    void_signatures: bool,
    details: Mapping[str, Any] | None = None,
) -> Revision:
    """Save a content that the program has put together itself (attachments), for an item that is locked."""
    verb = saving_verb(State(item.state))
    refuse_if(step_issues(item, verb, now=now))
    return _write(
        item,
        with_decision(content, item),
        verb,
        actor=actor,
        now=now,
        note=note,
        void_signatures=void_signatures,
        details=details,
        action=action,
        summary=summary,
    )


def revision_restore(
    *, actor: Actor, item_id: int, number: int, void_signatures: bool = False, now: datetime
) -> Revision:
    """Make an older revision the newest again, attachments included, as a revision of its own.

    The attribute stays as it was decided last: a decision is not undone by going back to an older text. Raises
    NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_edit_item(actor, item), "恢复旧版本")
        verb = saving_verb(State(item.state))
        issues = list(step_issues(item, verb, now=now))
        old = Revision.objects.filter(item=item, number=number).first()
        if old is None:
            issues.append(Issue("disclosure.revision.unknown", field="number", values={"number": number}))
        refuse_if(issues)
        assert old is not None and item.head is not None
        wanted = with_decision(ItemContent.from_data(old.content), item)
        if wanted.digest() == item.head.digest:
            return item.head
        return _write(
            item,
            wanted,
            verb,
            actor=actor,
            now=now,
            note=f"恢复第{number}版",
            void_signatures=void_signatures,
            restored_from=number,
            action="disclosure.item.restore",
            summary=f"{name_of(item)}恢复第{number}版",
        )


def revision_abandon(*, actor: Actor, item_id: int, now: datetime) -> Item:
    """Give the revision of a published item up: what is before the public becomes the newest revision again.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_edit_item(actor, item), "放弃修订")
        before = move(item, Verb.ABANDON, now=now)
        current = Publication.objects.filter(public_at(now), item=item).select_related("revision").latest("number")
        content = ItemContent.from_data(current.revision.content)
        _decide_again(item, content, actor=actor, now=now)
        draft_clear(item, actor)
        item.save(update_fields=["state", "changed_at", "draft", "draft_by", "draft_at", "draft_version"])
        number = current.revision.number
        revision = write_revision(
            item, content, actor=actor, now=now, note=f"放弃修订，恢复已发布的第{number}版", restored_from=number
        )
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[Verb.ABANDON],
            summary=f"放弃修订{name_of(item)}",
            details={"number": revision.number, "digest": revision.digest},
            now=now,
        )
        publish(ItemMoved(item_id=item.pk, verb=Verb.ABANDON.value, before=before.value, after=item.state, at=now))
    return item


def _decide_again(item: Item, content: ItemContent, *, actor: Actor, now: datetime) -> None:
    """Let the decision hold again under which a content was published, and put on record that it does."""
    then = (content.attribute, list(content.grounds), content.ground_note)
    if (item.attribute, list(item.grounds), item.ground_note) == then:
        return
    item.attribute, item.grounds, item.ground_note = then
    item.attribute_decided_by_id, item.attribute_decided_at = actor.user_id, now
    AttributeDecision.objects.create(
        item=item,
        attribute=content.attribute,
        grounds=list(content.grounds),
        note=content.ground_note,
        decided_by_id=actor.user_id,
        decided_at=now,
    )
    item.save(
        update_fields=["attribute", "grounds", "ground_note", "attribute_decided_by", "attribute_decided_at", "state"]
    )
