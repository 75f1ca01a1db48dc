"""How often one place may come with a link that opens nothing; counted in the database, for all processes together."""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from django.utils import timezone

from gongkai.kernel.approvals import selectors, services


def throttled(request: HttpRequest) -> bool:
    """Tell whether the address has failed too often lately."""
    return selectors.tokens_throttled(place=_place(request), now=timezone.now())


def failed(request: HttpRequest) -> None:
    """Count one failure; the time runs from the first."""
    services.token_failed(place=_place(request), now=timezone.now())


def _place(request: HttpRequest) -> str:
    return get_client_ip_address(request) or "unknown"
