"""The sidebar: which of Wagtail's items stay, in which order ours stand, and where its search leads."""

from __future__ import annotations

from collections.abc import MutableSequence

from wagtail.admin.menu import MenuItem

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
HIDDEN = frozenset({"explorer", "images", "documents", "snippets", "reports", "help", "password"})
FIRST = 10


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
