"""The sidebar: which of Wagtail's items stay, in which order ours stand, and where its search leads."""

from __future__ import annotations

from collections.abc import Iterable, MutableSequence

from wagtail.admin.menu import Menu, MenuItem
from wagtail.admin.search import Search
from wagtail.admin.telepath import register, registry
from wagtail.admin.ui import sidebar

# By icon, because features name their own items; those not listed here keep the order they ask for, after these.
ORDER = (
    "gk-home",
    "gk-plan",
    "gk-import",
    "gk-ledger",
    "gk-clock",
    "gk-chart",
    "gk-light-green",
    "gk-bell",
    "gk-file",
    "gk-inbox",
    "gk-unit",
    "gk-people",
    "gk-calendar",
    "gk-audit",
)
# Pages are reached from the list of sites; pictures and documents of the site builder are not used. The password is
# changed from the account page at the foot of the sidebar.
HIDDEN = frozenset({"explorer", "images", "documents", "collections", "snippets", "reports", "help", "password"})
DRAWN = (
    sidebar.LinkMenuItem,
    sidebar.ActionMenuItem,
    sidebar.SubMenuItem,
    sidebar.WagtailBrandingModule,
    sidebar.SearchModule,
    sidebar.MainMenuModule,
)
FIRST = 10
SEARCH = "work_items"
"""The one search of the sidebar. Lists of pages, people and files have their own."""


def order_of(item: MenuItem) -> int:
    """Return where an item of the sidebar stands."""
    if item.icon_name in ORDER:
        return FIRST + 10 * ORDER.index(item.icon_name)
    return max(item.order, FIRST + 10 * len(ORDER))


def trim(items: MutableSequence[MenuItem]) -> None:
    """Take out what nobody needs here and put the rest in order."""
    kept = [item for item in items if item.name not in HIDDEN]
    for item in kept:
        item.order = order_of(item)
    items[:] = kept


def forget_hidden(menus: Iterable[Menu], search: Search) -> None:
    """Take what is hidden from everybody out for good; when it is asked for again nothing is left to do.

    Whether a hidden item would be shown to a person, and whether one of the searches beside ours, costs several
    statements and a fifth of the time of a page; Wagtail asks all of them on every page before it lets us choose.
    """
    for menu in menus:
        if any(item.name in HIDDEN for item in menu.registered_menu_items):
            menu.registered_menu_items = [item for item in menu.registered_menu_items if item.name not in HIDDEN]
    if len(search.registered_search_areas) > 1:
        search.registered_search_areas = [area for area in search.registered_search_areas if area.name == SEARCH]


def spare_scripts() -> None:
    """Hand the parts of the sidebar to the browser without naming their script beside each of some forty of them.

    Wagtail writes that list down anew for every part only to see that it was there already, and nothing reads it: the
    script comes with every page of the admin.
    """
    for part in DRAWN:
        known = type(registry.adapters[part])
        register(type(known.__name__, (known,), {"get_media": lambda adapter, part: None})(), part)
