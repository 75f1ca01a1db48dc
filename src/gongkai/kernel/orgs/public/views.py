"""The unit directory for the public (article 20, item 2 of the Regulations)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.kernel.orgs.trees import directory_tree, directory_unit


@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show every unit that exists today, as a tree."""
    context = {
        "page_title": "单位目录",
        "breadcrumbs": [{"label": "首页", "url": "/"}, {"label": "单位目录", "url": ""}],
        "rows": directory_tree(on=timezone.localdate()),
    }
    return render(request, "orgs/public/unit_list.html", context)


@require_GET
def unit_detail(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit's functions, address, hours, phone and head."""
    today = timezone.localdate()
    unit = directory_unit(unit_id=unit_id, on=today)
    if unit is None:
        raise Http404
    context = {
        "page_title": unit.name,
        "breadcrumbs": [
            {"label": "首页", "url": "/"},
            {"label": "单位目录", "url": reverse("orgs:public:unit_list")},
            {"label": unit.name, "url": ""},
        ],
        "unit": unit,
        "below": [row.unit for row in directory_tree(on=today) if row.unit.parent_id == unit.pk],
    }
    return render(request, "orgs/public/unit_detail.html", context)
