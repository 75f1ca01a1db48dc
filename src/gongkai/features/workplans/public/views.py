"""What everybody sees of the plans: as much as each owner allows, on the page and as open data alike."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.domain.ledger import Light
from gongkai.features.workplans import selectors
from gongkai.features.workplans.public import pages
from gongkai.features.workplans.public.open_data import plan_csv


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the published plans, newest year first."""
    return render(request, pages.LIST, pages.list_context(today=timezone.localdate()))


@require_safe
def plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show how far each task of a published plan has come; ``?light=`` narrows the list."""
    today = timezone.localdate()
    asked = request.GET.get("light", "")
    light = Light(asked) if asked in set(pages.SERIES) else None
    return render(request, pages.PLAN, pages.plan_context(_plan(plan_id, today), today=today, light=light))


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
