"""The public page of anchors: what anyone needs to see that nothing was changed afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.kernel.audit import selectors


@require_safe
def anchor_list(request: HttpRequest) -> HttpResponse:
    """List the newest anchors and tell how to check them."""
    context = {
        "page_title": "审计锚点",
        "anchors": selectors.anchor_list(),
        "breadcrumbs": [("首页", "/"), ("审计锚点", "")],
    }
    return render(request, "audit/public/anchor_list.html", context)


@require_safe
def anchors_json(request: HttpRequest) -> JsonResponse:
    """Give the same anchors to programs."""
    anchors = [
        {"day": anchor.day.isoformat(), "sequence": anchor.sequence, "digest": anchor.digest}
        for anchor in selectors.anchor_list()
    ]
    return JsonResponse({"algorithm": "SHA-256", "anchors": anchors})
