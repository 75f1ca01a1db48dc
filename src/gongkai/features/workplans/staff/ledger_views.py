"""The ledger: every item the actor sees, narrowed, sorted, and handled many at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.features.workplans import permissions, selectors, services
from gongkai.features.workplans.staff.ledger_forms import BULK_FORMS, BULK_NAMES, SUPERVISE, BulkForm, LedgerFilterForm
from gongkai.features.workplans.staff.pages import LEDGER, REFUSED, ledger_view, whole_numbers
from gongkai.kernel.errors import NotPermitted, Refused

PER_PAGE = 50
LONGEST_PLAN_NAME = 40
MORE_FILTERS = ("role", "order", "year", "due_from", "due_to", "carried_over", "archived")
"""Conditions that are folded away unless one of them is set."""


@require_GET
@ledger_view
def item_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the ledger."""
    today = timezone.localdate()
    filters = selectors.ItemFilters.from_query(request.GET)
    number = request.GET.get("page", "1")
    items = selectors.item_list(
        actor=request.actor,
        filters=filters,
        order=request.GET.get("order", "due"),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1,
        size=PER_PAGE,
        today=today,
    )
    plans = selectors.plan_list(actor=request.actor, today=today)
    units = selectors.unit_choices(actor=request.actor, today=today)
    form = LedgerFilterForm(
        request.GET or None,
        plans=[(plan.id, _short(plan.title)) for plan in plans],
        units=units,
    )
    context = {
        "page_title": "任务台账",
        "form": form,
        "items": items,
        "page": Paginator(range(items.total), items.size).get_page(items.number),
        "counts": selectors.item_counts_by_light(actor=request.actor, filters=filters, today=today),
        "lights": filters.lights,
        "narrowed": filters != selectors.ItemFilters(lights=filters.lights),
        "more_open": any(request.GET.get(name) for name in MORE_FILTERS),
        "bulk_actions": bulk_actions(request),
        "may_import": permissions.can_import_plans(request.actor),
        "any_plan": bool(plans),
        "today": today,
    }
    return render(request, "workplans/staff/item_list.html", context)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_PLAN_NAME else f"{title[: LONGEST_PLAN_NAME - 1]}…"


def bulk_actions(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (action, name) of what the actor may do with some item; whether with each one is told afterwards."""
    may_supervise = permissions.can_issue_notices(request.actor) or permissions.can_manage_plans(request.actor)
    return [(code, name) for code, name in BULK_NAMES.items() if code != SUPERVISE or may_supervise]


@require_POST
@ledger_view
def items_bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing to the chosen items: first ask for what it needs, then tell what came of each."""
    action = request.POST.get("action", "")
    chosen = whole_numbers(request.POST.getlist("item"))
    if action not in BULK_FORMS or not chosen:
        messages.warning(request, "请先勾选任务，再选择要做什么。")
        return redirect("workplans:staff:item_list")
    confirmed = "confirmed" in request.POST
    form = BULK_FORMS[action](request.POST if confirmed else None)
    if confirmed and form.is_valid():
        try:
            result = _bulk(request, action, chosen, form)
        except (NotPermitted, selectors.NotFound):
            raise
        except Refused as refused:
            for sentence in refused.sentences():
                form.add_error(None, sentence)
        else:
            return _result(request, action, result)
    filters = selectors.ItemFilters(ids=tuple(chosen), archived=True)
    items = selectors.item_list(
        actor=request.actor, filters=filters, order="plan", size=500, today=timezone.localdate()
    )
    context = {
        "page_title": f"批量{BULK_NAMES[action]}",
        "breadcrumbs": [LEDGER, {"label": f"批量{BULK_NAMES[action]}", "url": ""}],
        "form": form,
        "action": action,
        "name": BULK_NAMES[action],
        "rows": items.rows,
        "chosen": chosen,
    }
    status = REFUSED if confirmed else 200
    return render(request, "workplans/staff/items_bulk.html", context, status=status)


def _bulk(request: HttpRequest, action: str, chosen: list[int], form: BulkForm) -> services.BulkResult:
    now = timezone.now()
    if action == SUPERVISE:
        return services.supervision_notices_issue(actor=request.actor, item_ids=chosen, now=now, **form.arguments())
    return services.items_bulk(actor=request.actor, item_ids=chosen, action=action, arguments=form.arguments(), now=now)


def _result(request: HttpRequest, action: str, result: services.BulkResult) -> HttpResponse:
    """Show which items went through and why the others did not."""
    filters = selectors.ItemFilters(ids=result.done, archived=True)
    done: Any = ()
    if result.done:
        done = selectors.item_list(
            actor=request.actor, filters=filters, order="plan", size=500, today=timezone.localdate()
        ).rows
    context = {
        "page_title": f"批量{BULK_NAMES[action]}的结果",
        "breadcrumbs": [LEDGER, {"label": "结果", "url": ""}],
        "name": BULK_NAMES[action],
        "result": result,
        "done": done,
    }
    return render(request, "workplans/staff/items_bulk_result.html", context)
