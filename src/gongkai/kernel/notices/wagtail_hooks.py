"""The inbox in the sidebar, with the number of unread notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.notices.selectors import notice_unread_count

MANY = 99


class InboxMenuItem(MenuItem):
    """Says how many notices are unread behind its label."""

    def render_component(self, request: HttpRequest) -> Any:
        """Return the item as it stands in the sidebar of this request."""
        component = super().render_component(request)
        actor = getattr(request, "actor", None)
        unread = notice_unread_count(actor=actor) if actor is not None and actor.user_id is not None else 0
        if unread:
            component.label = f"{self.label}（{unread if unread <= MANY else f'{MANY}+'}）"
        return component


@hooks.register("register_admin_menu_item")
def inbox_menu_item() -> MenuItem:
    """Lead to the inbox from everywhere."""
    return InboxMenuItem("通知", reverse("notices:staff:notice_list"), name="notices", icon_name="gk-inbox")
