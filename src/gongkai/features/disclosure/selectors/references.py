"""Items and their files as others refer to them: what is hidden from somebody is not told here either."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.asked import after_reviews_asking
from gongkai.features.disclosure.models import Item, Publication, Revision
from gongkai.features.disclosure.selectors.access import public_at, visible_items
from gongkai.features.disclosure.selectors.addresses import item_path, public_path
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.links.references import Shown


def _number(item_id: str) -> int | None:
    return int(item_id) if item_id.isascii() and item_id.isdecimal() and len(item_id) < 19 else None


def file_readable(actor: Actor, *, item_id: str, file_id: int, sha256: str, at: datetime) -> bool:
    """Tell whether the actor may read a file of an item: whoever sees the item, and all the world what is published.

    Published is a file whose bytes are named by a publication of this item that is before the public at the moment.
    Whom the review after an emergency release asks reads the files of exactly what was released, also once it is down.
    """
    number = _number(item_id)
    item = Item.objects.filter(pk=number).first() if number is not None else None
    if item is None:
        return False
    if permissions.can_see_item(actor, item):
        return True
    current = Publication.objects.filter(public_at(at), item=item).values_list("revision__content", flat=True)
    under_review = Revision.objects.filter(item=item, digest__in=after_reviews_asking(actor, item).values("digest"))
    return any(
        (file_id, sha256) in published_files(ItemContent.from_data(data))
        for data in (*current, *under_review.values_list("content", flat=True))
    )


def published_files(content: ItemContent) -> set[tuple[int, str]]:
    """Return number and digest of every file that is published with a content: attachments and pictures of the body."""
    files = {(one.file_id, one.sha256) for one in content.attachments}
    for block in content.body:
        value = block.get("value")
        if block.get("type") == "image" and isinstance(value, dict):
            files.add((int(value["file_id"]), str(value["sha256"])))
    return files


def items_shown(*, actor: Actor, ids: Collection[str], at: datetime) -> dict[str, Shown]:
    """Return title and address of items by id: the staff page for whoever sees them, else what the public reads."""
    wanted = {number for one in ids if (number := _number(one)) is not None}
    shown = {
        str(pk): Shown(title, item_path(pk))
        for pk, title in visible_items(actor).filter(pk__in=wanted).values_list("pk", "title")
    }
    rest = [number for number in wanted if str(number) not in shown]
    rows = Publication.objects.filter(public_at(at), item_id__in=rest).select_related("item", "revision")
    for row in rows.order_by("published_at"):
        shown[str(row.item_id)] = Shown(str(row.revision.content.get("title", "")), public_path(row.item.uid))
    return shown


def item_linkable(actor: Actor, *, item_id: str) -> bool:
    """Tell whether the actor may link the item as a source: whoever may edit it."""
    number = _number(item_id)
    item = Item.objects.filter(pk=number).first() if number is not None else None
    return item is not None and permissions.can_see_item(actor, item) and permissions.can_edit_item(actor, item)


def hidden_entry_ids(actor: Actor) -> list[str]:
    """Return the ids of access-limited items that are not for this actor, as the audit trail writes them."""
    seen = visible_items(actor).filter(access_limited=True).values("pk")
    hidden = Item.objects.filter(access_limited=True).exclude(pk__in=seen)
    return [str(pk) for pk in hidden.values_list("pk", flat=True)]
