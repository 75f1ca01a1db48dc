"""What everybody sees of the plans: as much as each owner allows, on the page and as open data alike."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.design.charts import Series, ShareChart
from gongkai.domain.ledger import LIGHT_NAMES, Light
from gongkai.features.workplans import selectors
from gongkai.features.workplans.public.open_data import plan_csv

SERIES = {
    Light.OVERDUE: "red",
    Light.NEAR: "yellow",
    Light.ON_TRACK: "green",
    Light.STANDING: "accent",
    Light.NO_DATE: "grey",
    Light.DONE: "blue",
}


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the published plans, newest year first."""
    plans = selectors.public_plan_list(today=timezone.localdate())
    years = sorted({plan.year for plan in plans}, reverse=True)
    context = {
        "page_title": "工作要点落实情况",
        "breadcrumbs": [("首页", "/"), ("工作要点落实情况", "")],
        "years": [(year, [plan for plan in plans if plan.year == year]) for year in years],
    }
    return render(request, "workplans/public/plan_list.html", context)


@require_safe
def plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show how far each task of a published plan has come; ``?light=`` narrows the list."""
    today = timezone.localdate()
    plan = _plan(plan_id, today)
    asked = request.GET.get("light", "")
    light = Light(asked) if asked in set(SERIES) else None
    shown = [item for item in plan.items if light is None or item.light is light]
    parts = tuple((Series(LIGHT_NAMES[one], tone), getattr(plan.counts, one.value)) for one, tone in SERIES.items())
    context = {
        "page_title": plan.title,
        "breadcrumbs": [
            ("首页", "/"),
            ("工作要点落实情况", reverse("workplans:public:plan_list")),
            (plan.title, ""),
        ],
        "plan": plan,
        "chart": ShareChart("任务进度", tuple((series, number) for series, number in parts if number)),
        "lights": [(one.value, LIGHT_NAMES[one], getattr(plan.counts, one.value)) for one in SERIES],
        "light": light.value if light else "",
        "items": shown,
        "today": today,
    }
    return render(request, "workplans/public/plan_detail.html", context)


@require_safe
def plan_data(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send the table of a published plan as CSV, the same rows and columns as on the page."""
    plan = _plan(plan_id, timezone.localdate())
    response = HttpResponse(plan_csv(plan), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{plan.title}落实情况.csv") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _plan(plan_id: int, today: date) -> selectors.PublicPlan:
    """Return a plan that is before the public; any other one does not exist here."""
    try:
        return selectors.plan_progress(plan_id=plan_id, today=today)
    except selectors.NotFound as missing:
        raise Http404("没有公开这个方案") from missing
