"""Public figures of a year, as a chart with its table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.design.charts import BarChart, Row, Series, ShareChart
from gongkai.domain.site import column_page
from gongkai.features.foi.selectors.figures import year_figures

FIRST_YEAR = 2019
_TONES = ("green", "blue", "red", "yellow", "accent", "grey")


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year of all units together."""
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year
    year = min(max(year, FIRST_YEAR), this_year)
    found = year_figures(year=year)
    series = [Series(name, tone) for (name, _), tone in zip(found.results, _TONES, strict=True)]
    context = {
        "page_title": "依申请公开统计",
        "gk_page": column_page("依申请公开统计", "公开申请的数量、处理结果和按时答复情况"),
        "breadcrumbs": [("首页", "/"), ("依申请公开", "/apply/"), ("统计", "")],
        "figures": found,
        "open_name": "目前在办" if year == this_year else "年末在办",
        "results": ShareChart(
            f"{year} 年办结申请的处理结果", tuple(zip(series, [n for _, n in found.results], strict=True))
        ),
        "channels": BarChart(
            f"{year} 年收到申请的渠道",
            (Series("收到", "blue"),),
            tuple(Row(name, (number,)) for name, number in found.channels),
            row_heading="渠道",
            unit="件",
            scaled=True,
        ),
        "years": range(this_year, FIRST_YEAR - 1, -1),
    }
    return render(request, "foi/public/figures.html", context)
