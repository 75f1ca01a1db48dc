"""Campaigns: the list, one with how its members stand, and the wordings that are like that of an application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.design.charts import BarChart, Row, Series
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors import campaigns as selectors
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.batches import UNDER_WAY, batches_of_campaign
from gongkai.features.foi.selectors.campaigns import CampaignFigures
from gongkai.features.foi.selectors.wordings import MOST, wordings_alike
from gongkai.features.foi.services import campaigns as services
from gongkai.features.foi.staff.batch_pick import steps_for
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import attempt, form_errors, found_view, page_number, show_form

SHARES = (100, 90, 80, 70, 50)
"""Shares of wording in common from which all cases may be taken at once."""


class CampaignForm(forms.Form):
    """Name and note of a campaign."""

    name = forms.CharField(label="名称", max_length=100)
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="campaign-%s", **kwargs)


@require_GET
@found_view
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Show the campaigns of the actor's units, the newest first."""
    number = page_number(request)
    rows, more = selectors.campaign_list(actor=request.actor, number=number)
    context = {
        "page_title": "同类申请",
        "breadcrumbs": [board_crumb(), {"label": "同类申请", "url": ""}],
        "rows": rows,
        "number": number,
        "more": more,
        "today": timezone.localdate(),
    }
    return render(request, "foi/staff/campaign_list.html", context)


def _list() -> dict[str, str]:
    return {"label": "同类申请", "url": reverse("foi:staff:campaign_list")}


@require_http_methods(["GET", "POST"])
@found_view
def campaign_page(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show a campaign: its members by stage and last day, what was done for many of them; or give it another name or note."""
    campaign = selectors.campaign_get(actor=request.actor, campaign_id=campaign_id)
    form = CampaignForm(request.POST or None, initial={"name": campaign.name, "note": campaign.note})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.campaign_change(
                actor=request.actor, campaign_id=campaign_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, "已保存。")
            return redirect("foi:staff:campaign", campaign_id)
    today = timezone.localdate()
    figures = selectors.campaign_figures(campaign=campaign, today=today)
    stage, text = request.GET.get("stage", ""), request.GET.get("text", "").strip()[:40]
    context = {
        "page_title": campaign.name,
        "breadcrumbs": [board_crumb(), _list(), {"label": campaign.name, "url": ""}],
        "campaign": campaign,
        "figures": figures,
        "by_stage": _by_stage(figures) if figures.members else None,
        "by_day": _by_day(figures) if figures.days else None,
        "stages": figures.stages,
        "stage": stage,
        "text": text,
        "page": selectors.member_page(
            campaign=campaign, stage=stage, text=text, number=page_number(request), today=today
        ),
        "runs": batches_of_campaign(campaign_id=campaign.pk),
        "under_way": UNDER_WAY,
        "steps": steps_for(actor=request.actor, unit_id=campaign.unit_id, member=True),
        "may_handle": permissions.can_handle_case(request.actor, campaign.unit_id),
        "today": today,
    }
    return show_form(request, "foi/staff/campaign.html", form, **context)


def _by_stage(figures: CampaignFigures) -> BarChart:
    """Draw the stages one below the other, in the order in which cases pass them."""
    series = (Series("件数", "blue"),)
    rows = tuple(Row(one.name, (one.number,), f"?stage={one.stage}#members") for one in figures.stages)
    return BarChart("按阶段", series, rows, row_heading="阶段", unit="件", scaled=True)


def _by_day(figures: CampaignFigures) -> BarChart:
    """Draw the last days of replies that are not out."""
    series = (Series("计时中", "blue"), Series("期间不计入", "grey"))
    rows = tuple(
        Row(f"{one.on.month}月{one.on.day}日" if one.on else "更晚", (one.running, one.paused)) for one in figures.days
    )
    return BarChart("还没有答复的，按法定期限", series, rows, row_heading="法定期限", unit="件", scaled=True)


@require_POST
@found_view
def campaign_delete(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Delete a campaign that nobody is in and for which nothing was done."""
    form = forms.Form(request.POST)
    done = attempt(
        form,
        lambda: services.campaign_delete(actor=request.actor, campaign_id=campaign_id, now=timezone.now()),
    )
    if done is None:
        form_errors(request, form)
        return redirect("foi:staff:campaign", campaign_id)
    messages.success(request, f"已删除“{done}”。")
    return redirect("foi:staff:campaign_list")


@require_GET
@found_view
def alike(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the wordings that are like that of an application, with what differs and how many open cases have each."""
    application = application_get(actor=request.actor, application_id=application_id)
    found = wordings_alike(application=application)
    offered = [(share, sum(one.number for one in found.found if one.percent >= share)) for share in SHARES]
    context = {
        "page_title": "查找同类申请",
        "breadcrumbs": [
            board_crumb(),
            {"label": application.register_no, "url": reverse("foi:staff:case", args=[application_id])},
            {"label": "查找同类申请", "url": ""},
        ],
        "application": application,
        "found": found,
        "alone": [(one.newest_id, one.number) for one in found.found] == [(application.pk, 1)],
        "hidden": len(found.found) - len(found.shown),
        "offered": _once(offered),
        "most": MOST,
        "campaign": selectors.campaign_of_case(application_id=application_id),
        "may_handle": permissions.can_handle_case(request.actor, application.unit_id),
    }
    return render(request, "foi/staff/alike.html", context)


def _once(offered: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out shares that bring no case more than a higher one."""
    kept: list[tuple[int, int]] = []
    for share, number in offered:
        if number and (not kept or kept[-1][1] != number):
            kept.append((share, number))
    return kept
