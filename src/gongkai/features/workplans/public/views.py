"""What everybody sees of the plans: as much as each owner allows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.features.workplans import selectors


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the published plans."""
    plans = selectors.public_plan_list(today=timezone.localdate())
    return render(request, "workplans/public/plan_list.html", {"page_title": "工作要点落实情况", "plans": plans})
