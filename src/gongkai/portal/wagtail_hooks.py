"""The public site in the sidebar of the back office."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.accounts.web import actor_of
from gongkai.portal.feedback.permissions import can_handle_any_feedback


class FeedbackMenuItem(MenuItem):
    """Shown to those who answer for the pages of a unit."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person handles what readers say of any unit's pages."""
        return can_handle_any_feedback(actor_of(request))


@hooks.register("register_admin_menu_item")
def feedback_menu_item() -> MenuItem:
    """Lead to what readers said of public pages."""
    url = reverse("feedback:staff:page_list")
    return FeedbackMenuItem("页面评价", url, name="page-feedback", icon_name="gk-edit", order=216)


@hooks.register("register_admin_menu_item")
def search_menu_item() -> MenuItem:
    """Lead to what people looked for and did not find, synonyms and pinned results."""
    return MenuItem("站内检索", reverse("search:staff:miss_list"), name="site-search", icon_name="gk-search", order=215)
