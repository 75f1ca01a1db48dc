"""``{% gk_audit_trail "workplans.item" item.id %}``: the history of one object, for the page that shows the object."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.kernel.audit.actions import action_label
from gongkai.kernel.audit.selectors import entry_list

register = template.Library()


@register.inclusion_tag("audit/components/audit_trail.html")
def gk_audit_trail(target_type: str, target_id: str | int, limit: int = 50) -> dict[str, Any]:
    """List what happened to an object, newest first; one query. Whoever may see the object may see its history."""
    entries = list(entry_list(target_type=target_type, target_id=target_id)[: limit + 1])
    rows = [(entry, action_label(entry.action)) for entry in entries[:limit]]
    return {"rows": rows, "more": len(entries) > limit, "limit": limit}
