"""What the public sees of pages at a moment, for the views, the preview and the static release alike.

Every function returns a template and its context; nothing depends on a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe

from gongkai.domain.site import column_page, home_page
from gongkai.domain.site.freshness import next_due
from gongkai.domain.site.places import (
    TOPIC_STATE_NAMES,
    PageKind,
    TopicState,
    in_order,
    page_path,
    path_url,
    read_path,
    topic_state,
)
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.newest import newest_rows, rows_in_order
from gongkai.features.workplans import selectors as workplans
from gongkai.kernel.orgs.trees import directory_tree, unit_display_names
from gongkai.portal.models import PagePublication
from gongkai.portal.models.pages import ColumnPage, HomePage, SitePage, TextPage, TopicPage
from gongkai.portal.pages import selectors
from gongkai.portal.pages.content import clean_html, content_of, page_from, uses_of
from gongkai.portal.pages.defaults import home_body, home_words
from gongkai.portal.pages.pictures import picture_name
from gongkai.portal.pages.selectors import SiteView

Shown = tuple[str, dict[str, Any]]
HOME, COLUMN, TOPIC, TEXT, TOPICS, COLUMNS = (
    f"portal/pages/{name}.html" for name in ("home", "column", "topic", "text", "topic_list", "column_list")
)
HOME_PLANS, COLUMN_ITEMS, HOME_UNITS = 4, 30, 60
_STATE_ORDER = (TopicState.RUNNING, TopicState.COMING, TopicState.ARCHIVED)


@dataclass
class Pages:
    """The pages of all sites at a moment; what several of them show is read once. ``columns``: the directory, where known."""

    at: datetime
    on: date
    directory_columns: tuple[directory.ColumnView, ...] | None = None

    @cached_property
    def sites(self) -> dict[str, SiteView]:
        """Every site by slug."""
        return selectors.site_views()

    @cached_property
    def columns(self) -> tuple[directory.ColumnView, ...]:
        """The columns of the directory, as a tree."""
        return self.directory_columns if self.directory_columns is not None else directory.column_tree()

    @cached_property
    def published(self) -> dict[str, PagePublication]:
        """What the public reads of all pages, by path."""
        return {row.path: row for row in selectors.publications_now().select_related("website")}

    def paths(self) -> list[str]:
        """Return the path of every page and list of pages that there is, in order."""
        lists = [page_path(slug, kind) for slug in self.sites for kind in (PageKind.COLUMN, PageKind.TOPIC)]
        homes = [page_path(slug, PageKind.HOME) for slug in self.sites]
        return sorted({*lists, *homes, *self.published})

    @cached_property
    def orders(self) -> dict[tuple[int, str], list[int]]:
        """The order that editors gave to the pages of a kind, by site and kind."""
        return selectors.page_orders()

    def of_site(self, site: SiteView, kind: PageKind) -> list[PagePublication]:
        """Return a site's pages of a kind in the order that its editors gave them (``in_order``)."""
        found = {row.page_id: row for row in self.published.values() if (row.website_id, row.kind) == (site.id, kind)}
        return [found[one] for one in in_order(found, kind, self.orders.get((site.id, kind.value), ()))]


def shown_at(path: str, pages: Pages) -> Shown | None:
    """Return template and context of what the public reads at a path; None where there is nothing."""
    read = read_path(path)
    site = pages.sites.get(read[0]) if read is not None else None
    if read is None or site is None:
        return None
    _, kind, slug = read
    if kind in (PageKind.COLUMN, PageKind.TOPIC) and not slug:
        return (_topic_list if kind is PageKind.TOPIC else _column_list)(site, pages)
    publication = pages.published.get(path)
    if publication is not None:
        return page_shown(page_from(kind, publication.content), site, pages)
    return page_shown(_plain_home(site), site, pages) if kind is PageKind.HOME else None


def page_shown(page: SitePage, site: SiteView, pages: Pages) -> Shown:
    """Return template and context of a page with this content, published or not."""
    show: Callable[[Any, SiteView, Pages], Shown] = _SHOW[page.kind]
    return show(page, site, pages)


def _plain_home(site: SiteView) -> HomePage:
    headline, lead = home_words(primary=not site.slug, name=site.name)
    return HomePage(title="首页", slug="home", headline=headline, lead=lead, body=home_body(primary=not site.slug))


def frame(site: SiteView) -> dict[str, Any]:
    """Return what the frame of a page tells of the site it belongs to; of the primary one the settings tell."""
    given: dict[str, Any] = {"gk_home": site.home}
    primary = settings.SITE["name"] or f"{settings.PLACE}政务公开"
    return {**given, "gk_site": site.facts, "gk_other_site": True, "gk_primary": primary} if site.facts else given


