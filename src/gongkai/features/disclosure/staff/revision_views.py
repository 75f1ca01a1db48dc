"""The revisions of an item: all of them, two side by side, and going back to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.detail import item_detail
from gongkai.features.disclosure.selectors.revisions import revision_compare as compare_revisions
from gongkai.features.disclosure.selectors.revisions import revision_list as list_revisions
from gongkai.features.disclosure.services.revisions import revision_restore as restore
from gongkai.features.disclosure.staff.compare_rows import attachment_rows, field_rows, folded
from gongkai.features.disclosure.staff.pages import ITEMS, disclosure_view, is_missing, whole_numbers
from gongkai.kernel.errors import NotPermitted, Refused


def _here(item: Any, label: str) -> list[dict[str, str]]:
    address = reverse("disclosure:staff:item_detail", args=[item.pk])
    return [ITEMS, {"label": item.title, "url": address}, {"label": label, "url": ""}]


@require_GET
@disclosure_view
def revision_list(request: HttpRequest, item_id: int) -> HttpResponse:
    """List the revisions; two are chosen to be compared."""
    item = item_get(actor=request.actor, item_id=item_id)
    found = item_detail(actor=request.actor, item_id=item_id, today=timezone.localdate())
    context = {
        "page_title": "版本记录",
        "breadcrumbs": _here(item, "版本记录"),
        "item": item,
        "revisions": list_revisions(actor=request.actor, item_id=item_id),
        "can_edit": found.can_edit,
        "signed": found.signed,
    }
    return render(request, "disclosure/staff/items/revision_list.html", context)


@require_GET
@disclosure_view
def revision_compare(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show two revisions side by side (``?left=&right=``); without numbers the newest and the one before."""
    item = item_get(actor=request.actor, item_id=item_id)
    rows = list_revisions(actor=request.actor, item_id=item_id)
    newest = rows[0].number
    left, right = _numbers(request, newest)
    if not {left, right} <= {row.number for row in rows}:
        raise Http404(f"没有第 {left} 版或第 {right} 版")
    comparison = compare_revisions(actor=request.actor, item_id=item_id, left=left, right=right)
    by_number = {row.number: row for row in rows}
    context = {
        "page_title": f"第 {left} 版与第 {right} 版的差别",
        "breadcrumbs": _here(item, "比较版本"),
        "item": item,
        "revisions": rows,
        "left": by_number[left],
        "right": by_number[right],
        "comparison": comparison,
        "fields": field_rows(comparison),
        "attachments": attachment_rows(comparison),
        "lines": folded(comparison.body, whole="all" in request.GET),
        "whole": "all" in request.GET,
    }
    return render(request, "disclosure/staff/items/revision_compare.html", context)


def _numbers(request: HttpRequest, newest: int) -> tuple[int, int]:
    """Return the older and the newer revision that were asked for."""
    right = next(iter(whole_numbers([request.GET.get("right", "")])), newest)
    left = next(iter(whole_numbers([request.GET.get("left", "")])), max(right - 1, 1))
    return min(left, right), max(left, right)


@require_POST
@disclosure_view
def revision_restore(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """Make an older revision the newest again."""
    try:
        revision = restore(
            actor=request.actor,
            item_id=item_id,
            number=number,
            void_signatures="void_signatures" in request.POST,
            now=timezone.now(),
        )
    except NotPermitted:
        raise
    except Refused as refused:
        if is_missing(refused):
            raise
        for sentence in refused.sentences():
            messages.error(request, sentence)
        return redirect("disclosure:staff:revision_list", item_id)
    messages.success(request, f"已恢复第 {number} 版的内容，存为第 {revision.number} 版。公开属性保持最近一次的认定。")
    return redirect("disclosure:staff:item_detail", item_id)
