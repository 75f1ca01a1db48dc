"""The pattern library and the reader's choice of text size and theme."""

from __future__ import annotations

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_cookie

from gongkai.design.samples import samples
from gongkai.design.themes import SIZE_COOKIE, SIZES, THEME_COOKIE, THEMES, theme_css, wishes

YEAR_SECONDS = 365 * 24 * 3600


@user_passes_test(lambda user: user.is_active and (user.is_staff or user.has_perm("wagtailadmin.access_admin")))
@require_GET
def pattern_library(request: HttpRequest) -> HttpResponse:
    """Render every component alone with sample data."""
    return render(request, "design/pattern_library.html", samples())


@require_GET
def display_set(request: HttpRequest) -> HttpResponse:
    """Remember ``?size=`` and ``?theme=`` in cookies and go back to ``?next=`` (an address of this site only)."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, cookie, allowed in (("size", SIZE_COOKIE, SIZES), ("theme", THEME_COOKIE, THEMES)):
        if request.GET.get(name) in allowed:
            response.set_cookie(cookie, request.GET[name], max_age=YEAR_SECONDS, samesite="Lax")
    return response


@vary_on_cookie
@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Send the stylesheet of the size and theme that the reader chose: the only answer that depends on a cookie."""
    response = HttpResponse(theme_css(*wishes(request.COOKIES)), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response
