"""Exports of items: short ones at once, long ones by a job with a page that tells how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.features.disclosure.selectors import export, exports
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.services.exports import export_request
from gongkai.features.disclosure.staff.pages import ITEMS, XLSX, attachment, disclosure_view
from gongkai.kernel.errors import NotPermitted, Refused

URLS = {
    "items": "disclosure:staff:item_list",
    "ask": "disclosure:staff:items_export",
    "list": "disclosure:staff:export_list",
    "detail": "disclosure:staff:export_detail",
}
"""Addresses that the shared templates of exports lead to."""


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def items_export(request: HttpRequest) -> HttpResponse:
    """Send the narrowed list as a spreadsheet; a long one is asked for by POST and written by a job."""
    if request.method == "POST":
        try:
            asked = export_request(actor=request.actor, query=request.GET.urlencode(), now=timezone.now())
        except NotPermitted:
            raise
        except Refused as refused:
            for sentence in refused.sentences():
                messages.error(request, sentence)
            return redirect("disclosure:staff:export_list")
        return redirect("disclosure:staff:export_detail", asked.pk)
    today = timezone.localdate()
    filters = ItemFilters.from_query(request.GET)
    total = export.items_export_count(actor=request.actor, filters=filters, today=today)
    if total <= export.IN_REQUEST:
        order = request.GET.get("order", "changed")
        data = export.items_export(actor=request.actor, filters=filters, order=order, today=today)
        return attachment(data, export.items_export_name(today=today), XLSX)
    context = {
        "page_title": "导出公开信息",
        "breadcrumbs": [ITEMS, {"label": "导出", "url": ""}],
        "total": total,
        "unit": "条信息",
        "most": export.IN_REQUEST,
        "urls": URLS,
        "days": exports.export_days(on=today),
    }
    return render(request, "gk/export_ask.html", context)


@require_GET
@disclosure_view
def export_list(request: HttpRequest) -> HttpResponse:
    """Show the person's exports."""
    context = {
        "page_title": "我的导出",
        "breadcrumbs": [ITEMS, {"label": "我的导出", "url": ""}],
        "urls": URLS,
        "exports": exports.export_list(actor=request.actor),
        "days": exports.export_days(on=timezone.localdate()),
    }
    return render(request, "gk/export_list.html", context)


@require_GET
@disclosure_view
def export_detail(request: HttpRequest, export_id: int) -> HttpResponse:
    """Show how far an export is, and its file."""
    context = {
        "page_title": "导出公开信息",
        "breadcrumbs": [ITEMS, {"label": "导出", "url": ""}],
        "urls": URLS,
        "export": exports.export_get(actor=request.actor, export_id=export_id),
        "days": exports.export_days(on=timezone.localdate()),
    }
    return render(request, "gk/export_detail.html", context)
