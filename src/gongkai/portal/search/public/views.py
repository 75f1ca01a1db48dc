"""The page of results, and suggestions while somebody types. Whatever is asked, the answer is a page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.domain.search import Query, clean, parse_query
from gongkai.domain.site import column_page
from gongkai.features.disclosure.selectors import directory
from gongkai.features.disclosure.selectors.public_items import PublicFilters, public_item_list
from gongkai.portal.search import selectors
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.public.feed import feed_of
from gongkai.portal.search.public.links import Link, facet_links, removals
from gongkai.portal.search.selectors import SIZE, Asked, Found
from gongkai.portal.search.services.misses import miss_record
from gongkai.portal.search.throttle import SECONDS, too_many
from gongkai.rulebook.disclosure import disclosure_rules

logger = logging.getLogger(__name__)

TOO_MANY, UNAVAILABLE = 429, 503
AGAIN_SECONDS = 60
"""After how long a browser or a program may try again; a technical bound."""
SHOWN_COLUMNS = 12
View = Callable[[HttpRequest], HttpResponse]


def told_away(view: View) -> View:
    """Where the database does not answer, say so, and lead to the published pages, which need none."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except (OperationalError, InterfaceError):
            logger.warning("a search could not be answered: the database does not answer")
            context = {"page_title": "检索暂时不能使用", "text": clean(request.GET.get("q", ""))}
            response = render(request, "search/public/away.html", context, status=UNAVAILABLE)
            response["Retry-After"] = str(AGAIN_SECONDS)
            return response

    return answered


@require_safe
@never_cache
@told_away
def page(request: HttpRequest) -> HttpResponse:
    """Show what is found, narrowed and in the order that was asked for; without a query, where to begin."""
    asked = _asked(request)
    if (asked.text or asked.filters.active) and too_many(request):
        context = {"page_title": "检索过于频繁", "text": clean(asked.text), "wait": SECONDS}
        response = render(request, "search/public/too_many.html", context, status=TOO_MANY)
        response["Retry-After"] = str(SECONDS)
        return response
    now = timezone.now()
    found = _search(asked, now)
    if not found.ready:
        found = _plain(asked, found.query, now)
    if _missed(asked, found):
        _note(found.query, now)
    text = found.query.text
    context = {
        "page_title": f"{text} - 检索" if text else "站内检索",
        "gk_page": column_page("站内检索", "在公开的文件和信息中检索"),
        "breadcrumbs": [("首页", "/"), ("站内检索", "")],
        "found": found,
        "text": text,
        "searched": bool(text or asked.filters.active),
        "by_date": asked.by_date,
        "filters": asked.filters,
        "orders": _orders(asked, text),
        "facets": facet_links(found.facets, asked, text),
        "chosen": removals(found.facets, asked, text),
        "kinds": {code: kind.name for code, kind in disclosure_rules().kinds.items()},
        "page_obj": Paginator(range(min(found.total, found.pages * SIZE)), SIZE).get_page(found.page),
        "alert_url": reverse("alerts:public:save") + _address(text, asked.filters, by_date=False),
        "feed_url": reverse("search:public:feed") + _address(text, asked.filters, by_date=False),
        "corrected_url": _address(found.corrected, Filters(), by_date=False) if found.corrected else "",
        "columns": directory.column_tree()[:SHOWN_COLUMNS] if not found.hits else (),
        "shorter": _shorter(found.query) if not found.hits else (),
    }
    return render(request, "search/public/page.html", context)


@require_safe
@never_cache
@told_away
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest results as Atom, so that a saved query tells by itself what is new."""
    asked = _asked(request)
    if too_many(request):
        response = HttpResponse(status=TOO_MANY)
        response["Retry-After"] = str(SECONDS)
        return response
    now = timezone.now()
    found = _search(replace(asked, by_date=True, page=1), now)
    if found.loose or not found.ready:
        found = Found(query=found.query)  # what has only some of the words is no news
    text = found.query.text
    data = feed_of(
        found,
        title=f"检索：{text}" if text else "最新公开",
        query=_address(text, asked.filters, by_date=False),
        now=now,
    )
    return HttpResponse(data, content_type="application/atom+xml; charset=utf-8")


@require_safe
@never_cache
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return titles that begin as typed, as JSON ``{"suggestions": […]}``."""
    try:
        if too_many(request, typing=True):
            response = JsonResponse({"suggestions": []}, status=TOO_MANY)
            response["Retry-After"] = str(SECONDS)
            return response
        found = selectors.suggest(text=request.GET.get("q", "")[:200], at=timezone.now())
    except (ValueError, OSError, OperationalError, InterfaceError):
        logger.exception("nothing could be suggested")
        found = []
    return JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    number = given.get("page", "")
    return Asked(
        text=given.get("q", ""),
        filters=selectors.filters_of(given),
        by_date=given.get("order") == "date",
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def _search(asked: Asked, now: datetime) -> Found:
    """Ask the index; one that cannot answer is logged, and the plain list takes its place."""
    try:
        return selectors.search(asked=asked, at=now)
    except (ValueError, OSError):
        logger.exception("the search index could not answer")
        return Found(query=parse_query(asked.text), ready=False)


def _plain(asked: Asked, query: Query, now: datetime) -> Found:
    """What the plain list finds, while there is no index: titles and numbers, newest first."""
    listed = public_item_list(filters=PublicFilters(text=query.text), page=max(1, asked.page), size=SIZE, at=now)
    hits = tuple(selectors.hit_of(row) for row in listed.rows)
    return Found(query=query, hits=hits, total=listed.total, page=listed.page, pages=listed.pages, ready=False)


def _missed(asked: Asked, found: Found) -> bool:
    nothing = not found.hits or found.loose
    return nothing and found.ready and not asked.filters.active and asked.page == 1 and not found.query.empty


def _note(query: Query, now: datetime) -> None:
    """Count a query that found nothing; a page is shown whether that works or not."""
    try:
        with transaction.atomic():
            miss_record(query=query, on=timezone.localdate(now))
    except DatabaseError:
        logger.exception("a query that found nothing could not be counted")


def _orders(asked: Asked, text: str) -> list[Link]:
    return [
        Link("按相关度", _address(text, asked.filters, by_date=False), current=not asked.by_date),
        Link("按时间", _address(text, asked.filters, by_date=True), current=asked.by_date),
    ]


def _address(text: str, filters: Filters, *, by_date: bool) -> str:
    told = {
        "q": text,
        **{name: filters.chosen[name] for name in filters.active},
        **({"order": "date"} if by_date else {}),
    }
    return f"?{urlencode({name: value for name, value in told.items() if value})}"


def _shorter(query: Query) -> tuple[Link, ...]:
    """The single words of a query that has several, to try them one by one."""
    words = [word for word in query.words if len(word) > 1][:6]
    return tuple(Link(word, f"?{urlencode({'q': word})}") for word in words) if len(words) > 1 else ()
