"""How often one place may come with a link that opens nothing; counted in the cache of the process."""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest

LIMIT = 20
"""Failures from one address within the time below; a technical bound, tokens are too long to be guessed anyway."""
SECONDS = 15 * 60


def _key(request: HttpRequest) -> str:
    return f"disclosure.signing.failed:{get_client_ip_address(request) or 'unknown'}"


def throttled(request: HttpRequest) -> bool:
    """Tell whether the address has failed too often lately."""
    return int(cache.get(_key(request), 0)) >= LIMIT


def failed(request: HttpRequest) -> None:
    """Count one failure; the time runs from the first."""
    key = _key(request)
    if not cache.add(key, 1, SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it ran out in between
            cache.set(key, 1, SECONDS)
