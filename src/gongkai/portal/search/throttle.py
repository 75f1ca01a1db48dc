"""How often one address may search; counted for all processes together.

Its only purpose is that a machine which asks without a pause does not take the answers from people. A reader never
comes near the limit (``GONGKAI_SEARCH_PER_MINUTE``; 0 switches it off).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from gongkai.kernel.throttle import web

SECONDS = 60
TYPING = 6
"""Suggestions come with every few letters: this many times as many are allowed."""


def too_many(request: HttpRequest, *, typing: bool = False) -> bool:
    """Count a question and tell whether the address has asked too often within a minute."""
    limit = int(settings.SEARCH_PER_MINUTE) * (TYPING if typing else 1)
    return web.too_many(request, kind=f"portal.{'suggest' if typing else 'search'}", limit=limit, seconds=SECONDS)
