"""Attaching files to an item, taking them off and replacing them; each makes a revision, so nothing is ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef, ItemContent, State, saving_verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, Revision
from gongkai.features.disclosure.services.contents import clean_text
from gongkai.features.disclosure.services.revisions import ask_before_voiding, content_change
from gongkai.features.disclosure.services.uploads import (
    LONGEST_TITLE,
    MOST_ATTACHMENTS,
    NewAttachment,
    check_attachments,
    ref_of,
    store,
)
from gongkai.features.disclosure.services.writing import (
    content_of,
    item_lock,
    name_of,
    refuse_if,
    require,
    step_issues,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.models import StoredFile


def attachment_add(
    *,
    actor: Actor,
    item_id: int,
    name: str,
    upload: Any = None,
    path: Path | None = None,
    title: str = "",
    alt: str = "",
    void_signatures: bool = False,
    now: datetime,
) -> AttachmentRef:
    """Attach a file: exactly one of ``upload`` and ``path``; ``title`` is what readers see, ``alt`` describes a picture.

    The file is looked at first: one that is damaged, encrypted, carries macros, unpacks without end, is of no allowed
    kind or is not what its name says is refused with a sentence (DocumentRefused). Raises NotFound, NotPermitted,
    Refused.
    """
    one = _new(name, upload, path, title, alt)
    with transaction.atomic():
        item = _open(actor, item_id, void_signatures=void_signatures, now=now)
        content = content_of(item)
        if len(content.attachments) >= MOST_ATTACHMENTS:
            refuse_if([Issue("disclosure.attachment.too_many", field="file", values={"limit": MOST_ATTACHMENTS})])
        check_attachments([one])
        ref = ref_of(store(item, one, actor=actor, now=now), one)
        _save(
            item,
            replace(content, attachments=(*content.attachments, ref)),
            f"添加附件{_said(item, ref)}",
            "disclosure.item.attach",
            ref,
            actor=actor,
            void_signatures=void_signatures,
            now=now,
        )
    return ref


def attachment_remove(
    *, actor: Actor, item_id: int, file_id: int, void_signatures: bool = False, now: datetime
) -> Revision:
    """Take an attachment off; older revisions keep it, and so do its bytes. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        item = _open(actor, item_id, void_signatures=void_signatures, now=now)
        content = content_of(item)
        ref = _find(content, file_id)
        return _save(
            item,
            replace(content, attachments=tuple(one for one in content.attachments if one.file_id != file_id)),
            f"移除附件{_said(item, ref)}",
            "disclosure.item.detach",
            ref,
            actor=actor,
            void_signatures=void_signatures,
            now=now,
        )


def attachment_replace(
    *,
    actor: Actor,
    item_id: int,
    file_id: int,
    name: str,
    upload: Any = None,
    path: Path | None = None,
    void_signatures: bool = False,
    now: datetime,
) -> AttachmentRef:
    """Put another file in an attachment's place; its title and alternative text stay. Raises as ``attachment_add``."""
    with transaction.atomic():
        item = _open(actor, item_id, void_signatures=void_signatures, now=now)
        content = content_of(item)
        old = _find(content, file_id)
        one = _new(name, upload, path, old.title, old.alt)
        check_attachments([one])
        ref = ref_of(store(item, one, actor=actor, now=now), one)
        _save(
            item,
            replace(content, attachments=tuple(ref if a.file_id == file_id else a for a in content.attachments)),
            f"更换附件{_said(item, ref)}",
            "disclosure.item.replace",
            ref,
            actor=actor,
            void_signatures=void_signatures,
            now=now,
        )
    return ref


def attachment_arrange(
    *,
    actor: Actor,
    item_id: int,
    file_id: int,
    title: str | None = None,
    alt: str | None = None,
    step: int = 0,
    void_signatures: bool = False,
    now: datetime,
) -> Revision:
    """Give an attachment another title or alternative text, or move it by ``step`` places; what is None stays.

    What is typed in an editor and not saved yet stays. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        item = _open(actor, item_id, void_signatures=void_signatures, now=now)
        content = content_of(item)
        old = _find(content, file_id)
        ref = replace(
            old,
            title=old.title if title is None else clean_text(title, lines=False)[:LONGEST_TITLE],
            alt=old.alt if alt is None else clean_text(alt),
        )
        order = [ref if one.file_id == file_id else one for one in content.attachments]
        at = order.index(ref)
        order.insert(min(max(at + step, 0), len(order) - 1), order.pop(at))
        assert item.head is not None
        if tuple(order) == content.attachments:
            return item.head
        return _save(
            item,
            replace(content, attachments=tuple(order)),
            f"调整附件{_said(item, ref)}",
            "disclosure.item.arrange",
            ref,
            actor=actor,
            void_signatures=void_signatures,
            now=now,
        )


def picture_add(
    *, actor: Actor, item_id: int, name: str, upload: Any = None, path: Path | None = None, now: datetime
) -> StoredFile:
    """Keep a picture for the body and return it; a block of type image names its ``pk``. No revision comes of it.

    Raises as ``attachment_add``, and Refused for a file that is no picture.
    """
    one = _new(name, upload, path, "", "")
    with transaction.atomic():
        item = _open(actor, item_id, void_signatures=True, now=now)
        check_attachments([one])
        file = store(item, one, actor=actor, now=now)
        if not file.media_type.startswith("image/"):
            refuse_if([Issue("disclosure.picture.kind", field="file", values={"name": name})])
    return file


def _new(name: str, upload: Any, path: Path | None, title: str, alt: str) -> NewAttachment:
    if (upload is None) == (path is None):
        raise TypeError("give either an upload or a path")
    return NewAttachment(name=name, upload=upload, path=path, title=title, alt=alt)


def _open(actor: Actor, item_id: int, *, void_signatures: bool, now: datetime) -> Item:
    """Lock the item and ask everything that does not depend on the file, before a byte of it is kept."""
    item = item_lock(actor=actor, item_id=item_id)
    require(permissions.can_edit_item(actor, item), "修改附件")
    refuse_if(step_issues(item, saving_verb(State(item.state)), now=now))
    ask_before_voiding(item, void_signatures=void_signatures)
    return item


def _find(content: ItemContent, file_id: int) -> AttachmentRef:
    found = next((one for one in content.attachments if one.file_id == file_id), None)
    if found is None:
        refuse_if([Issue("disclosure.attachment.unknown", field="file", values={"name": file_id})])
    assert found is not None
    return found


def _said(item: Item, ref: AttachmentRef) -> str:
    return "" if item.access_limited else f"《{ref.title or ref.name}》"


def _save(
    item: Item,
    content: ItemContent,
    note: str,
    action: str,
    ref: AttachmentRef,
    *,
    actor: Actor,
    void_signatures: bool,
    now: datetime,
) -> Revision:
    return content_change(
        item,
        content,
        actor=actor,
        now=now,
        note=note,
        action=action,
        summary=f"{name_of(item)}{note}",
        void_signatures=void_signatures,
        details={"file": ref.file_id, "sha256": ref.sha256},
    )
