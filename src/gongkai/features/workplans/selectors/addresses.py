"""Where notices lead to: the staff pages of an item, a notice, a plan and the person's own work."""

from __future__ import annotations

ITEM = "/admin/workplans/items/{id}/"
NOTICE = "/admin/workplans/notices/{id}/"
PLAN = "/admin/workplans/plans/{id}/"
EXPORT = "/admin/workplans/exports/{id}/"
MY_WORK = "/admin/workplans/mine/"


def item_path(item_id: int) -> str:
    """Return the address of an item's staff page."""
    return ITEM.format(id=item_id)


def notice_path(notice_id: int) -> str:
    """Return the address of a supervision notice's staff page."""
    return NOTICE.format(id=notice_id)


def plan_path(plan_id: int) -> str:
    """Return the address of a plan's staff page."""
    return PLAN.format(id=plan_id)


def export_path(export_id: int) -> str:
    """Return the address of an export's page."""
    return EXPORT.format(id=export_id)
