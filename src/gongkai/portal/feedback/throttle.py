"""How often one address may say something; counted in the cache of the process, so each web process counts for itself."""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest

MOST, SECONDS = 10, 600


def too_many(request: HttpRequest) -> bool:
    """Count a form that was sent and tell whether the address has sent too many within ten minutes."""
    key = f"portal.feedback:{get_client_ip_address(request) or 'unknown'}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return int(cache.incr(key)) > MOST
    except ValueError:  # it ran out in between
        cache.set(key, 1, SECONDS)
        return False
