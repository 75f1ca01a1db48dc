"""The order of a site's columns, topics and texts: moved up and down without a script, saved with one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.pages import permissions, selectors
from gongkai.portal.pages.services.ordering import pages_order
from gongkai.portal.pages.staff.views import LIST, REFUSED, website_for

NAMES = {PageKind.COLUMN: "栏目页", PageKind.TOPIC: "专题", PageKind.TEXT: "说明页"}
UP, DOWN = "up", "down"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view
def page_order(request: HttpRequest, website_id: int) -> HttpResponse:
    """Show the pages of each kind in their order; move one up or down, or save the order of a kind."""
    row = website_for(request, website_id)
    may = permissions.can_publish_pages(request.actor, selectors.keeper_ids(row, on=timezone.localdate()))
    if request.method == "POST" and not may:
        raise NotPermitted(ability="调整这个网站的页面次序")
    moved: dict[PageKind, list[int]] = {}
    status, problems = 200, []
    if request.method == "POST":
        kind = next((one for one in NAMES if one.value == request.POST.get("kind")), None)
        if kind is None:
            raise Http404("没有这种页面")
        wanted = [int(one) for one in request.POST.getlist("page") if one.isascii() and one.isdigit() and len(one) < 19]
        if request.POST.get("do") == "save":
            try:
                pages_order(actor=request.actor, website_id=row.pk, kind=kind, page_ids=wanted, now=timezone.now())
            except Refused as refused:
                if isinstance(refused, NotPermitted):
                    raise
                problems, status = refused.sentences(), REFUSED
            else:
                messages.success(request, f"{NAMES[kind]}的次序已保存，网站随即更新。")
                return redirect("sites:staff:page_order", row.pk)
        else:
            moved[kind] = _moved(wanted, request.POST.get("do", ""))
    groups = []
    for kind, name in NAMES.items():
        rows = selectors.pages_in_order(website=row, kind=kind)
        if kind in moved:
            places = {page_id: place for place, page_id in enumerate(moved[kind])}
            rows.sort(key=lambda one: places.get(one.page_id, len(places)))
        groups.append({"kind": kind.value, "name": name, "rows": rows, "changed": kind in moved})
    context = {
        "page_title": f"{row}：页面次序",
        "breadcrumbs": [LIST, {"label": "页面次序", "url": ""}],
        "row": row,
        "groups": groups,
        "may": may,
        "problems": problems,
        "back": reverse("sites:staff:website_list"),
    }
    return render(request, "portal/pages/staff/page_order.html", context, status=status)


def _moved(page_ids: list[int], pressed: str) -> list[int]:
    """Return the order after one page was moved one place; as it is where that means nothing."""
    way, _, page = pressed.partition("-")
    found = [place for place, page_id in enumerate(page_ids) if str(page_id) == page]
    if not found or way not in (UP, DOWN):
        return page_ids
    here = found[0]
    there = here - 1 if way == UP else here + 1
    if 0 <= there < len(page_ids):
        page_ids[here], page_ids[there] = page_ids[there], page_ids[here]
    return page_ids
