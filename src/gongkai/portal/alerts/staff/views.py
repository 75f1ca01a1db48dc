"""Which searches people have saved, and how the mails go; no address is shown to anybody."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.kernel.accounts.web import staff_view
from gongkai.portal.alerts import selectors
from gongkai.portal.search.staff.pages import PER_PAGE, tabs


@require_GET
@staff_view
def query_list(request: HttpRequest) -> HttpResponse:
    """Show every saved search with how many are told of it."""
    rows = selectors.query_list(actor=request.actor)
    context = {
        "page_title": "检索提醒",
        "tabs": tabs("alerts:staff:query_list"),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "standing": selectors.alert_standing(actor=request.actor, at=timezone.now()),
    }
    return render(request, "alerts/staff/query_list.html", context)
