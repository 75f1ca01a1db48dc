"""Which items an actor sees, and what of them is before the public at a moment; hidden ones are as if they were not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.domain.issues import Issue
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.asked import asked_items
from gongkai.features.disclosure.models import Item, ItemReader, Publication, Revision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import Refused
from gongkai.kernel.orgs.selectors import unit_descendant_ids


class NotFound(Refused):
    """There is no such item, or the actor may not know of it; views answer 404."""

    def __init__(self, item_id: object) -> None:
        super().__init__(Issue("disclosure.item.not_found", values={"item_id": item_id}))


def item_get(*, actor: Actor, item_id: int) -> Item:
    """Return an item the actor may see, with unit and newest revision; raises NotFound, also for what is hidden."""
    item = next(iter(Item.objects.select_related("unit", "head").filter(pk=item_id).order_by()), None)
    if item is None or not permissions.can_see_item(actor, item):
        raise NotFound(item_id)
    return item


def item_find(*, actor: Actor, uid: object) -> Item | None:
    """Return an item the actor may see by its public id, or None."""
    item = Item.objects.select_related("unit", "head").filter(uid=uid).first()
    return item if item is not None and permissions.can_see_item(actor, item) else None


def visible_items(actor: Actor) -> QuerySet[Item]:
    """Return the items the actor sees; the same answer as ``permissions.can_see_item`` for each, in one condition."""
    if actor.is_system:
        return Item.objects.all()
    if not actor.is_authenticated:
        return Item.objects.none()
    own = actor.unit_ids
    readers = ItemReader.objects.filter(item_id=OuterRef("pk"), user_id=actor.user_id)
    wrote = Revision.objects.filter(item_id=OuterRef("pk"), created_by_id=actor.user_id)
    inside = Q(unit_id__in=_units_with(actor, "disclosure.item.see_limited"))
    inside |= Q(unit_id__in=own) & (Q(created_by_id=actor.user_id) | Exists(wrote))
    asked = Q(pk__in=asked_items(actor).values("pk"))
    if permissions.can_see_all(actor):
        return Item.objects.filter(Q(access_limited=False) | inside | Exists(readers) | asked)
    open_to = Q(access_limited=False, unit_id__in=open_unit_ids(actor))
    limited = Q(access_limited=True) & (inside | Exists(readers))
    return Item.objects.filter(open_to | limited | Exists(readers) | asked)


def open_unit_ids(actor: Actor) -> frozenset[int]:
    """Return the units whose items, the access-limited left aside, the actor sees by role: own ones and those below."""
    found = set(_units_with(actor, "disclosure.item.see"))
    for unit_id in actor.unit_ids:
        roles = {role for role, unit in actor.grants if unit == unit_id}
        if roles & {Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD, Role.UNIT_LEADER}:
            found |= unit_descendant_ids(unit_id=unit_id)
    return frozenset(found)


def _units_with(actor: Actor, code: str) -> frozenset[int]:
    return frozenset(unit_id for unit_id in actor.unit_ids if allows(actor, code, unit_ids=(unit_id,)))


def public_at(at: datetime) -> Q:
    """Return the condition under which a publication is before the public at a moment."""
    return Q(published_at__lte=at) & (Q(end__isnull=True) | Q(end__ended_at__gt=at))


def is_public(item_id: int, *, at: datetime) -> bool:
    """Tell whether something of the item is before the public at the moment."""
    return Publication.objects.filter(public_at(at), item_id=item_id).exists()


def was_public(item_id: int) -> bool:
    """Tell whether the item was ever published, or is recorded to be."""
    return Publication.objects.filter(item_id=item_id).exists()


def hidden_item_ids(actor: Actor, ids: Collection[int]) -> frozenset[int]:
    """Return which of the items are access-limited and not for this actor (one query and the actor's own scope)."""
    wanted = set(ids)
    limited = set(Item.objects.filter(pk__in=wanted, access_limited=True).values_list("pk", flat=True))
    if not limited:
        return frozenset()
    seen = set(visible_items(actor).filter(pk__in=limited).values_list("pk", flat=True))
    return frozenset(limited - seen)