def _crumbs(site: SiteView, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [("首页", site.home), *rest]


def _home(page: HomePage, site: SiteView, pages: Pages) -> Shown:
    blocks = [
        {"kind": block.block_type, **_home_block(block.block_type, block.value, site, pages)} for block in page.body
    ]
    blocks = [one for one in blocks if _worth(one, site)]
    _pair(blocks)
    return HOME, {
        **frame(site),
        "gk_page": home_page(),
        "page_title": site.name or "首页",
        "headline": page.headline,
        "lead": page.lead,
        "notice": page.notice,
        "notice_url": page.notice_url,
        "blocks": blocks,
    }


def _worth(block: Mapping[str, Any], site: SiteView) -> bool:
    """Tell whether a block has something to show: topics that run; plans of the primary site; units to choose among."""
    match block["kind"]:
        case "topics":
            return bool(block["topics"])
        case "plans":
            return not site.slug
        case "units":
            return not site.slug or len(block["units"]) > 1
        case _:
            return True


def _pair(blocks: list[dict[str, Any]]) -> None:
    """Give every block its width: a wide list with the entries beside it, two lists side by side, else a whole line."""
    narrow = [one for one in blocks if one["kind"] == "news" and not one["wide"]]
    for number, one in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if one["kind"] == "news" and one["wide"]:
            one["span"] = "main" if after is not None and after["kind"] == "entries" else "full"
        elif one["kind"] == "entries":
            before = blocks[number - 1] if number else None
            one["span"] = "side" if before is not None and before.get("span") == "main" else "full"
        else:
            one["span"] = "half" if one in narrow else "full"


def _home_block(kind: str, value: Mapping[str, Any], site: SiteView, pages: Pages) -> dict[str, Any]:
    title = {"title": value["title"]}
    match kind:
        case "news":
            code = value["source"] or ""
            wanted = site.wanted(columns=[code] if code else [])
            rows = newest_rows(wanted=wanted, size=int(value["count"]), at=pages.at)
            return {**title, "rows": rows, "wide": value["wide"], "more": _more(code, site, pages)}
        case "topics":
            topics = [one for one in topic_cards(site, pages) if one["state"] is TopicState.RUNNING]
            more = path_url(page_path(site.slug, PageKind.TOPIC))
            return {**title, "topics": topics[: int(value["count"])], "more": more}
        case "columns":
            own = [(row.title, path_url(row.path)) for row in pages.of_site(site, PageKind.COLUMN)]
            return {**title, "own": own, "columns": pages.columns}
        case "plans":
            plans = workplans.public_plan_list(today=pages.on)[:HOME_PLANS] if not site.slug else []
            return {**title, "plans": plans}
        case "units":
            units = [row.unit for row in directory_tree(on=pages.on) if row.unit.kind not in ("village", "government")]
            own = [one for one in units if (site.units is None and one.pk not in site.others) or _in(one.pk, site)]
            return {**title, "units": own[:HOME_UNITS], "more": len(own) > HOME_UNITS}
        case _:
            return {**title, "links": [dict(one) for one in value["links"]]}


def _in(unit_id: int, site: SiteView) -> bool:
    return site.units is not None and unit_id in site.units


def _more(code: str, site: SiteView, pages: Pages) -> str:
    """Return where all of a list are: of the primary site in the directory, of another one on a page of its own."""
    for row in pages.of_site(site, PageKind.COLUMN):
        if row.content.get("codes") == ([code] if code else []) and not row.content.get("unit_ids"):
            return path_url(row.path)
    if site.slug:
        return path_url(page_path(site.slug, PageKind.COLUMN))
    return f"/info/columns/{code}/" if code else "/info/"


def topic_cards(site: SiteView, pages: Pages) -> list[dict[str, Any]]:
    """Return the topics of a site as cards: those that run first, then those to come, then those that are over."""
    cards = [_card(row, pages.on) for row in pages.of_site(site, PageKind.TOPIC)]
    return sorted(cards, key=lambda card: _STATE_ORDER.index(card["state"]))


def _card(row: PagePublication, on: date) -> dict[str, Any]:
    page = page_from(PageKind.TOPIC, row.content)
    assert isinstance(page, TopicPage)
    state = _state(page, on)
    picture = picture_name(page.picture) if page.picture else ""
    return {
        "title": row.title,
        "url": path_url(row.path),
        "lead": page.lead,
        "picture": f"{path_url(row.path)}{picture}" if picture else "",
        "picture_alt": page.picture_alt,
        "state": state,
        "state_name": TOPIC_STATE_NAMES[state],
    }


def _state(page: TopicPage, on: date) -> TopicState:
    return topic_state(on, starts_on=page.starts_on, ends_on=page.ends_on, archived=page.archived)


def site_links(pages: Pages) -> list[dict[str, Any]]:
    """Return every site with the addresses of its columns, topics and texts, the primary one first."""
    found = []
    for slug, site in sorted(pages.sites.items()):
        groups = [
            (name, path_url(page_path(slug, kind)) if kind is not PageKind.TEXT else "", pages.of_site(site, kind))
            for kind, name in ((PageKind.COLUMN, "栏目"), (PageKind.TOPIC, "专题"), (PageKind.TEXT, "说明"))
        ]
        links = [(name, url, [(row.title, path_url(row.path)) for row in rows]) for name, url, rows in groups if rows]
        found.append({"name": site.name, "url": site.home, "primary": not slug, "groups": links})
    return found


def _topic_list(site: SiteView, pages: Pages) -> Shown:
    cards = topic_cards(site, pages)
    return TOPICS, {
        **frame(site),
        "page_title": "专题",
        "gk_page": column_page("专题", f"{site.name or '本网站'}的专题", keywords=("专题",)),
        "breadcrumbs": _crumbs(site, ("专题", "")),
        "running": [one for one in cards if one["state"] is not TopicState.ARCHIVED],
        "archived": [one for one in cards if one["state"] is TopicState.ARCHIVED],
    }


def _column_list(site: SiteView, pages: Pages) -> Shown:
    own = [
        {"title": row.title, "url": path_url(row.path), "words": row.content.get("description", "")}
        for row in pages.of_site(site, PageKind.COLUMN)
    ]
    return COLUMNS, {
        **frame(site),
        "page_title": "栏目",
        "gk_page": column_page("栏目", f"{site.name or '本网站'}的栏目", keywords=("栏目",)),
        "breadcrumbs": _crumbs(site, ("栏目", "")),
        "own": own,
        "columns": pages.columns,
    }


def _column(page: ColumnPage, site: SiteView, pages: Pages) -> Shown:
    rows = newest_rows(wanted=site.wanted(columns=page.codes, units=page.unit_ids), size=COLUMN_ITEMS, at=pages.at)
    newest = max((row.published_at for row in rows), default=None)
    units = unit_display_names(unit_ids=[*page.unit_ids, *([page.keeper_id] if page.keeper_id else [])])
    due = next_due(last=timezone.localdate(newest) if newest else None, update_days=page.update_days)
    words = [one.strip() for one in page.keywords.replace("，", ",").split(",")]
    return COLUMN, {
        **frame(site),
        "page_title": page.title,
        "gk_page": column_page(
            page.title, page.description, keywords=[one for one in words if one], types=(page.column_type,)
        ),
        "breadcrumbs": _crumbs(site, ("栏目", path_url(page_path(site.slug, PageKind.COLUMN))), (page.title, "")),
        "page": page,
        "rows": rows,
        "updated_on": newest,
        "next_due": due,
        "keeper": units.get(page.keeper_id or 0, ""),
        "full": len(rows) == COLUMN_ITEMS,
        "codes": [one for one in directory.walk(pages.columns) if one.code in set(page.codes)],
        "units": [(one, units[one]) for one in page.unit_ids if one in units],
        "columns": [(row.title, path_url(row.path)) for row in pages.of_site(site, PageKind.COLUMN)],
    }


def _topic(page: TopicPage, site: SiteView, pages: Pages) -> Shown:
    chosen = uses_of(PageKind.TOPIC, content_of(page)).items
    rows = {row.item_id: row for row in rows_in_order(item_ids=chosen, at=pages.at)}
    sections = []
    for number, block in enumerate(page.body.raw_data, 1):
        value = block["value"]
        entries = [_entry(one, rows) for one in value["entries"]]
        section = {"id": f"s{number}", "title": value["title"], "text": value.get("text") or ""}
        sections.append({**section, "entries": [one for one in entries if one is not None]})
    state = _state(page, pages.on)
    url = path_url(page_path(site.slug, PageKind.TOPIC, page.slug))
    picture = picture_name(page.picture) if page.picture else ""
    return TOPIC, {
        **frame(site),
        "page_title": page.title,
        "gk_page": column_page(
            page.title, page.lead, keywords=[one.strip() for one in page.keywords.replace("，", ",").split(",") if one]
        ),
        "breadcrumbs": _crumbs(site, ("专题", path_url(page_path(site.slug, PageKind.TOPIC))), (page.title, "")),
        "page": page,
        "picture": f"{url}{picture}" if picture else "",
        "sections": [one for one in sections if one["entries"] or one["text"]],
        "state": state.value,
        "state_name": TOPIC_STATE_NAMES[state],
    }


def _entry(entry: Mapping[str, Any], rows: Mapping[int, Any]) -> dict[str, Any] | None:
    """Return an entry of a section; None for an item that the public does not read (any more)."""
    if entry["type"] == "link":
        value = entry["value"]
        return {"text": value["text"], "url": value["url"], "note": value.get("note") or ""}
    row = rows.get(int(entry["value"] or 0))
    return None if row is None else {"row": row}


def _text(page: TextPage, site: SiteView, pages: Pages) -> Shown:
    parts = [
        {"kind": "text", "html": mark_safe(clean_html(block.value.source))}
        if block.block_type == "text"
        else {"kind": "links", "links": [dict(one) for one in block.value]}
        for block in page.body
    ]
    return TEXT, {
        **frame(site),
        "page_title": page.title,
        "gk_page": column_page(page.title, page.lead or page.title),
        "breadcrumbs": _crumbs(site, (page.title, "")),
        "page": page,
        "parts": parts,
    }


_SHOW: dict[PageKind, Callable[[Any, SiteView, Pages], Shown]] = {
    PageKind.HOME: _home,
    PageKind.COLUMN: _column,
    PageKind.TOPIC: _topic,
    PageKind.TEXT: _text,
}
