"""People in the sidebar, instead of Wagtail's own users and groups."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.accounts.permissions import can_list_users

WAGTAILS_OWN = {"users", "groups"}


class PeopleMenuItem(MenuItem):
    """Shown to those who may see people and their posts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person of this request may open the page."""
        return can_list_users(request.actor)


@hooks.register("register_admin_menu_item")
def people_menu_item() -> MenuItem:
    """Lead to people and their posts."""
    return PeopleMenuItem("人员", reverse("accounts:staff:user_list"), name="accounts", icon_name="gk-people")


@hooks.register("register_admin_menu_item")
def password_menu_item() -> MenuItem:
    """Lead to changing one's own password."""
    return MenuItem("修改密码", reverse("accounts:staff:password_change"), name="password", icon_name="key")


@hooks.register("construct_settings_menu")
def without_wagtails_people(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave people to our pages: Wagtail's own would change them without posts, reasons and audit rows."""
    items[:] = [item for item in items if item.name not in WAGTAILS_OWN]
