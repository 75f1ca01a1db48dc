"""The entry 信息公开 of the sidebar with its items, each shown only to those it is of use to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from gongkai.features.disclosure import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.web import acting

MENU_HOOK = "register_disclosure_menu_item"
menu = Menu(register_hook_name=MENU_HOOK)


class DisclosureMenuItem(MenuItem):
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


@hooks.register("register_admin_menu_item")
def disclosure_menu_item() -> MenuItem:
    """Open the menu of disclosure; it is not shown to somebody with nothing in it."""
    return SubmenuMenuItem("信息公开", menu, name="disclosure", icon_name="gk-file", order=60)


@hooks.register(MENU_HOOK)
def items_menu_item() -> MenuItem:
    """Lead to the items."""
    url = reverse("disclosure:staff:item_list")
    return DisclosureMenuItem("全部信息", url, name="disclosure-items", icon_name="gk-file", order=10, allowed=has_post)


@hooks.register(MENU_HOOK)
def inbox_menu_item() -> MenuItem:
    """Lead to what waits for the actor's signature."""
    url = reverse("disclosure:staff:inbox")
    return DisclosureMenuItem(
        "待我审核", url, name="disclosure-inbox", icon_name="gk-inbox", order=20, allowed=has_post
    )


@hooks.register(MENU_HOOK)
def desk_menu_item() -> MenuItem:
    """Lead to the release desk."""
    url = reverse("disclosure:staff:release_desk")
    return DisclosureMenuItem("发布台", url, name="disclosure-desk", icon_name="gk-export", order=30, allowed=has_post)


@hooks.register(MENU_HOOK)
def intake_menu_item() -> MenuItem:
    """Lead to the documents handed in."""
    url = reverse("disclosure:staff:intake_list")
    allowed = permissions.can_create_items
    return DisclosureMenuItem("收件", url, name="disclosure-intake", icon_name="gk-import", order=15, allowed=allowed)


@hooks.register(MENU_HOOK)
def timeliness_menu_item() -> MenuItem:
    """Lead to how timely units publish."""
    url = reverse("disclosure:staff:timeliness")
    return DisclosureMenuItem(
        "公开时效", url, name="disclosure-timeliness", icon_name="gk-chart", order=40, allowed=has_post
    )


@hooks.register(MENU_HOOK)
def columns_menu_item() -> MenuItem:
    """Lead to the columns of the directory."""
    url = reverse("disclosure:staff:column_list")
    return DisclosureMenuItem(
        "公开栏目", url, name="disclosure-columns", icon_name="gk-ledger", order=70, allowed=has_post
    )


@hooks.register(MENU_HOOK)
def validity_menu_item() -> MenuItem:
    """Lead to the published items that are to be looked at again."""
    url = reverse("disclosure:staff:validity_list")
    return DisclosureMenuItem(
        "有效性复核", url, name="disclosure-validity", icon_name="gk-clock", order=50, allowed=has_post
    )


@hooks.register(MENU_HOOK)
def reassessment_menu_item() -> MenuItem:
    """Lead to what is not disclosed and is due for its periodic look."""
    url = reverse("disclosure:staff:reassessment_list")
    return DisclosureMenuItem(
        "定期评估", url, name="disclosure-reassessments", icon_name="gk-return", order=52, allowed=has_post
    )


@hooks.register(MENU_HOOK)
def risk_menu_item() -> MenuItem:
    """Lead to the persons whom several items tell too much about."""
    url, allowed = reverse("disclosure:staff:risk_list"), permissions.can_judge_risk
    return DisclosureMenuItem(
        "汇聚风险", url, name="disclosure-risks", icon_name="gk-people", order=54, allowed=allowed
    )


@hooks.register(MENU_HOOK)
def banner_menu_item() -> MenuItem:
    """Lead to the emergency banners."""
    url, allowed = reverse("disclosure:staff:banner_list"), permissions.can_raise_banner
    return DisclosureMenuItem(
        "应急横幅", url, name="disclosure-banners", icon_name="gk-bell", order=56, allowed=allowed
    )


@hooks.register("register_rich_text_features")
def register_link_feature(features: FeatureRegistry) -> None:
    """Add ``gk-link``: links to addresses, without the site builder's page tree that nobody here works with."""
    address = reverse_lazy("wagtailadmin_choose_page_external_link")
    features.register_editor_plugin(
        "draftail",
        "gk-link",
        EntityFeature(
            {
                "type": "LINK",
                "icon": "link",
                "description": "链接",
                "attributes": ["url"],
                "allowlist": {"href": "^(http:|https:|mailto:|#|undefined$)"},
                "chooserUrls": {
                    "pageChooser": address,
                    "externalLinkChooser": address,
                    "emailLinkChooser": reverse_lazy("wagtailadmin_choose_page_email_link"),
                    "phoneLinkChooser": reverse_lazy("wagtailadmin_choose_page_phone_link"),
                    "anchorLinkChooser": reverse_lazy("wagtailadmin_choose_page_anchor_link"),
                },
            },
            js=["wagtailadmin/js/page-chooser-modal.js"],
        ),
    )
    features.register_converter_rule(
        "contentstate",
        "gk-link",
        {
            "from_database_format": {"a[href]": ExternalLinkElementHandler("LINK")},
            "to_database_format": {"entity_decorators": {"LINK": link_entity}},
        },
    )
