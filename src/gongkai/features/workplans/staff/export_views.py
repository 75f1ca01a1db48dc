"""Exports: short ones at once, long ones by a job with a page that tells how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.staff.pages import LEDGER, XLSX, attachment, ledger_view
from gongkai.kernel.errors import NotPermitted, Refused

URLS = {
    "items": "workplans:staff:item_list",
    "ask": "workplans:staff:items_export",
    "list": "workplans:staff:export_list",
    "detail": "workplans:staff:export_detail",
}
"""Addresses that the shared templates of exports lead to."""


@require_http_methods(["GET", "HEAD", "POST"])
@ledger_view
def items_export(request: HttpRequest) -> HttpResponse:
    """Send the narrowed ledger as a spreadsheet; a long one is asked for by POST and written by a job."""
    if request.method == "POST":
        try:
            export = services.export_request(actor=request.actor, query=request.GET.urlencode(), now=timezone.now())
        except NotPermitted:
            raise
        except Refused as refused:
            for sentence in refused.sentences():
                messages.error(request, sentence)
            return redirect("workplans:staff:export_list")
        return redirect("workplans:staff:export_detail", export.pk)
    today = timezone.localdate()
    filters = selectors.ItemFilters.from_query(request.GET)
    total = selectors.items_export_count(actor=request.actor, filters=filters, today=today)
    if total <= selectors.IN_REQUEST:
        data = selectors.items_export(actor=request.actor, filters=filters, today=today)
        return attachment(data, selectors.items_export_name(today=today), XLSX)
    context = {
        "page_title": "导出台账",
        "breadcrumbs": [LEDGER, {"label": "导出", "url": ""}],
        "total": total,
        "unit": "项任务",
        "urls": URLS,
        "most": selectors.IN_REQUEST,
        "days": selectors.export_days(on=today),
    }
    return render(request, "gk/export_ask.html", context)


@require_GET
@ledger_view
def export_list(request: HttpRequest) -> HttpResponse:
    """Show the person's exports."""
    context = {
        "page_title": "我的导出",
        "breadcrumbs": [LEDGER, {"label": "我的导出", "url": ""}],
        "urls": URLS,
        "exports": selectors.export_list(actor=request.actor),
        "days": selectors.export_days(on=timezone.localdate()),
    }
    return render(request, "gk/export_list.html", context)


@require_GET
@ledger_view
def export_detail(request: HttpRequest, export_id: int) -> HttpResponse:
    """Show how far an export is, and its file."""
    context = {
        "page_title": "导出台账",
        "breadcrumbs": [LEDGER, {"label": "导出", "url": ""}],
        "urls": URLS,
        "export": selectors.export_get(actor=request.actor, export_id=export_id),
        "days": selectors.export_days(on=timezone.localdate()),
    }
    return render(request, "gk/export_detail.html", context)
