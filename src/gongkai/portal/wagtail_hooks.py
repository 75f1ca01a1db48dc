"""The public site in the sidebar of the back office."""

from __future__ import annotations

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def search_menu_item() -> MenuItem:
    """Lead to what people looked for and did not find, synonyms and pinned results."""
    return MenuItem("站内检索", reverse("search:staff:miss_list"), name="site-search", icon_name="gk-search", order=215)
