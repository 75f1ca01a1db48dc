"""How the Wagtail admin becomes the staff workbench: our styles, icons, menu and home panels."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem, admin_menu, settings_menu
from wagtail.admin.search import SearchArea, admin_search_areas

from gongkai.design.icons import templates as icon_templates
from gongkai.workbench.menu import SEARCH, forget_hidden, spare_scripts, trim
from gongkai.workbench.panels import home_panels

STYLES = ("tokens", "base", "layout", "forms", "tables", "components", "lists", "charts", "staff")


spare_scripts()


@hooks.register("insert_global_admin_css")
def admin_styles() -> SafeString:
    """Load the components on every page of the admin."""
    screen = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"design/css/{name}.css"),) for name in STYLES)
    )
    paper = format_html_join("", '<link rel="stylesheet" media="print" href="{}">', [(static("design/css/print.css"),)])
    return screen + paper


@hooks.register("insert_global_admin_js")
def admin_scripts() -> SafeString:
    """Load the small conveniences on every page of the admin."""
    return format_html_join("", '<script src="{}" defer></script>', [(static("design/js/gk.js"),)])


@hooks.register("register_icons")
def admin_icons(icons: list[str]) -> list[str]:
    """Add our icons to the sprite of the admin."""
    return icons + icon_templates()


@hooks.register("register_admin_menu_item")
def home_menu_item() -> MenuItem:
    """Lead back to the staff home from everywhere."""
    return MenuItem("工作台", reverse("wagtailadmin_home"), name="workbench", icon_name="gk-home", order=1)


@hooks.register("construct_main_menu", order=1000)
def main_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Keep in the sidebar what is of use, in our order, under the name of the person."""
    trim(items)
    forget_hidden((admin_menu, settings_menu), admin_search_areas)  # here: items are known with the first page only
    # The foot of the sidebar shows the first name; ours is kept in one field. Set for this page only, never saved.
    request.user.first_name = request.user.get_full_name()


@hooks.register("register_admin_search_area")
def search_area() -> SearchArea:
    """Let the search of the sidebar look in the ledger; the first area is the one it uses, and the only one kept."""
    return SearchArea("任务", reverse("workbench:find"), name=SEARCH, icon_name="gk-ledger", order=-1)


@hooks.register("construct_homepage_panels", order=1000)
def homepage_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Replace Wagtail's panels by ours."""
    panels[:] = home_panels(request)
