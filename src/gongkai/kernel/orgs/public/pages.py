"""What the public pages of the unit directory show on a day, for the views and for the static release alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.domain.site import DISCLOSURE, column_page
from gongkai.kernel.orgs.trees import directory_tree, directory_unit

LIST, UNIT = "orgs/public/unit_list.html", "orgs/public/unit_detail.html"


def list_context(*, on: date) -> dict[str, Any]:
    """Return the directory of the units that exist on the day, as a tree."""
    return {
        "page_title": "单位目录",
        "gk_page": column_page(
            "单位目录", "各级机关和单位的职能、办公地址、办公时间、联系电话和负责人", types=(DISCLOSURE, "机构职能")
        ),
        "breadcrumbs": [{"label": "首页", "url": "/"}, {"label": "单位目录", "url": ""}],
        "rows": directory_tree(on=on),
    }


def unit_ids(*, on: date) -> list[int]:
    """Return the ids of the units that have a page on the day."""
    return [row.unit.pk for row in directory_tree(on=on)]


def unit_context(*, unit_id: int, on: date) -> dict[str, Any] | None:
    """Return one unit's functions, address, hours, phone and head; None for one that has no page on the day."""
    unit = directory_unit(unit_id=unit_id, on=on)
    if unit is None:
        return None
    return {
        "page_title": unit.name,
        "gk_page": column_page(
            unit.name, f"{unit.name}的职能、办公地址、办公时间、联系电话和负责人", types=(DISCLOSURE, "机构职能")
        ),
        "breadcrumbs": [
            {"label": "首页", "url": "/"},
            {"label": "单位目录", "url": reverse("orgs:public:unit_list")},
            {"label": unit.name, "url": ""},
        ],
        "unit": unit,
        "below": [row.unit for row in directory_tree(on=on) if row.unit.parent_id == unit.pk],
    }
