"""The unit directory for the public (article 20, item 2 of the Regulations)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.kernel.orgs.public import pages


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show every unit that exists today, as a tree."""
    return render(request, pages.LIST, pages.list_context(on=timezone.localdate()))


@require_safe
def unit_detail(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit's functions, address, hours, phone and head."""
    context = pages.unit_context(unit_id=unit_id, on=timezone.localdate())
    if context is None:
        raise Http404
    return render(request, pages.UNIT, context)
