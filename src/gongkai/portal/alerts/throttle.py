"""How often one address may send a form about alerts; counted for all processes together."""

from __future__ import annotations

from django.http import HttpRequest

from gongkai.kernel.throttle import web

MOST, SECONDS = 10, 600


def too_many(request: HttpRequest) -> bool:
    """Count a form that was sent and tell whether the address has sent too many within ten minutes."""
    return web.too_many(request, kind="portal.alerts", limit=MOST, seconds=SECONDS)
