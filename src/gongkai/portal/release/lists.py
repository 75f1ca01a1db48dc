"""The pages of lists, the home page and the sitemap, each from the places that items have."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse

from gongkai.domain.release import (
    ALL,
    Kind,
    ListKey,
    Part,
    index_numbers,
    index_pages,
    numbers_of,
    pages_in,
    shard_numbers,
    sitemap_shards_in,
    url_of,
)
from gongkai.domain.release.lists import column_of, unit_of
from gongkai.features.disclosure.public.facts import column_head, list_page, section_parts
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.standing import public_moments
from gongkai.features.workplans import selectors as workplans
from gongkai.kernel.orgs.public.pages import unit_ids
from gongkai.portal.release import selectors
from gongkai.portal.release.shared import Moment
from gongkai.portal.release.site_pages import page_urls

LIST = "portal/release/list.html"


def list_context(part: Part, moment: Moment) -> dict[str, Any] | None:
    """Return what a page of a list shows; None for a list or a page that is not there."""
    key = part.key
    column = moment.columns_by_code.get(column_of(key))
    title = _title(key, column, moment)
    state = moment.state(key)
    last = pages_in(state.count)
    first_page = part.kind is Kind.LIST
    if not title or (not first_page and not 1 <= part.number <= last):
        return None
    numbers = index_numbers(state.count) if first_page else numbers_of(part.number)
    rows = moment.rows(moment.items_at(key, numbers))
    older = (index_pages(state.count).start if first_page else part.number) - 1
    list_url = url_of(Part(Kind.LIST, key))
    crumbs = [("首页", "/"), ("政府信息公开", "/info/" if key != ALL or not first_page else "")]
    if key != ALL:
        crumbs.append((title, "" if first_page else list_url))
    if not first_page:
        crumbs.append((f"第{part.number}页", ""))
    return {
        "page_title": title if first_page else f"{title}（第{part.number}页）",
        "title": title,
        "gk_page": list_page(title, column),
        "breadcrumbs": crumbs,
        "column": column,
        "columns": moment.columns,
        "rows": rows,
        "parts": section_parts(moment.columns) if first_page and key == ALL else [],
        **(column_head(column, rows) if first_page else {}),
        "shown": state.shown if first_page else None,
        "list_url": list_url,
        "newer": "" if first_page else _page_url(key, part.number + 1) if part.number < last else list_url,
        "older": _page_url(key, older) if older > 0 else "",
    }


def list_parts(*, at: datetime) -> list[Part]:
    """Return the first page of every list: everything, each column, each unit that published anything."""
    found = [Part(Kind.LIST, ALL)]
    found += [Part(Kind.LIST, f"column:{column.code}") for column in columns_flat()]
    found += [Part(Kind.LIST, key) for key in selectors.list_keys() if unit_of(key) is not None]
    return found


def columns_flat() -> list[directory.ColumnView]:
    """Return every column that is not closed, in the order of the tree."""
    return list(directory.walk(directory.column_tree()))


def list_page_parts() -> list[Part]:
    """Return every numbered page of every list."""
    return [
        Part(Kind.LIST_PAGE, key, number)
        for key, count in selectors.list_keys().items()
        for number in range(1, pages_in(count) + 1)
    ]


def sitemap_shard(number: int, *, at: datetime, today: date) -> bytes:
    """Return a file of the sitemap; number 0 holds the pages that are no items."""
    if number == 0:
        parts = [Part(Kind.HOME), *list_parts(at=at), Part(Kind.UNITS), Part(Kind.PLANS), Part(Kind.SITE_MAP)]
        urls = [*(url_of(part) for part in parts), reverse("foi:public:start"), *page_urls(at=at, on=today)]
        urls += [f"/units/{unit_id}/" for unit_id in unit_ids(on=today)]
        urls += [f"/plans/{plan.id}/" for plan in workplans.public_plan_list(today=today)]
        lines = [f"<url><loc>{_address(url)}</loc></url>" for url in urls]
    else:
        ids = selectors.items_at(key=ALL, numbers=shard_numbers(number))
        moments = public_moments(item_ids=ids, at=at)
        lines = [
            f"<url><loc>{_address(f'/info/{moments[one][0]}/')}</loc><lastmod>{moments[one][1].isoformat()}</lastmod></url>"
            for one in ids
            if one in moments
        ]
    return _xml("urlset", lines)


def sitemap_index() -> bytes:
    """Return the list of the sitemap's files."""
    shards = sitemap_shards_in(selectors.list_state(key=ALL).count)
    numbers = range(shards + 1)
    return _xml("sitemapindex", [f"<sitemap><loc>{_address(f'/sitemap/{n}.xml')}</loc></sitemap>" for n in numbers])


def sitemap_parts() -> list[Part]:
    """Return the sitemap and all its files."""
    shards = sitemap_shards_in(selectors.list_state(key=ALL).count)
    return [Part(Kind.SITEMAP), *(Part(Kind.SITEMAP_SHARD, number=n) for n in range(shards + 1))]


def _title(key: ListKey, column: directory.ColumnView | None, moment: Moment) -> str:
    if key == ALL:
        return "政府信息公开"
    unit_id = unit_of(key)
    if unit_id is not None:
        return moment.unit_name(unit_id)
    return column.name if column is not None else ""


def _page_url(key: ListKey, number: int) -> str:
    return url_of(Part(Kind.LIST_PAGE, key, number))


def _address(path: str) -> str:
    return escape(f"{settings.BASE_URL}{path}")


def _xml(root: str, lines: list[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "".join(f"{line}\n" for line in lines) + f"</{root}>\n").encode()
