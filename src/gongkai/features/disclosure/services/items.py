"""Making items, and what becomes of them beside writing and review: discarded, archived, taken up again, limited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import VERB_NAMES, ItemContent, State, UnitRef, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.events import ItemCreated, ItemMoved
from gongkai.features.disclosure.models import Item, ItemReader
from gongkai.features.disclosure.services.actions import ITEM_ACTIONS
from gongkai.features.disclosure.services.contents import clean_content
from gongkai.features.disclosure.services.uploads import NewAttachment, check_attachments, store_attachments
from gongkai.features.disclosure.services.writing import (
    audit_item,
    item_lock,
    move,
    name_of,
    refuse_if,
    require,
    write_revision,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.events import publish
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.disclosure import disclosure_rules


def item_create(
    *,
    actor: Actor,
    unit_id: int,
    kind: str,
    title: str,
    now: datetime,
    content: ItemContent | None = None,
    access_limited: bool = False,
    attachments: Sequence[NewAttachment] = (),
    note: str = "",
) -> Item:
    """Make an item of a unit with its first revision, which holds ``attachments`` too.

    ``content`` brings what is known already; ``kind`` and ``title`` stand in its place. Without an issuer the unit
    issues it, without a column the kind's usual one is taken. The attribute is decided afterwards, always. Raises
    NotPermitted, Refused with every reason, DocumentRefused for a file.
    """
    require(permissions.can_create_item(actor, unit_id), "新建公开信息")
    unit = Unit.objects.filter(pk=unit_id).first()
    rules = disclosure_rules()
    given = replace(content or ItemContent("", ""), kind=kind, title=title, attachments=())
    if given.issuer is None and unit is not None:
        given = replace(given, issuer=UnitRef(unit.pk, unit.name))
    if not given.columns and kind in rules.kinds:
        given = replace(given, columns=(rules.kinds[kind].column,))
    cleaned, issues = clean_content(given, item_id=None)
    if unit is None:
        issues.append(Issue("disclosure.unit.unknown", field="unit", values={"unit": unit_id}))
    elif unit.dissolved_on is not None and unit.dissolved_on <= now.date():
        issues.append(Issue("disclosure.unit.dissolved", field="unit", values={"unit": unit.name}))
    refuse_if(issues)
    check_attachments(attachments)
    with transaction.atomic():
        item = Item.objects.create(
            unit_id=unit_id,
            kind=cleaned.kind,
            title=cleaned.title,
            access_limited=access_limited,
            created_by_id=actor.user_id,
            created_at=now,
            changed_at=now,
        )
        files = store_attachments(item, attachments, actor=actor, now=now)
        revision = write_revision(item, replace(cleaned, attachments=files), actor=actor, now=now, note=note)
        audit_item(
            item=item,
            actor=actor,
            action="disclosure.item.create",
            summary=f"新建{name_of(item)}",
            details={"kind": item.kind, "digest": revision.digest, "limited": access_limited},
            now=now,
        )
        publish(ItemCreated(item_id=item.pk, at=now))
    return item


def item_discard(*, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """Discard a draft that was never published; raises NotFound, NotPermitted, Refused."""
    return _end(actor=actor, item_id=item_id, verb=Verb.DISCARD, reason=reason, now=now)


def item_archive(*, actor: Actor, item_id: int, reason: str = "", now: datetime) -> Item:
    """Archive an item that is no longer before the public; raises NotFound, NotPermitted, Refused."""
    return _end(actor=actor, item_id=item_id, verb=Verb.ARCHIVE, reason=reason, now=now)


def item_reopen(*, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """Take an archived or discarded item up again as a draft; raises NotFound, NotPermitted, Refused."""
    return _end(actor=actor, item_id=item_id, verb=Verb.REOPEN, reason=reason, now=now)


def _end(*, actor: Actor, item_id: int, verb: Verb, reason: str, now: datetime) -> Item:
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        allowed = permissions.can_discard if verb is Verb.DISCARD else permissions.can_archive
        require(allowed(actor, item), VERB_NAMES[verb] + "公开信息")
        before = move(item, verb, now=now, reason=reason)
        item.archived_at = now if item.state == State.ARCHIVED else None
        item.save(update_fields=["state", "changed_at", "archived_at"])
        told = f"：{reason.strip()}" if reason.strip() else ""
        audit_item(
            item=item,
            actor=actor,
            action=ITEM_ACTIONS[verb],
            summary=f"{VERB_NAMES[verb]}{name_of(item)}{told}",
            details={"before": before.value, "after": item.state},
            now=now,
        )
        publish(ItemMoved(item_id=item.pk, verb=verb.value, before=before.value, after=item.state, at=now))
    return item


def item_set_limited(*, actor: Actor, item_id: int, limited: bool, reason: str, now: datetime) -> Item:
    """Limit who may know of an item, or lift that; raises NotFound, NotPermitted, Refused.

    What was recorded before the limit stays in the audit trail, where the item is hidden from then on.
    """
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_limit_item(actor, item), "限制知悉范围")
        if not reason.strip():
            values = {"verb": "限制知悉范围" if limited else "解除知悉限制"}
            refuse_if([Issue("disclosure.reason.missing", field="reason", values=values)])
        if item.access_limited != limited:
            item.access_limited, item.changed_at = limited, now
            item.save(update_fields=["access_limited", "changed_at"])
            audit_item(
                item=item,
                actor=actor,
                action="disclosure.item.limit" if limited else "disclosure.item.unlimit",
                summary=f"{'限制知悉范围' if limited else '解除知悉限制'}：{name_of(item)}：{reason.strip()}",
                now=now,
            )
    return item


def reader_add(*, actor: Actor, item_id: int, user_id: int, now: datetime) -> ItemReader:
    """Let a person read an access-limited item; twice is once. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_limit_item(actor, item), "指定知悉人员")
        person = User.objects.filter(pk=user_id, is_active=True).first()
        if person is None:
            refuse_if([Issue("disclosure.reader.unknown", field="user", values={"user": user_id})])
        reader, created = ItemReader.objects.get_or_create(
            item=item, user_id=user_id, defaults={"added_by_id": actor.user_id, "added_at": now}
        )
        if created and person is not None:
            audit_item(
                item=item,
                actor=actor,
                action="disclosure.item.add_reader",
                summary=f"{name_of(item)}增加知悉人员{person.get_full_name()}",
                details={"user": user_id},
                now=now,
            )
    return reader


def reader_remove(*, actor: Actor, item_id: int, user_id: int, now: datetime) -> None:
    """Take a person off the readers of an item; one who is none is no mistake. Raises NotFound, NotPermitted."""
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_limit_item(actor, item), "指定知悉人员")
        reader = ItemReader.objects.select_related("user").filter(item=item, user_id=user_id).first()
        if reader is None:
            return
        name = reader.user.get_full_name()
        reader.delete()
        audit_item(
            item=item,
            actor=actor,
            action="disclosure.item.remove_reader",
            summary=f"{name_of(item)}移除知悉人员{name}",
            details={"user": user_id},
            now=now,
        )
