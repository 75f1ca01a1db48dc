"""The audit screen: search, and one entry with everything that is hashed."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.audit import selectors
from gongkai.kernel.audit.actions import action_label, target_label
from gongkai.kernel.audit.staff.forms import FilterForm

PER_PAGE = 50


class ChainPaginator(Paginator):
    """Counts the whole chain by its last sequence: it has no gaps, and counting millions of rows is slow."""

    def __init__(self, *args: object, whole: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if whole:
            self.__dict__["count"] = selectors.chain_head()[0]


@require_GET
@staff_view
def entry_list(request: HttpRequest) -> HttpResponse:
    """Show entries, newest first, narrowed by the form."""
    form = FilterForm(request.GET)
    filters = form.filters()
    found = selectors.entry_search(actor=request.actor, filters=filters)
    paginator = ChainPaginator(found, PER_PAGE, whole=filters == selectors.Filters())
    page = paginator.get_page(request.GET.get("page"))
    rows = [(entry, action_label(entry.action), target_label(entry.target_type)) for entry in page.object_list]
    context = {
        "page_title": "审计记录",
        "form": form,
        "page": page,
        "rows": rows,
        "narrowed": filters != selectors.Filters(),
    }
    return render(request, "audit/staff/entry_list.html", context)


@require_GET
@staff_view
def entry_detail(request: HttpRequest, sequence: int) -> HttpResponse:
    """Show one entry with its digests."""
    entry = selectors.entry_search(actor=request.actor, filters=selectors.Filters()).filter(sequence=sequence).first()
    if entry is None:
        raise Http404
    context = {
        "page_title": f"审计记录第 {sequence} 条",
        "entry": entry,
        "action": action_label(entry.action),
        "target": target_label(entry.target_type),
        "intact": selectors.entry_intact(entry),
        "details": json.dumps(entry.details, ensure_ascii=False, indent=2, sort_keys=True) if entry.details else "",
    }
    return render(request, "audit/staff/entry_detail.html", context)
