"""How timely units publish: early and late by law and by the local rule, each figure leading to its list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.design.charts import BarChart, Row, Series
from gongkai.domain.publishing import Standing
from gongkai.features.disclosure.selectors import desk
from gongkai.features.disclosure.selectors import timeliness as times
from gongkai.features.disclosure.staff.pages import XLSX, attachment, disclosure_view
from gongkai.features.disclosure.staff.release_forms import DayField
from gongkai.kernel.documents import write_table_xlsx

PER_PAGE = 50
DAYS = 90
"""How far back the page looks when nothing is asked for."""
BEFORE_ISSUE = "before_issue"
STANDINGS = {
    Standing.IN_TIME: "按时",
    Standing.LATE_LOCAL: "晚于本地规定",
    Standing.LATE: "晚于法定期限",
    Standing.WAITING: "未发布，未到期",
    Standing.OVERDUE_LOCAL: "未发布，超过本地规定",
    Standing.OVERDUE: "未发布，超过法定期限",
    Standing.NO_DATE: "缺成文和印发日期",
}
BARS = (
    ((Standing.IN_TIME,), Series("按时", "green")),
    ((Standing.LATE_LOCAL,), Series("晚于本地规定", "yellow")),
    ((Standing.LATE,), Series("晚于法定期限", "red")),
    ((Standing.WAITING,), Series("未发布，未到期", "blue")),
    ((Standing.OVERDUE_LOCAL, Standing.OVERDUE), Series("未发布，已逾期", "accent")),
    ((Standing.NO_DATE,), Series("缺日期", "grey")),
)


class PeriodForm(forms.Form):
    """Which days, which unit, which standing."""

    since = DayField(label="自", required=False)
    until = DayField(label="至", required=False)
    unit_id = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    standing = forms.ChoiceField(label="情况", required=False)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [("", "全部单位"), *units]
        self.fields["standing"].choices = [
            ("", "全部"),
            *((one.value, name) for one, name in STANDINGS.items()),
            (BEFORE_ISSUE, "早于印发日期"),
        ]


def _asked(request: HttpRequest, today: date) -> tuple[PeriodForm, times.Timeliness, list[times.TimelinessRow]]:
    """Return the form, everything of the period, and the rows of the standing that is asked for."""
    first = {"since": (today - timedelta(days=DAYS)).isoformat(), "until": today.isoformat()}
    data = {**first, **{name: value for name, value in request.GET.items() if value}}
    form = PeriodForm(data, units=desk.timeliness_units(actor=request.actor))
    asked = form.cleaned_data if form.is_valid() else {}
    found = times.timeliness(
        actor=request.actor,
        unit_id=asked.get("unit_id"),
        since=asked.get("since") or today - timedelta(days=DAYS),
        until=asked.get("until") or today,
        today=today,
    )
    return form, found, [row for row in found.rows if _is(row, asked.get("standing") or "")]


def _is(row: times.TimelinessRow, standing: str) -> bool:
    if not standing:
        return True
    return row.before_issue if standing == BEFORE_ISSUE else row.punctuality.standing.value == standing


@require_GET
@disclosure_view
def timeliness(request: HttpRequest) -> HttpResponse:
    """Show the units and the items of a period."""
    today = timezone.localdate()
    form, found, rows = _asked(request, today)
    kept = {name: value for name, value in request.GET.items() if name in ("since", "until") and value}
    units = list(_by_unit(found.rows, kept))
    context = {
        "page_title": "公开时效",
        "breadcrumbs": [("发布台", reverse("disclosure:staff:release_desk")), ("公开时效", "")],
        "form": form,
        "counts": found.counts,
        "cut": found.cut,
        "units": units,
        "headings": list(STANDINGS.values()),
        "chart": _chart(units) if units else None,
        "page": Paginator([_shown(row) for row in rows], PER_PAGE).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "disclosure/staff/release/timeliness.html", context)


@require_GET
@disclosure_view
def timeliness_export(request: HttpRequest) -> HttpResponse:
    """Hand out the rows as a sheet."""
    today = timezone.localdate()
    _, _, rows = _asked(request, today)
    headings = [
        "单位",
        "标题",
        "文号",
        "成文日期",
        "印发日期",
        "本地规定期限",
        "法定期限",
        "发布日期",
        "情况",
        "相差天数",
        "早于印发日期",
    ]
    data = write_table_xlsx(
        headings,
        [
            [
                row.unit_name,
                row.item.title,
                row.item.doc_no,
                row.item.written_on,
                row.issued_on,
                row.local_due_on,
                row.law_due_on,
                row.published_on,
                STANDINGS[row.punctuality.standing],
                row.days,
                row.before_issue,
            ]
            for row in rows
        ],
        title="政府信息公开时效",
        widths=(24, 48, 22, 12, 12, 14, 12, 12, 20, 10, 12),
        sheet="公开时效",
    )
    return attachment(data, f"公开时效_{today.isoformat()}.xlsx", XLSX)


def _shown(row: times.TimelinessRow) -> dict[str, Any]:
    days = row.days
    if days is None or not row.published_on:
        apart = ""
    elif days < 0:
        apart = f"提前{-days}天"
    else:
        apart = f"晚{days}天" if days else "当天"
    return {"row": row, "words": STANDINGS[row.punctuality.standing], "apart": apart}


def _by_unit(rows: Iterable[times.TimelinessRow], kept: dict[str, str]) -> Iterable[dict[str, Any]]:
    """Count by unit; each figure has the address of its list."""
    address = reverse("disclosure:staff:timeliness")
    units: dict[tuple[int, str], dict[Standing, int]] = {}
    early: dict[int, int] = {}
    for row in rows:
        numbers = units.setdefault((row.item.unit_id, row.unit_name), {})
        numbers[row.punctuality.standing] = numbers.get(row.punctuality.standing, 0) + 1
        early[row.item.unit_id] = early.get(row.item.unit_id, 0) + row.before_issue
    for (unit_id, name), numbers in units.items():

        def url(standing: str, unit: int = unit_id) -> str:
            return f"{address}?{urlencode({**kept, 'unit_id': unit, 'standing': standing})}#rows"

        yield {
            "name": name,
            "url": f"{address}?{urlencode({**kept, 'unit_id': unit_id})}#rows",
            "figures": [(label, numbers.get(one, 0), url(one.value)) for one, label in STANDINGS.items()],
            "early": (early[unit_id], url(BEFORE_ISSUE)),
            "total": sum(numbers.values()),
            "bars": tuple(sum(numbers.get(one, 0) for one in standings) for standings, _ in BARS),
        }


def _chart(units: list[dict[str, Any]]) -> BarChart:
    rows = tuple(Row(unit["name"], unit["bars"], unit["url"]) for unit in units)
    return BarChart("各单位公开时效", tuple(series for _, series in BARS), rows, unit="条", scaled=True)
