"""The figures of a year: tables three and four as the annual report prints them, with the checks and the lists behind."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.domain.foi.figures import Figures
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.asking import suggestion_figures
from gongkai.features.foi.selectors.report import FIRST_YEAR, YearReport, cases_by_number, year_report
from gongkai.features.foi.selectors.service_days import corrected_after
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import found_view
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.messages import describe

TABLES = ("applications", "disputes")


@require_GET
@found_view
def report(request: HttpRequest) -> HttpResponse:
    """Show the tables of a year, of the units whose cases the actor sees."""
    units = permissions.units_seen(request.actor)
    if not units:
        raise NotPermitted(ability="查看公开申请的统计")
    year = _year(request)
    found = year_report(year=year, unit_ids=units)
    context = {
        "page_title": f"{year} 年申请统计",
        "breadcrumbs": [board_crumb(), {"label": "年度统计", "url": ""}],
        "year": year,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "found": found,
        "applications": _rows(found) if found else [],
        "disputes": _disputes(found) if found else [],
        "issues": [describe(issue) for issue in found.issues] if found else [],
        "looking": suggestion_figures(year=year),
        "corrected": corrected_after(year=year, unit_ids=units) if found else [],
    }
    return render(request, "foi/staff/report.html", context)


@require_GET
@found_view
def report_list(request: HttpRequest, table: str, row: str, column: str) -> HttpResponse:
    """Show the cases behind one figure."""
    units = permissions.units_seen(request.actor)
    if not units or table not in TABLES:
        raise Http404(table)
    year = _year(request)
    found = year_report(year=year, unit_ids=units)
    figures: Figures | None = getattr(found, table, None)
    cell = figures.cells.get(row, {}).get(column) if figures else None
    if cell is None:
        raise Http404(row)
    cases = cases_by_number(numbers=[ref.split(" ")[0] for ref in cell.refs], unit_ids=units)
    context = {
        "page_title": f"{year} 年：{cell.number} 件",
        "breadcrumbs": [
            board_crumb(),
            {"label": "年度统计", "url": f"{reverse('foi:staff:report')}?year={year}"},
            {"label": "明细", "url": ""},
        ],
        "refs": [(ref, cases.get(ref.split(" ")[0])) for ref in cell.refs],
        "year": year,
    }
    return render(request, "foi/staff/report_list.html", context)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year
    return min(max(year, FIRST_YEAR), this_year)


def _rows(found: YearReport) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """(group, label, [(row, column, number)]) for each row of table three."""
    return [
        (
            row.group,
            row.label,
            [
                (row.code, column.code, found.applications.cells[row.code][column.code].number)
                for column in found.form.columns
            ],
        )
        for row in found.form.rows
    ]


def _disputes(found: YearReport) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """(group, [(row, column, number)]) for each group of table four."""
    return [
        (
            group.label,
            [
                (group.code, column.code, found.disputes.cells[group.code][column.code].number)
                for column in found.form.dispute_columns
            ],
        )
        for group in found.form.dispute_groups
    ]
