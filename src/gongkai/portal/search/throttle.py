"""How often one address may search; counted in the cache of the process, so each web process counts for itself.

Its only purpose is that a machine which asks without a pause does not take the answers from people. A reader never
comes near the limit (``GONGKAI_SEARCH_PER_MINUTE``; 0 switches it off).
"""

from __future__ import annotations

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

SECONDS = 60
TYPING = 6
"""Suggestions come with every few letters: this many times as many are allowed."""


def too_many(request: HttpRequest, *, typing: bool = False) -> bool:
    """Count a question and tell whether the address has asked too often within a minute."""
    limit = int(settings.SEARCH_PER_MINUTE) * (TYPING if typing else 1)
    if limit <= 0:
        return False
    kind = "suggest" if typing else "page"
    key = f"portal.search.{kind}:{get_client_ip_address(request) or 'unknown'}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return int(cache.incr(key)) > limit
    except ValueError:  # it ran out in between
        cache.set(key, 1, SECONDS)
        return False
