"""Disclosed items as the feature of applications needs them: the two features know nothing of each other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from html import escape

from gongkai.features.foi.items_port import ItemStand, NewItem
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused

_NOTE = "由已经答复的申请整理"


class DisclosedItems:
    """Log entries and accepted proposals as items of the disclosure feature."""

    def draft(self, *, actor: Actor, new: NewItem, now: datetime) -> int:
        """Make a draft of the unit's; its attribute is decided by a person afterwards, as of every item."""
        from gongkai.domain.items import ItemContent
        from gongkai.features.disclosure.services.items import item_create
        from gongkai.features.disclosure.services.uploads import NewAttachment

        blocks = []
        for heading, text in new.parts:
            blocks.append({"id": "", "type": "heading", "value": {"text": heading, "level": 2}})
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            blocks += [{"id": "", "type": "paragraph", "value": f"<p>{escape(line)}</p>"} for line in lines]
        item = item_create(
            actor=actor,
            unit_id=new.unit_id,
            kind=new.kind,
            title=new.title,
            content=ItemContent(kind=new.kind, title=new.title, body=tuple(blocks)),
            attachments=[NewAttachment(name=one.name, upload=one.data) for one in new.files],
            note=_NOTE,
            now=now,
        )
        return item.pk

    def stands(self, *, item_ids: Collection[int], at: datetime) -> dict[int, ItemStand]:
        """Return where items stand, by number."""
        from gongkai.features.disclosure.selectors.offered import offered_items

        return {
            item_id: ItemStand(
                state=one.state,
                public=one.public,
                gone=one.discarded,
                staff_url=one.staff_url,
                public_url=one.public_url,
                published_on=one.published_on,
                ended=one.ended,
            )
            for item_id, one in offered_items(item_ids=item_ids, at=at).items()
        }

    def drop(self, *, item_id: int, reason: str, now: datetime) -> bool:
        """Discard a draft that nobody reviews; what is further on is for people to take back."""
        from gongkai.features.disclosure.services.items import item_discard

        try:
            item_discard(actor=Actor.system("依申请公开"), item_id=item_id, reason=reason, now=now)
        except Refused:
            return False
        return True

    def withdraw(self, *, actor: Actor, item_id: int, reason: str, now: datetime) -> None:
        """Take down what the public reads of an item."""
        from gongkai.features.disclosure.services.endings import publication_withdraw

        publication_withdraw(actor=actor, item_id=item_id, kind="withdrawn", reason=reason, now=now)
