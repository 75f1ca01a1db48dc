"""Guides of one sheet of paper (一页通): of a unit, or of a column of the directory; what is meant to be taken home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.text import Truncator

from gongkai.domain.site import DISCLOSURE, column_page
from gongkai.features.disclosure.public.facts import column_facts
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.features.foi.selectors.terms import reply_terms
from gongkai.features.foi.selectors.units import ASKED
from gongkai.kernel.orgs.trees import directory_unit
from gongkai.rulebook.site import section_words

UNIT, COLUMN = "portal/terminals/unit_sheet.html", "portal/terminals/column_sheet.html"
FUNCTIONS, CHILDREN = 260, 20
"""Characters of a unit's functions, and columns below a column, that fit; what is more stands on the page itself."""

Shown = tuple[str, dict[str, Any]]


def unit_sheet(*, unit_id: int, on: date) -> Shown | None:
    """Return template and context of the sheet of a unit; None for one that has no page on the day."""
    unit = directory_unit(unit_id=unit_id, on=on)
    if unit is None:
        return None
    return UNIT, {
        **_frame(f"{unit.name}公开指南", "单位目录", "/units/", f"/units/{unit.pk}/", unit.name),
        "unit": unit,
        "functions": Truncator(unit.functions.strip()).chars(FUNCTIONS),
        "shown_at": f"{settings.BASE_URL}/units/{unit.pk}/",
        "takes_applications": unit.kind in {kind.value for kind in ASKED},
        "terms": reply_terms(on=on),
    }


def column_sheet(*, code: str, columns: Mapping[str, ColumnView], on: date) -> Shown | None:
    """Return template and context of the sheet of a column; None for one that is not there."""
    column = columns.get(code)
    if column is None:
        return None
    unit = directory_unit(unit_id=column.unit_id, on=on) if column.unit_id is not None else None
    return COLUMN, {
        **_frame(f"{column.name}公开指南", "政府信息公开", "/info/", f"/info/columns/{code}/", column.name),
        "column": column,
        "words": section_words().get(code) or column_facts(column).description,
        "children": column.children[:CHILDREN],
        "more": len(column.children) > CHILDREN,
        "unit": unit,
        "shown_at": f"{settings.BASE_URL}/info/columns/{code}/",
        "terms": reply_terms(on=on),
    }


def _frame(title: str, above: str, above_url: str, url: str, name: str) -> dict[str, Any]:
    return {
        "page_title": title,
        "gk_page": column_page(
            title, f"{title}：公开什么、在哪里看、怎样申请、怎样联系，印在一页纸上", types=(DISCLOSURE,)
        ),
        "breadcrumbs": [("首页", "/"), (above, above_url), (name, url), ("一页通", "")],
        "page_url": f"{settings.BASE_URL}{url}",
        "apply_url": f"{settings.BASE_URL}/apply/",
        "search_url": f"{settings.BASE_URL}/search/",
    }
