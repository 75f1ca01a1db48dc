"""What people looked for and did not find: the list from which synonyms, pinned results and new items come."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.kernel.accounts.web import staff_view
from gongkai.portal.search import permissions
from gongkai.portal.search.lists import index_standing
from gongkai.portal.search.lists import miss_list as misses
from gongkai.portal.search.staff.pages import PER_PAGE, tabs

PERIODS = ((7, "近 7 天"), (30, "近 30 天"), (180, "近半年"))


@require_GET
@staff_view
def miss_list(request: HttpRequest) -> HttpResponse:
    """Show the queries of a period that found nothing, the most frequent first, and how the index stands."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(number) for number, _ in PERIODS} else 30
    since = timezone.localdate() - timedelta(days=days - 1)
    found = misses(actor=request.actor, since=since)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    add = reverse("search:staff:synonym_add")
    context = {
        "page_title": "站内检索",
        "tabs": tabs("search:staff:miss_list"),
        "page": page,
        "rows": [{**row, "add": f"{add}?{urlencode({'words': row['text']})}"} for row in page],
        "periods": [(f"?days={number}", label, number == days) for number, label in PERIODS],
        "standing": index_standing(actor=request.actor, at=timezone.now()),
        "may_keep": permissions.can_keep_search(request.actor),
    }
    return render(request, "search/staff/miss_list.html", context)
