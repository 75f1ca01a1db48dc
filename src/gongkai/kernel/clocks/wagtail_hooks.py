"""The working-day calendar in the sidebar."""

from __future__ import annotations

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def calendar_menu_item() -> MenuItem:
    """Lead to the working-day calendar; everybody in the back office may see it."""
    return MenuItem("工作日历", reverse("clocks:staff:calendar"), name="calendar", icon_name="gk-calendar")
