"""What waits for me, and how far each unit has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.design.charts import BarChart, Row, Series
from gongkai.features.workplans import permissions, selectors
from gongkai.features.workplans.staff.pages import ledger_view, whole_numbers

UNIT_SERIES = (Series("逾期", "red"), Series("临期", "yellow"), Series("推进中", "green"), Series("已完成", "blue"))


@require_GET
@ledger_view
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what waits for the actor by the day that matters next."""
    today = timezone.localdate()
    work = selectors.my_work(actor=request.actor, today=today)
    week = today + timedelta(days=6 - today.weekday())
    groups: dict[str, list[selectors.ItemRow]] = {"overdue": [], "week": [], "later": [], "no_date": []}
    for row in work.items:
        if row.attention_on is None:
            groups["no_date"].append(row)
        elif row.attention_on < today and row.overdue_days:
            groups["overdue"].append(row)
        elif row.attention_on <= week:
            groups["week"].append(row)
        else:
            groups["later"].append(row)
    context = {
        "page_title": "我的任务",
        "work": work,
        "groups": [
            ("overdue", "已逾期", "red", groups["overdue"]),
            ("week", "本周到期", "yellow", groups["week"]),
            ("later", "以后到期", "green", groups["later"]),
            ("no-date", "没有具体时限", "grey", groups["no_date"]),
        ],
        "nothing": not (work.items or work.checks or work.to_accept or work.notices),
        "today": today,
    }
    return render(request, "workplans/staff/my_work.html", context)


@require_GET
@ledger_view
def overview(request: HttpRequest) -> HttpResponse:
    """Show each unit's items by light; people who see everything see all units, others their own."""
    today = timezone.localdate()
    plan_ids = whole_numbers([request.GET.get("plan_id", "")])
    plan_id = plan_ids[0] if plan_ids else None
    units = selectors.overview_by_unit(actor=request.actor, today=today, plan_id=plan_id)
    order = request.GET.get("order", "overdue")
    if order == "rate":
        units = sorted(units, key=lambda unit: (unit.rate, -unit.overdue))
    elif order == "overdue":
        units = sorted(units, key=lambda unit: (-unit.overdue, -unit.near, unit.rate))
    context: dict[str, Any] = {
        "page_title": "各单位进度",
        "units": units,
        "chart": _chart(units, plan_id) if units else None,
        "plans": [plan for plan in selectors.plan_list(actor=request.actor, today=today) if plan.state != "draft"],
        "plan_id": plan_id,
        "order": order,
        "sees_all": permissions.can_see_overview(request.actor),
        "today": today,
    }
    return render(request, "workplans/staff/overview.html", context)


def _chart(units: list[selectors.UnitOverview], plan_id: int | None) -> BarChart:
    ledger = reverse("workplans:staff:item_list")
    narrowed = {"plan_id": plan_id, "archived": 1} if plan_id else {}
    rows = tuple(
        Row(
            unit.unit_name,
            (unit.overdue, unit.near, max(unit.total - unit.done - unit.overdue - unit.near, 0), unit.done),
            f"{ledger}?{urlencode({'unit_id': unit.unit_id, **narrowed})}",
        )
        for unit in units
    )
    return BarChart("各单位任务", UNIT_SERIES, rows, scaled=True)
