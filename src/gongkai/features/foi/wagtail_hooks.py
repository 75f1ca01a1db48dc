"""The item of the sidebar, shown to those who handle or judge applications."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.divisions import divisions_served
from gongkai.kernel.accounts.web import actor_of


class CasesMenuItem(MenuItem):
    """An item that asks who is there before it shows."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor has use for it."""
        actor = request.actor if hasattr(request, "actor") else actor_of(request)
        return bool(permissions.units_seen(actor))


class FiguresMenuItem(MenuItem):
    """The figures alone, for those who supervise and see no case."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor sees figures but no board."""
        actor = request.actor if hasattr(request, "actor") else actor_of(request)
        return permissions.can_see_all_figures(actor) and not permissions.units_seen(actor)


class RetrievalsMenuItem(MenuItem):
    """What a division is asked to look for, for its people; the office comes to it from the board."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor answers for a division and sees no board."""
        actor = request.actor if hasattr(request, "actor") else actor_of(request)
        return not permissions.units_seen(actor) and bool(divisions_served(actor=actor))


@hooks.register("register_admin_menu_item")
def retrievals_menu_item() -> MenuItem:
    """Lead people of a division to what it is asked to look for."""
    address = reverse("foi:staff:retrievals")
    return RetrievalsMenuItem("调取信息", address, name="foi-retrievals", icon_name="gk-inbox", order=62)


@hooks.register("register_admin_menu_item")
def figures_menu_item() -> MenuItem:
    """Lead to the figures of all units."""
    address = reverse("foi:staff:performance")
    return FiguresMenuItem("申请办理情况", address, name="foi-figures", icon_name="gk-chart", order=61)


@hooks.register("register_admin_menu_item")
def cases_menu_item() -> MenuItem:
    """Lead to the board of applications."""
    return CasesMenuItem("依申请公开", reverse("foi:staff:board"), name="foi-cases", icon_name="gk-inbox", order=60)
