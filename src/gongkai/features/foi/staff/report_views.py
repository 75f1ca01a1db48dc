"""The figures of a year: tables three and four as the annual report prints them, with the checks and the lists behind."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.domain.foi.figures import Figures
from gongkai.domain.issues import Severity
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.asking import suggestion_figures
from gongkai.features.foi.selectors.report import FIRST_YEAR, YearReport, cases_by_number, written_issues, year_report
from gongkai.features.foi.selectors.service_days import corrected_after
from gongkai.features.foi.selectors.units import units_named
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import REFUSED, found_view
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.messages import describe

TABLES = ("applications", "disputes")


@require_GET
@found_view
def report(request: HttpRequest) -> HttpResponse:
    """Show the tables of a year, of the units whose cases the actor sees."""
    units, chosen = _units(request)
    year = _year(request)
    found = year_report(year=year, unit_ids=list(chosen))
    context = {
        "page_title": f"{year} 年申请统计",
        "units": units,
        "unit": _one(chosen),
        "query": _query(year, chosen),
        "breadcrumbs": [board_crumb(), {"label": "年度统计", "url": ""}],
        "year": year,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "found": found,
        "applications": _rows(found) if found else [],
        "disputes": _disputes(found) if found else [],
        "issues": [describe(issue) for issue in found.issues] if found else [],
        "looking": suggestion_figures(year=year),
        "corrected": corrected_after(year=year, unit_ids=list(chosen)) if found else [],
    }
    return render(request, "foi/staff/report.html", context)


@require_GET
@found_view
def report_list(request: HttpRequest, table: str, row: str, column: str) -> HttpResponse:
    """Show the cases behind one figure."""
    if not permissions.units_seen(request.actor) or table not in TABLES:
        raise Http404(table)
    _, chosen = _units(request)
    year = _year(request)
    groups = []  # a register number is one of its unit: each unit's cases stand by themselves
    for unit_id, name in chosen.items():
        figures: Figures | None = getattr(year_report(year=year, unit_ids=[unit_id]), table, None)
        cell = figures.cells.get(row, {}).get(column) if figures else None
        if cell is None:
            raise Http404(row)
        cases = cases_by_number(numbers=[ref.split(" ")[0] for ref in cell.refs], unit_ids=[unit_id])
        groups.append((name, [(ref, cases.get(ref.split(" ")[0])) for ref in cell.refs]))
    context = {
        "page_title": f"{year} 年：{sum(len(refs) for _, refs in groups)} 件",
        "breadcrumbs": [
            board_crumb(),
            {"label": "年度统计", "url": f"{reverse('foi:staff:report')}?{_query(year, chosen)}"},
            {"label": "明细", "url": ""},
        ],
        "groups": [group for group in groups if group[1]],
        "several": len(groups) > 1,
        "query": _query(year, chosen),
    }
    return render(request, "foi/staff/report_list.html", context)


class WrittenForm(forms.Form):
    """A report as it was written: its text, and its tables as they stand in the document."""

    text = forms.CharField(
        label="正文",
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="六个部分的文字，核对其中的件数，以及是否写明信息处理费。",
    )
    applications = forms.CharField(
        label="表三",
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="从文档里整张表复制粘贴，25 行、每行 7 个数。",
    )
    disputes = forms.CharField(
        label="表四",
        required=False,
        max_length=5_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="从文档里整张表复制粘贴，一行 15 个数，或者三行、每行 5 个数。",
    )

    def clean(self) -> dict[str, str]:
        """There is something to check."""
        data: dict[str, str] = super().clean() or {}
        if not self.errors and not any(value.strip() for value in data.values()):
            raise forms.ValidationError("请至少粘贴一项。")
        return data


@require_http_methods(["GET", "POST"])
@found_view
def report_check(request: HttpRequest) -> HttpResponse:
    """Check an annual report that was written against its own relations and the cases; nothing of it is kept."""
    units, chosen = _units(request)
    year = _year(request)
    found = year_report(year=year, unit_ids=list(chosen))
    form = WrittenForm(request.POST if request.method == "POST" else None)
    issues = None
    if found is not None and form.is_valid():
        today = timezone.localdate()
        issues = written_issues(
            actor=request.actor, report=found, unit_ids=list(chosen), today=today, **form.cleaned_data
        )
    context = {
        "page_title": f"核对 {year} 年度报告",
        "breadcrumbs": [
            board_crumb(),
            {"label": "年度统计", "url": f"{reverse('foi:staff:report')}?{_query(year, chosen)}"},
            {"label": "核对年度报告", "url": ""},
        ],
        "form": form,
        "found": found,
        "checked": issues is not None,
        "wrong": [describe(one) for one in issues or () if one.severity is Severity.ERROR],
        "doubtful": [describe(one) for one in issues or () if one.severity is not Severity.ERROR],
        "query": _query(year, chosen),
        "whose": "、".join(chosen.values()) if len(units) > 1 else "",
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "foi/staff/report_check.html", context, status=status)


def _units(request: HttpRequest) -> tuple[list[tuple[int, str]], dict[int, str]]:
    """The units whose cases the actor sees, and those of them that are looked at: the one that is asked for, else all."""
    seen = units_named(unit_ids=permissions.units_seen(request.actor))
    if not seen:
        raise NotPermitted(ability="查看公开申请的统计")
    asked = request.GET.get("unit", "")
    one = {pk: name for pk, name in seen if str(pk) == asked}
    return seen, one or dict(seen)


def _one(chosen: dict[int, str]) -> int | None:
    return next(iter(chosen)) if len(chosen) == 1 else None


def _query(year: int, chosen: dict[int, str]) -> str:
    one = _one(chosen)
    return urlencode({"year": year} | ({"unit": one} if one is not None else {}))


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
