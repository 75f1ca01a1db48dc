"""What the public pages of the plans show on a day, for the views and for the static release alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.design.charts import Series, ShareChart
from gongkai.domain.ledger import LIGHT_NAMES, Light
from gongkai.domain.site import column_page
from gongkai.features.workplans import selectors

LIST, PLAN = "workplans/public/plan_list.html", "workplans/public/plan_detail.html"
SERIES = {
    Light.OVERDUE: "red",
    Light.NEAR: "yellow",
    Light.ON_TRACK: "green",
    Light.STANDING: "accent",
    Light.NO_DATE: "grey",
    Light.DONE: "blue",
}


def list_context(*, today: date) -> dict[str, Any]:
    """Return the published plans, newest year first."""
    plans = selectors.public_plan_list(today=today)
    years = sorted({plan.year for plan in plans}, reverse=True)
    return {
        "page_title": "工作要点落实情况",
        "gk_page": column_page("工作要点落实情况", "工作要点每项任务由谁负责、什么时候完成、现在到了哪一步"),
        "breadcrumbs": [("首页", "/"), ("工作要点落实情况", "")],
        "years": [(year, [plan for plan in plans if plan.year == year]) for year in years],
    }


def plan_context(plan: selectors.PublicPlan, *, today: date, light: Light | None = None) -> dict[str, Any]:
    """Return how far each task of a published plan has come; ``light`` narrows the list."""
    parts = tuple((Series(LIGHT_NAMES[one], tone), getattr(plan.counts, one.value)) for one, tone in SERIES.items())
    return {
        "page_title": plan.title,
        "gk_page": column_page(plan.title, f"{plan.title}：每项任务的负责单位、完成时限和进度"),
        "breadcrumbs": [
            ("首页", "/"),
            ("工作要点落实情况", reverse("workplans:public:plan_list")),
            (plan.title, ""),
        ],
        "plan": plan,
        "chart": ShareChart("任务进度", tuple((series, number) for series, number in parts if number)),
        "lights": [(one.value, LIGHT_NAMES[one], getattr(plan.counts, one.value)) for one in SERIES],
        "light": light.value if light else "",
        "items": [item for item in plan.items if light is None or item.light is light],
        "today": today,
    }
