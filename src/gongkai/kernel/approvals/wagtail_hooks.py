"""Routes and delegations in the sidebar."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.kernel.accounts.web import acting
from gongkai.kernel.approvals.permissions import can_delegate_anywhere


class DelegationMenuItem(MenuItem):
    """Shown to those who sign anything."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor holds a signing post."""
        return can_delegate_anywhere(acting(request))


@hooks.register("register_admin_menu_item")
def routes_menu_item() -> MenuItem:
    """Lead to the routes; everybody in the back office may read them."""
    url = reverse("approvals:staff:route_list")
    return MenuItem("审批路线", url, name="approval-routes", icon_name="gk-split", order=900)


@hooks.register("register_admin_menu_item")
def delegations_menu_item() -> MenuItem:
    """Lead to the actor's delegations."""
    url = reverse("approvals:staff:delegation_list")
    return DelegationMenuItem("签批委托", url, name="approval-delegations", icon_name="gk-return", order=905)
