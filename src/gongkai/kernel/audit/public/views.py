"""The public page of anchors: what anyone needs to see that nothing was changed afterwards."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.kernel.audit.public import pages


@require_safe
def anchor_list(request: HttpRequest) -> HttpResponse:
    """List the newest anchors and tell how to check them."""
    return render(request, pages.LIST, pages.list_context())


@require_safe
def anchors_json(request: HttpRequest) -> JsonResponse:
    """Give the same anchors to programs."""
    return JsonResponse(pages.anchors_data())
