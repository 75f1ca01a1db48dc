"""The map of the site: every column, unit and service on one page, for people."""

from __future__ import annotations

from typing import Any

from gongkai.domain.site import column_page
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.kernel.orgs.trees import directory_tree
from gongkai.portal.pages.showing import Pages, site_links

TEMPLATE = "portal/site_map.html"


def context(*, columns: tuple[ColumnView, ...], pages: Pages) -> dict[str, Any]:
    """Return what the map shows on the day of ``pages``; ``columns`` is the directory."""
    return {
        "page_title": "网站地图",
        "gk_page": column_page("网站地图", "本网站的全部栏目、单位和服务"),
        "breadcrumbs": [("首页", "/"), ("网站地图", "")],
        "columns": columns,
        "units": [row.unit for row in directory_tree(on=pages.on)],
        "sites": site_links(pages),
    }
