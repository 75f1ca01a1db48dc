"""Plans: the list, one plan, and what its owner does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.workplans import permissions, selectors, services
from gongkai.features.workplans.staff.pages import (
    PLANS,
    attempt,
    ledger_view,
    light_chart,
    press,
    show_form,
)
from gongkai.features.workplans.staff.plan_forms import NewItemForm, PlanFilterForm, PublishForm, ReasonForm
from gongkai.kernel.errors import NotPermitted

PER_PAGE = 30
ITEMS_PER_PAGE = 200


@require_GET
@ledger_view
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the plans that the actor sees, and imports that still wait for their confirmation."""
    form = PlanFilterForm(request.GET)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    plans = selectors.plan_list(actor=request.actor, today=timezone.localdate(), **wanted)
    may_import = permissions.can_import_plans(request.actor)
    context = {
        "page_title": "工作要点",
        "form": form,
        "narrowed": bool(wanted),
        "page": Paginator(plans, PER_PAGE).get_page(request.GET.get("page")),
        "may_import": may_import,
        "waiting": [row for row in selectors.import_list(actor=request.actor) if row.state == "open"]
        if may_import
        else [],
    }
    return render(request, "workplans/staff/plan_list.html", context)


@require_GET
@ledger_view
def plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show one plan: facts, how far it has come, its tasks in the order of the document."""
    return _plan_page(request, plan_id)


def _plan_page(request: HttpRequest, plan_id: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    plan = selectors.plan_get(actor=request.actor, plan_id=plan_id, today=today)
    filters = selectors.ItemFilters(
        plan_id=plan_id, top_only=True, lights=selectors.ItemFilters.from_query(request.GET).lights
    )
    number = request.GET.get("page", "1")
    page = selectors.item_list(
        actor=request.actor,
        filters=filters,
        order="number",
        page=int(number) if number.isascii() and number.isdigit() else 1,
        size=ITEMS_PER_PAGE,
        today=today,
    )
    context = {
        "page_title": plan.title,
        "breadcrumbs": [PLANS, {"label": plan.title, "url": ""}],
        "plan": plan,
        "chart": light_chart("任务进度", plan.counts) if plan.items else None,
        "items": page,
        "page": Paginator(range(page.total), page.size).get_page(page.number),
        "lights": filters.lights,
        "today": today,
        "publish_form": PublishForm(initial={"visibility": "progress"}),
        "unpublish_form": ReasonForm(prefix="unpublish"),
        "archive_form": ReasonForm(prefix="archive"),
        **forms,
    }
    return render(request, "workplans/staff/plan_detail.html", context, status=status)


@require_POST
@ledger_view
def plan_activate(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Start a plan that was confirmed as a draft."""
    return press(
        request,
        lambda: services.plan_activate(actor=request.actor, plan_id=plan_id, now=timezone.now()),
        "方案已启用，开始提醒和检查。",
        "workplans:staff:plan_detail",
        plan_id,
    )


@require_POST
@ledger_view
def plan_publish(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show the plan to the public."""
    form = PublishForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.plan_publish(
                actor=request.actor, plan_id=plan_id, visibility=form.cleaned_data["visibility"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已公开。公众现在可以看到这个方案的进展。")
            return redirect("workplans:staff:plan_detail", plan_id)
    return _plan_page(request, plan_id, status=422, publish_form=form, opened="publish")


@require_POST
@ledger_view
def plan_unpublish(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take the plan back from the public, with a reason."""
    form = ReasonForm(request.POST, prefix="unpublish")
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.plan_unpublish(
                actor=request.actor, plan_id=plan_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已停止公开。")
            return redirect("workplans:staff:plan_detail", plan_id)
    return _plan_page(request, plan_id, status=422, unpublish_form=form, opened="unpublish")


@require_POST
@ledger_view
def plan_archive(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Archive the plan, with a reason."""
    form = ReasonForm(request.POST, prefix="archive")
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.plan_archive(
                actor=request.actor, plan_id=plan_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "方案已归档，任务不再变动，仍可查看和导出。")
            return redirect("workplans:staff:plan_detail", plan_id)
    return _plan_page(request, plan_id, status=422, archive_form=form, opened="archive")


@require_http_methods(["GET", "POST"])
@ledger_view
def item_add(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Add a task that the document does not have."""
    today = timezone.localdate()
    plan = selectors.plan_get(actor=request.actor, plan_id=plan_id, today=today)
    if not plan.can_manage:
        raise NotPermitted(ability="增加任务")
    units = selectors.unit_choices(actor=request.actor, today=today)
    form = NewItemForm(request.POST or None, units=units)
    if form.is_bound and form.is_valid():
        item = attempt(
            form,
            lambda: services.item_add(actor=request.actor, plan_id=plan_id, now=timezone.now(), **form.cleaned_data),
        )
        if item is not None:
            messages.success(request, f"已增加任务“{item.title}”。")
            return redirect("workplans:staff:item_detail", item.pk)
    here = reverse("workplans:staff:plan_detail", args=[plan_id])
    way = [PLANS, {"label": plan.title, "url": here}, {"label": "增加任务", "url": ""}]
    return show_form(
        request,
        "workplans/staff/form_page.html",
        form,
        page_title="增加任务",
        breadcrumbs=way,
        submit="增加",
        back=here,
    )
