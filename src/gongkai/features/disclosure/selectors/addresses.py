"""Where notices and links lead to: the staff page of an item, and the page the public reads."""

from __future__ import annotations

from uuid import UUID

ITEM = "/admin/disclosure/items/{id}/"
PUBLIC = "/info/{uid}/"


def item_path(item_id: int) -> str:
    """Return the address of an item's staff page."""
    return ITEM.format(id=item_id)


def public_path(uid: UUID | str) -> str:
    """Return the address under which the public reads an item."""
    return PUBLIC.format(uid=uid)
