"""How well offices answer: figures as charts with tables, each opening its list, and as a file to keep."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.performance import SPLIT_NAMES, Asked, Split, performance, units_to_choose
from gongkai.features.foi.selectors.performance_cases import Counted, performance_cases
from gongkai.features.foi.staff import performance_tables as tables
from gongkai.kernel.accounts.pages import XLSX, attachment, found_view, page_number
from gongkai.kernel.documents import write_table_xlsx
from gongkai.kernel.documents.csv_files import csv_bytes
from gongkai.rulebook.foi_law import first_law_day


@require_GET
@found_view
def performance_page(request: HttpRequest) -> HttpResponse:
    """Show the figures of some days."""
    today = timezone.localdate()
    asked = _asked(request, today)
    found = performance(actor=request.actor, asked=asked, today=today)
    query = _query(asked)
    context = {
        "page_title": "申请办理情况",
        "breadcrumbs": [_board(request), {"label": "办理情况", "url": ""}],
        "found": found,
        "asked": asked,
        "splits": [(one.value, SPLIT_NAMES[one]) for one in _splits(request)],
        "split_name": SPLIT_NAMES[asked.split],
        "units": units_to_choose(actor=request.actor, today=today),
        "spans": _spans(today, asked),
        "tiles": tables.tiles(found.total),
        "times": tables.times(found, query),
        "results": tables.results(found, query),
        "chart": tables.chart(found, query),
        "shares": tables.shares(found),
        "query": urlencode(query),
        "closed_to": any(not line.opens for line in found.lines),
        "today": today,
    }
    return render(request, "foi/staff/performance.html", context)


@require_GET
@found_view
def performance_list(request: HttpRequest) -> HttpResponse:
    """Show the cases behind a figure."""
    today = timezone.localdate()
    asked = _asked(request, today)
    figure, key = request.GET.get("figure", ""), request.GET.get("key", "")
    page, name = performance_cases(
        actor=request.actor, asked=asked, figure=figure, key=key, number=page_number(request), today=today
    )
    query = urlencode(_query(asked))
    context = {
        "page_title": name,
        "breadcrumbs": [
            _board(request),
            {"label": "办理情况", "url": f"{reverse('foi:staff:performance')}?{query}"},
            {"label": name, "url": ""},
        ],
        "page": page,
        "as_of_today": figure in (Counted.OPEN, Counted.OVERDUE),
        "back": f"{reverse('foi:staff:performance')}?{query}",
    }
    return render(request, "foi/staff/performance_cases.html", context)


@require_GET
@found_view
def performance_export(request: HttpRequest) -> HttpResponse:
    """Hand out the figures as a sheet, or as CSV where that is asked for."""
    today = timezone.localdate()
    asked = _asked(request, today)
    found = performance(actor=request.actor, asked=asked, today=today)
    headings, rows = tables.sheet(found)
    name = f"申请办理情况_{asked.since.isoformat()}_{asked.until.isoformat()}"
    if request.GET.get("form") == "csv":
        return attachment(csv_bytes(headings, rows), f"{name}.csv", "text/csv; charset=utf-8")
    title = f"申请办理情况（{asked.since.isoformat()}至{asked.until.isoformat()}）"
    return attachment(write_table_xlsx(headings, rows, title=title, sheet="办理情况"), f"{name}.xlsx", XLSX)


def _asked(request: HttpRequest, today: date) -> Asked:
    """Read what is asked for; what is not understood is this year, by unit or, for those with one unit only, by month."""
    given = request.GET
    since, until = _day(given.get("since", "")), _day(given.get("until", ""))
    since, until = since or date((until or today).year, 1, 1), until or today
    if since > until:
        since, until = until, since
    splits = _splits(request)
    wanted = given.get("by", "")
    sees_one = not permissions.can_see_all_figures(request.actor) and len(permissions.units_seen(request.actor)) < 2
    usual = Split.MONTH if sees_one else Split.UNIT
    unit = given.get("unit", "")
    return Asked(
        since=max(since, first_law_day()),
        until=max(until, first_law_day()),
        split=Split(wanted) if wanted in set(splits) else usual,
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 16 else None,
    )


def _board(request: HttpRequest) -> dict[str, str]:
    """The way back to the cases, for those who see any."""
    seen = permissions.units_seen(request.actor)
    return {"label": "依申请公开", "url": reverse("foi:staff:board") if seen else ""}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _splits(request: HttpRequest) -> list[Split]:
    return [one for one in Split if one is not Split.PERSON or permissions.units_led(request.actor)]


def _query(asked: Asked) -> dict[str, str]:
    kept = {"since": asked.since.isoformat(), "until": asked.until.isoformat(), "by": asked.split.value}
    return kept | ({"unit": str(asked.unit_id)} if asked.unit_id is not None else {})


def _spans(today: date, asked: Asked) -> list[tuple[str, str, bool]]:
    """(name, query, whether it is shown) of the spans that are asked for most."""
    quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    spans = {
        "今年": (date(today.year, 1, 1), today),
        "本季度": (quarter, today),
        "去年": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "近五年": (date(today.year - 4, 1, 1), today),
    }
    return [
        (name, urlencode({**_query(asked), "since": first.isoformat(), "until": last.isoformat()}), asked.days == span)
        for name, span in spans.items()
        for first, last in [span]
    ]
