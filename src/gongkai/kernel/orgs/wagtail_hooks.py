"""Units and groups in the sidebar."""

from __future__ import annotations

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def units_menu_item() -> MenuItem:
    """Lead to the organization tree; everybody in the back office may see it."""
    return MenuItem("机构", reverse("orgs:staff:unit_list"), name="orgs", icon_name="gk-unit")
