"""An item with a revision and attachments, made by hand: enough for the gate, whatever services write items."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from gongkai.domain.items import AttachmentRef, ItemContent, UnitRef
from gongkai.features.disclosure.models import Item, Revision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.files.services import file_store
from gongkai.kernel.orgs.models import Unit
from tests.factories.world import NOW, TODAY

_numbers = count(1)


def paragraph(text: str, key: str = "") -> dict[str, Any]:
    """A paragraph of the body; ``text`` is HTML."""
    return {"id": key or f"p{next(_numbers)}", "type": "paragraph", "value": f"<p>{text}</p>"}


def content(unit: Unit, **more: Any) -> ItemContent:
    """A short notice with nothing wrong about it."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "kind": "notice",
        "title": f"关于做好第{number}项工作的通知",
        "body": (paragraph("请各单位按时完成任务。"),),
        "issuer": UnitRef(unit.pk, unit.name),
        "written_on": TODAY - timedelta(days=3),
        "issued_on": TODAY - timedelta(days=2),
        "doc_no": f"青府办字〔{TODAY.year}〕{number}号",
        "attribute": "proactive",
        "grounds": ("art19",),
        "columns": ("C01-3",),
    }
    return ItemContent(**{**fields, **more})


def item(unit: Unit, author: User, said: ItemContent) -> Item:
    """Put an item with one revision on file, ready to go into review."""
    made = Item.objects.create(
        unit=unit,
        kind=said.kind,
        title=said.title,
        doc_no=said.doc_no,
        attribute=said.attribute,
        grounds=list(said.grounds),
        attribute_decided_at=NOW if said.attribute else None,
        created_by=author,
        created_at=NOW,
        changed_at=NOW,
    )
    edit(made, author, said)
    return made


def edit(made: Item, author: User, said: ItemContent) -> Revision:
    """Save another revision of the item."""
    revision = Revision.objects.create(
        item=made,
        number=made.revisions.count() + 1,
        content=said.as_data(),
        digest=said.digest(),
        text=said.plain_text(),
        created_by=author,
        created_at=NOW,
    )
    Item.objects.filter(pk=made.pk).update(head=revision)
    made.refresh_from_db()
    return revision


def attachment(data: bytes, name: str, *, alt: str = "") -> AttachmentRef:
    """Store a file and return the reference that a content carries."""
    stored = file_store(actor=Actor.system("测试"), upload=data, name=name, now=NOW)
    return AttachmentRef(stored.pk, stored.sha256, stored.name, stored.size, stored.media_type, alt=alt)


def dated(said: ItemContent, **days: date | None) -> ItemContent:
    """The same content with other dates."""
    return replace(said, **days)
