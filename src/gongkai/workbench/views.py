"""The search of the sidebar."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongkai.kernel.accounts.web import staff_view


@staff_view
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Look for ``?q=`` in the ledger: number, title and clause of every work item the person may see."""
    words = request.GET.get("q", "").strip()
    address = reverse("workplans:staff:item_list")
    return redirect(f"{address}?{urlencode({'text': words})}" if words else address)
