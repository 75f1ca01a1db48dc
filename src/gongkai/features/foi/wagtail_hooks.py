"""The items of the sidebar, shown to those who handle or judge applications."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from gongkai.features.foi import after_permissions, permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.web import acting


class PartMenuItem(MenuItem):
    """One part of the work with applications, shown to those for whom some unit is there."""

    def __init__(self, label: str, name: str, icon: str, order: int, units: Callable[[Actor], Collection[int]]) -> None:
        super().__init__(label, reverse(f"foi:staff:{name}"), name=f"foi-{name}", icon_name=icon, order=order)
        self.units = units

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor has use for it."""
        return bool(self.units(acting(request)))


class FiguresMenuItem(MenuItem):
    """The figures alone, for those who supervise and see no case."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor sees figures but no board."""
        actor = acting(request)
        return permissions.can_see_all_figures(actor) and not permissions.units_seen(actor)


class RetrievalsMenuItem(MenuItem):
    """What a division is asked to look for, for its people; the office comes to it from the board."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor answers for a division and sees no board; asked on every page, so by the actor's posts alone."""
        actor = acting(request)
        return not permissions.units_seen(actor) and bool(permissions.divisions_served(actor))


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


PARTS = (
    ("申请办理", "board", "gk-inbox", permissions.units_seen),
    ("同类申请", "campaign_list", "gk-people", permissions.units_seen),
    ("调取信息", "retrievals", "gk-search", permissions.units_handled),
    ("复议诉讼", "remedies", "gk-return", permissions.units_seen),
    ("更正申请", "amendments", "gk-edit", permissions.units_seen),
    ("答复公开目录", "log", "gk-file", after_permissions.units_of_log),
    ("转主动公开建议", "proposals", "gk-bell", after_permissions.units_of_log),
    ("信息处理费", "fees", "gk-plan", permissions.units_handled),
    ("办理情况", "performance", "gk-chart", permissions.units_seen),
    ("年度统计", "report", "gk-ledger", permissions.units_seen),
    ("保管和销毁", "retention", "gk-audit", after_permissions.units_of_retention),
    ("单位设置", "office_list", "gk-unit", permissions.units_seen),
)
"""What the sidebar offers under 依申请公开: name, address, icon, and for whom."""


@hooks.register("register_admin_menu_item")
def cases_menu_item() -> MenuItem:
    """Open the parts of the work with applications."""
    menu = Menu(register_hook_name="register_foi_menu_item")
    return SubmenuMenuItem("依申请公开", menu, name="foi-cases", icon_name="gk-inbox", order=60)


def _part(order: int, label: str, name: str, icon: str, units: Callable[[Actor], Collection[int]]) -> None:
    hooks.register("register_foi_menu_item", lambda: PartMenuItem(label, name, icon, order, units))


for _order, _values in enumerate(PARTS):
    _part(_order, *_values)
