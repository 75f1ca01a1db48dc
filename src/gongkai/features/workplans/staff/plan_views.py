"""Plans: the list, one plan, and what its owner does with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.features.workplans import selectors
from gongkai.kernel.accounts.web import staff_view


@require_GET
@staff_view
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the plans that the actor sees."""
    plans = selectors.plan_list(actor=request.actor, today=timezone.localdate())
    return render(request, "workplans/staff/plan_list.html", {"page_title": "工作要点", "plans": plans})
