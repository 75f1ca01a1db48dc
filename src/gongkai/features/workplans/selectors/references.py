"""Items and their files as others refer to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from gongkai.features.workplans import permissions
from gongkai.features.workplans.models import PlanImport, WorkItem
from gongkai.features.workplans.selectors.access import item_standing, item_standings, plan_for
from gongkai.features.workplans.selectors.addresses import item_path
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.links.references import Shown


def _item(item_id: str) -> WorkItem | None:
    if not (item_id.isascii() and item_id.isdecimal()):
        return None
    return WorkItem.objects.select_related("plan").filter(pk=int(item_id)).first()


def file_readable(actor: Actor, *, item_id: str, today: date) -> bool:
    """Tell whether the actor may read the files of an item."""
    item = _item(item_id)
    return item is not None and permissions.can_see_item(actor, item_standing(item=item, today=today))


def import_file_readable(actor: Actor, *, import_id: str, today: date) -> bool:
    """Tell whether the actor may read an uploaded plan document."""
    row = PlanImport.objects.filter(pk=import_id).first() if import_id.isdecimal() else None
    if row is None:
        return False
    if permissions.can_manage_plan(actor, row.owner_id) or row.plan_id is None:
        return permissions.can_manage_plan(actor, row.owner_id)
    try:
        plan_for(actor=actor, plan_id=row.plan_id, today=today)
    except Refused:
        return False
    return True


def items_shown(*, actor: Actor, ids: Collection[str], today: date) -> dict[str, Shown]:
    """Return title and address of the items that the actor may see, by id; constant number of queries."""
    wanted = [int(i) for i in ids if i.isascii() and i.isdecimal()]
    items = list(WorkItem.objects.filter(pk__in=wanted).select_related("plan"))
    standings = item_standings(items=items, today=today)
    return {
        str(item.pk): Shown(str(item), item_path(item.pk))
        for item in items
        if permissions.can_see_item(actor, standings[item.pk])
    }


def item_linkable(actor: Actor, *, item_id: str, today: date) -> bool:
    """Tell whether the actor may add evidence to the item."""
    item = _item(item_id)
    if item is None:
        return False
    standing = item_standing(item=item, today=today)
    return permissions.can_work_on_item(actor, standing) or permissions.can_check_item(actor, standing)
