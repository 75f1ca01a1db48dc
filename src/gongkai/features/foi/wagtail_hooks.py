"""The item of the sidebar, shown to those who handle or judge applications."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.features.foi import permissions
from gongkai.kernel.accounts.web import actor_of


class CasesMenuItem(MenuItem):
    """An item that asks who is there before it shows."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor has use for it."""
        actor = request.actor if hasattr(request, "actor") else actor_of(request)
        return bool(permissions.units_seen(actor))


@hooks.register("register_admin_menu_item")
def cases_menu_item() -> MenuItem:
    """Lead to the board of applications."""
    return CasesMenuItem("依申请公开", reverse("foi:staff:board"), name="foi-cases", icon_name="gk-inbox", order=60)
