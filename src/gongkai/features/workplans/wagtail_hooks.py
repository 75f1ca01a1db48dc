"""The items of the sidebar, each shown only to those it is of use to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gongkai.features.workplans import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.web import acting


class LedgerMenuItem(MenuItem):
    """An item that asks who is there before it shows."""

    def __init__(self, *args: Any, allowed: Callable[[Actor], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the actor has use for it."""
        actor = acting(request)
        return self.allowed(actor)


def has_post(actor: Actor) -> bool:
    """Tell whether the actor holds any post today."""
    return bool(actor.grants)


def works_for_unit(actor: Actor) -> bool:
    """Tell whether items can wait for the actor: people of units, and whoever checks for all of them."""
    return any(permissions.can_answer_notice(actor, unit_id) for unit_id in actor.unit_ids)


@hooks.register("register_admin_menu_item")
def plans_menu_item() -> MenuItem:
    """Lead to the plans."""
    url = reverse("workplans:staff:plan_list")
    return LedgerMenuItem("工作要点", url, name="workplans-plans", icon_name="gk-plan", order=10, allowed=has_post)


@hooks.register("register_admin_menu_item")
def ledger_menu_item() -> MenuItem:
    """Lead to the ledger."""
    url = reverse("workplans:staff:item_list")
    return LedgerMenuItem("任务台账", url, name="workplans-ledger", icon_name="gk-ledger", order=20, allowed=has_post)


@hooks.register("register_admin_menu_item")
def mine_menu_item() -> MenuItem:
    """Lead to what waits for the actor."""
    url = reverse("workplans:staff:my_work")
    return LedgerMenuItem(
        "我的任务", url, name="workplans-mine", icon_name="gk-clock", order=30, allowed=works_for_unit
    )


@hooks.register("register_admin_menu_item")
def overview_menu_item() -> MenuItem:
    """Lead to the overview by unit."""
    url = reverse("workplans:staff:overview")
    allowed = permissions.can_see_overview
    return LedgerMenuItem("各单位进度", url, name="workplans-overview", icon_name="gk-chart", order=40, allowed=allowed)


@hooks.register("register_admin_menu_item")
def notices_menu_item() -> MenuItem:
    """Lead to the supervision notices."""
    url = reverse("workplans:staff:notice_list")
    return LedgerMenuItem("督办单", url, name="workplans-notices", icon_name="gk-bell", order=50, allowed=has_post)
