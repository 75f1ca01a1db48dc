"""What the pages for terminals show: where to begin, what to read, what to print, and the word that the network is down.

Nothing depends on who reads. What makes a browser a terminal is a script (``design/js/kiosk.js``); without it these are
pages like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from gongkai.domain.site import column_page
from gongkai.features.disclosure.public.facts import section_parts
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.features.disclosure.selectors.public_items import PublicRow
from gongkai.kernel.orgs.trees import directory_tree

START, READ, PRINT, OFFLINE = "", "read", "print", "offline"
PAGES = (START, READ, PRINT, OFFLINE)
TITLES = {START: "自助查阅", READ: "查阅公开信息", PRINT: "打印一页通", OFFLINE: "网络断开"}
TEMPLATES = {key: f"portal/terminals/{key or 'start'}.html" for key in PAGES}
NEWEST = 8
"""Items that the page for reading shows; all of them are one touch away."""


def terminal_context(
    key: str, *, columns: Sequence[ColumnView], rows: Sequence[PublicRow] = (), on: date
) -> dict[str, Any] | None:
    """Return what a page for terminals shows; None for one that there is not. ``rows``: the newest items, for reading."""
    if key not in PAGES:
        return None
    title = TITLES[key]
    context: dict[str, Any] = {
        "page_title": title,
        "gk_page": column_page(title, f"服务大厅自助终端：{title}"),
        "here": f"/kiosk/{key}/" if key else "/kiosk/",
        "idle": settings.KIOSK_IDLE_SECONDS,
        "address": f"{settings.BASE_URL}/",
    }
    if key == READ:
        context |= {
            "parts": [(column, words) for column, words in section_parts(columns) if column.statutory != "29"],
            "rows": rows[:NEWEST],
        }
    if key == PRINT:
        units = [row.unit for row in directory_tree(on=on) if row.unit.kind != "village"]
        context |= {"columns": columns, "units": units}
    return context
