"""Public figures of the years, as charts with their tables and as files."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.domain.site import column_page
from gongkai.features.foi.public import figure_tables as tables
from gongkai.features.foi.selectors.figures import public_figures
from gongkai.kernel.accounts.pages import attachment
from gongkai.kernel.documents.csv_files import csv_bytes

FIRST_YEAR = 2019


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year of all units together, and how the years went."""
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year
    year = min(max(year, FIRST_YEAR), this_year)
    years = public_figures(first=FIRST_YEAR, last=this_year)
    found, lines = years[year], tables.year_lines(years)
    context = {
        "page_title": "依申请公开统计",
        "gk_page": column_page("依申请公开统计", "公开申请的数量、处理结果和按时答复情况"),
        "breadcrumbs": [("首页", "/"), ("依申请公开", "/apply/"), ("统计", "")],
        "year": year,
        "line": tables.year_line(found),
        "few": "答复的件数太少，不列出" if found.replied else "还没有答复",
        "open_name": "目前在办" if year == this_year else "年末在办",
        "results": tables.result_chart(found),
        "channels": tables.channel_chart(found),
        "replies": tables.reply_chart(lines),
        "lines": lines if any(one.received or one.ended for one in lines) else [],
        "years": range(this_year, FIRST_YEAR - 1, -1),
        "rule": tables.rule_words(),
    }
    return render(request, "foi/public/figures.html", context)


@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the figures of all years as a table."""
    today = timezone.localdate()
    headings, rows = tables.as_rows(public_figures(first=FIRST_YEAR, last=today.year))
    return attachment(csv_bytes(headings, rows), f"依申请公开统计_{today.isoformat()}.csv", "text/csv; charset=utf-8")


@require_GET
def figures_json(request: HttpRequest) -> HttpResponse:
    """Hand out the figures of all years for programs."""
    today = timezone.localdate()
    found = tables.as_data(public_figures(first=FIRST_YEAR, last=today.year), place=settings.PLACE, on=today)
    return HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
