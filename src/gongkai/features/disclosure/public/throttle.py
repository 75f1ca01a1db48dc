"""How often one place may come with a link that opens nothing; counted in the database, for all processes together."""

from __future__ import annotations

from django.http import HttpRequest

from gongkai.kernel.throttle import web

KIND = "approvals.link"
MOST, SECONDS = 20, 900
"""Failures from one place within a quarter of an hour; a technical bound, tokens are too long to be guessed anyway."""


def throttled(request: HttpRequest) -> bool:
    """Tell whether the address has failed too often lately."""
    return web.is_over(request, kind=KIND, limit=MOST)


def failed(request: HttpRequest) -> None:
    """Count one failure; the time runs from the first."""
    web.counted(request, kind=KIND, seconds=SECONDS)
