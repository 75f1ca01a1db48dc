"""What the staff pages of the work plans share: the ways back and the chart; the rest is every feature's."""

from __future__ import annotations

from django.urls import reverse_lazy

from gongkai.design.charts import Series, ShareChart
from gongkai.domain.ledger import LIGHT_NAMES, Light
from gongkai.features.workplans import selectors
from gongkai.kernel.accounts.pages import (
    DOCX,
    REFUSED,
    XLSX,
    attachment,
    attempt,
    form_errors,
    press,
    show_form,
    whole_numbers,
)
from gongkai.kernel.accounts.pages import found_view as ledger_view

__all__ = [
    "DOCX",
    "LEDGER",
    "LIGHT_SERIES",
    "NOTICES",
    "PLANS",
    "REFUSED",
    "XLSX",
    "attachment",
    "attempt",
    "form_errors",
    "ledger_view",
    "light_chart",
    "press",
    "show_form",
    "whole_numbers",
]

PLANS = {"label": "工作要点", "url": reverse_lazy("workplans:staff:plan_list")}
LEDGER = {"label": "任务台账", "url": reverse_lazy("workplans:staff:item_list")}
NOTICES = {"label": "督办单", "url": reverse_lazy("workplans:staff:notice_list")}
LIGHT_SERIES = {
    Light.OVERDUE: "red",
    Light.NEAR: "yellow",
    Light.ON_TRACK: "green",
    Light.STANDING: "accent",
    Light.NO_DATE: "grey",
    Light.DONE: "blue",
}


def light_chart(title: str, counts: selectors.LightCounts) -> ShareChart:
    """Return how the items divide by light."""
    parts = [(light, number) for light, _, number in counts.as_list() if light in LIGHT_SERIES]
    return ShareChart(
        title, tuple((Series(LIGHT_NAMES[light], LIGHT_SERIES[light]), number) for light, number in parts)
    )
