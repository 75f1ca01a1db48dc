"""How often one place may apply, and how often it may try a query code; counted for all processes together."""

from __future__ import annotations

from django.http import HttpRequest

from gongkai.kernel.throttle import web

APPLIED, APPLIED_SECONDS = 20, 3600
"""Applications from one place within an hour. A technical bound: a campaign hands its papers in by post or at the desk."""
TRIED, TRIED_SECONDS = 20, 900
"""Query codes that opened nothing, from one place within a quarter of an hour."""

LOOKED, LOOKED_SECONDS = 60, 900
"""Looks for published items from one place within a quarter of an hour; beyond it the form comes without a look."""
KEPT, KEPT_SECONDS = 30, 3600
"""Drafts kept from one place within an hour."""


def applied_too_often(request: HttpRequest) -> bool:
    """Count an application and tell whether the place has sent too many."""
    return web.too_many(request, kind="foi.apply", limit=APPLIED, seconds=APPLIED_SECONDS)


def tried_too_often(request: HttpRequest) -> bool:
    """Tell whether the place has tried too many codes that opened nothing."""
    return web.is_over(request, kind="foi.follow", limit=TRIED)


def tried_in_vain(request: HttpRequest) -> None:
    """Count a code that opened nothing."""
    web.counted(request, kind="foi.follow", seconds=TRIED_SECONDS)


def looked_too_often(request: HttpRequest) -> bool:
    """Count a look for published items and tell whether there were too many."""
    return web.too_many(request, kind="foi.look", limit=LOOKED, seconds=LOOKED_SECONDS)


def kept_too_often(request: HttpRequest) -> bool:
    """Count a draft and tell whether the place has kept too many."""
    return web.too_many(request, kind="foi.draft", limit=KEPT, seconds=KEPT_SECONDS)
