"""The panels of the staff home: what is due, what is unread, how the units stand, which calendar is missing.

A panel asks the selectors of features and hands plain values to its template; one with nothing to say is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from gongkai.design.charts import BarChart, Row, Series
from gongkai.domain.items import State
from gongkai.features.disclosure import permissions as item_permissions
from gongkai.features.disclosure.selectors import releases
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.selectors.items import item_list
from gongkai.features.workplans import permissions as workplan_permissions
from gongkai.features.workplans import selectors as workplans
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals import selectors as approvals
from gongkai.kernel.clocks import permissions as clock_permissions
from gongkai.kernel.clocks import selectors as clocks
from gongkai.kernel.notices import selectors as notices

SHOWN_ITEMS = 8
SHOWN_DRAFTS = 5
SHOWN_NOTICES = 6
STATE_SERIES = (
    Series("逾期", "red"),
    Series("临期", "yellow"),
    Series("在办", "green"),
    Series("已办结", "blue"),
)


class HomePanel(Component):
    """A panel that knows who looks and what day it is."""

    name = ""
    order = 100

    def __init__(self, actor: Actor, today: date) -> None:
        self.actor = actor
        self.today = today


class AlarmPanel(HomePanel):
    """Says that a year of the working-day calendar is missing, to those who may import it."""

    name = "alarm"
    order = 10
    template_name = "workbench/panels/alarm.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the missing year, and whether it is this one, so that deadlines of today already suffer."""
        allowed = clock_permissions.can_import_calendar(self.actor)
        missing = clocks.calendar_missing(today=self.today) if allowed else None
        return {"missing": missing, "urgent": missing == self.today.year}


class LightsPanel(HomePanel):
    """How many work items show which light, each number leading to its list."""

    name = "lights"
    order = 20
    template_name = "workbench/panels/lights.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the counts of all items that the actor may see."""
        return {"counts": workplans.item_counts_by_light(actor=self.actor, today=self.today)}


class MyWorkPanel(HomePanel):
    """What waits for the actor, by the day that matters next."""

    name = "my_work"
    order = 30
    template_name = "workbench/panels/my_work.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the first items, open checks, what waits for acceptance and unanswered supervision notices."""
        work = workplans.my_work(actor=self.actor, today=self.today)
        return {
            "work": work,
            "items": [(item, light_words(item)) for item in work.items[:SHOWN_ITEMS]],
            "more": max(len(work.items) - SHOWN_ITEMS, 0),
            "checks": work.checks[:SHOWN_ITEMS],
            "to_accept": work.to_accept[:SHOWN_ITEMS],
            "supervision_notices": work.notices[:SHOWN_ITEMS],
            "can_import": workplan_permissions.can_import_plans(self.actor),
        }


def light_words(item: workplans.ItemRow) -> str:
    """Return what the light of an item says, with the days it is late."""
    return f"逾期 {item.overdue_days} 天" if item.overdue_days else item.light_name


class ReviewPanel(HomePanel):
    """What waits for the actor's signature, the most urgent first."""

    name = "review"
    order = 25
    template_name = "workbench/panels/review.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the first steps that wait, and how many there are in all."""
        rows = approvals.inbox(actor=self.actor, today=self.today)
        return {"rows": rows[:SHOWN_ITEMS], "total": len(rows)}


class DraftsPanel(HomePanel):
    """What the actor writes: what came back from review, what is being drafted, what has no attribute yet."""

    name = "drafts"
    order = 35
    template_name = "workbench/panels/drafts.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the three lists, each short and with its address; nothing for people who do not write."""
        if not item_permissions.can_create_items(self.actor):
            return {"groups": []}
        wanted = (
            ("退回给我修改的", "red", ItemFilters(mine=True, states=(State.RETURNED,)), "mine=1&states=returned"),
            ("我在拟稿的", "grey", ItemFilters(mine=True, states=(State.DRAFTING,)), "mine=1&states=drafting"),
            ("等待确定公开属性的", "yellow", ItemFilters(own=True, attribute="none"), "own=1&attribute=none"),
        )
        address = reverse("disclosure:staff:item_list")
        groups = []
        for title, tone, filters, query in wanted:
            page = item_list(actor=self.actor, filters=filters, size=SHOWN_DRAFTS, today=self.today)
            if page.rows:
                groups.append((title, tone, page.rows, page.total, f"{address}?{query}"))
        return {"groups": groups}


class ReleasePanel(HomePanel):
    """What went wrong on its way out or stays lit: schedules, emergencies without review, findings let pass."""

    name = "release"
    order = 15
    template_name = "workbench/panels/release.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the alerts of the actor's items."""
        alerts = releases.publication_alerts(actor=self.actor, today=self.today)
        return {"alerts": alerts[:SHOWN_ITEMS], "total": len(alerts)}


class InboxPanel(HomePanel):
    """The newest unread notices."""

    name = "inbox"
    order = 40
    template_name = "workbench/panels/inbox.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return unread notices and how many there are in all."""
        return {
            "csrf_token": (parent_context or {}).get("csrf_token"),  # opening a notice marks it read: no plain link
            "notices": list(notices.notice_list(actor=self.actor, unread_only=True)[:SHOWN_NOTICES]),
            "unread": notices.notice_unread_count(actor=self.actor),
        }


class OverviewPanel(HomePanel):
    """How far each unit has come, for those who look after all of them."""

    name = "overview"
    order = 50
    template_name = "workbench/panels/overview.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the chart of all units, those with the most overdue items first; None for everybody else."""
        if not workplan_permissions.can_see_overview(self.actor):
            return {"chart": None}
        units = workplans.overview_by_unit(actor=self.actor, today=self.today)
        return {"chart": overview_chart(units) if units else None, "allowed": True}


def overview_chart(units: list[Any]) -> BarChart:
    """Return the bars of the units (``UnitOverview``): overdue, near, at work, done."""
    ordered = sorted(units, key=lambda unit: (-unit.overdue, -unit.near, unit.rate, unit.unit_name))
    ledger = reverse("workplans:staff:item_list")
    rows = tuple(
        Row(
            unit.unit_name,
            (unit.overdue, unit.near, max(unit.total - unit.done - unit.overdue - unit.near, 0), unit.done),
            f"{ledger}?{urlencode({'unit_id': unit.unit_id})}",
        )
        for unit in ordered
    )
    # One item may be led by one unit and done by another: a row of totals would count it twice.
    return BarChart("各单位任务进度", STATE_SERIES, rows, summed=False)


def home_panels(request: HttpRequest) -> list[HomePanel]:
    """Return the panels of this actor's home, in order."""
    actor, today = request.actor, timezone.localdate()
    kinds = (AlarmPanel, ReleasePanel, LightsPanel, ReviewPanel, DraftsPanel, MyWorkPanel, InboxPanel, OverviewPanel)
    return [kind(actor, today) for kind in kinds]
