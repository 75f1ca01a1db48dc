"""``{% gk_unread_badge %}``: the way to the inbox, with the number of unread notices; for the workbench."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from gongkai.kernel.notices.selectors import notice_unread_count

register = template.Library()


@register.simple_tag(takes_context=True)
def gk_unread_count(context: Context) -> int:
    """Return how many notices the signed-in person has not read; 0 for visitors. Asked once a request."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return 0
    if not hasattr(request, "gk_unread_count"):
        request.gk_unread_count = notice_unread_count(actor=actor)
    return int(request.gk_unread_count)


@register.inclusion_tag("notices/components/unread_badge.html", takes_context=True)
def gk_unread_badge(context: Context) -> dict[str, Any]:
    """Link to the inbox and say how many notices are unread."""
    return {"unread": gk_unread_count(context)}
