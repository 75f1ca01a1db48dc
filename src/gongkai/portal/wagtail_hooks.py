"""The public site in the sidebar of the back office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page

from gongkai.kernel.accounts.web import acting
from gongkai.kernel.errors import Refused
from gongkai.portal.feedback.permissions import can_handle_any_feedback
from gongkai.portal.models import HomePage
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.chooser import item_chooser
from gongkai.portal.pages.permissions import can_manage_websites
from gongkai.portal.pages.selectors import any_site
from gongkai.portal.pages.services.publishing import page_check, page_kept_back


class FeedbackMenuItem(MenuItem):
    """Shown to those who answer for the pages of a unit."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person handles what readers say of any unit's pages."""
        return can_handle_any_feedback(acting(request))


@hooks.register("register_admin_menu_item")
def feedback_menu_item() -> MenuItem:
    """Lead to what readers said of public pages."""
    url = reverse("feedback:staff:page_list")
    return FeedbackMenuItem("页面评价", url, name="page-feedback", icon_name="gk-edit", order=216)


@hooks.register("register_admin_menu_item")
def search_menu_item() -> MenuItem:
    """Lead to what people looked for and did not find, synonyms and pinned results."""
    return MenuItem("站内检索", reverse("search:staff:miss_list"), name="site-search", icon_name="gk-search", order=215)


class SitesMenuItem(MenuItem):
    """Shown to those who write pages of a site, or set sites up."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the person has use for it."""
        actor = acting(request)
        return can_manage_websites(actor) or any_site(actor=actor, on=timezone.localdate())


@hooks.register("register_admin_menu_item")
def sites_menu_item() -> MenuItem:
    """Lead to the sites and their pages."""
    return SitesMenuItem("网站", reverse("sites:staff:website_list"), name="websites", icon_name="site", order=214)


@hooks.register("register_admin_viewset")
def item_chooser_viewset() -> ViewSet:
    """Let editors of topics look for items."""
    return item_chooser


@hooks.register("before_publish_page")
def check_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say why a page may not be published now; what was written is kept as a draft."""
    if not isinstance(page, SitePage):
        return None
    try:
        page_check(actor=acting(request), page=page, now=timezone.now())
    except Refused as refused:
        page_kept_back(page=page)
        messages.warning(request, "草稿已保存，没有发布：")
        for sentence in refused.sentences():
            messages.error(request, sentence)
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("before_unpublish_page")
@hooks.register("before_delete_page")
@hooks.register("before_move_page")
def keep_first_page(request: HttpRequest, page: Page, destination: Page | None = None) -> HttpResponse | None:
    """Keep the first page of a site where it is, and every page within its site."""
    if isinstance(page.specific, HomePage):
        messages.error(request, "首页不能撤下、删除或移动。需要时请修改首页内容。")
        return redirect("wagtailadmin_explore", page.pk)
    return None


@hooks.register("before_bulk_action")
def one_by_one(request: HttpRequest, action_type: str, objects: list[Page], action: object) -> HttpResponse | None:
    """Refuse to publish, move, delete or take down pages in bulk: each is read before."""
    if any(isinstance(one, Page) for one in objects):
        messages.error(request, "页面请逐个打开，看过以后再办理。")
        return redirect("sites:staff:website_list")
    return None
