"""The public home page and what machines ask for."""

from __future__ import annotations

from importlib.metadata import version

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.domain.release import part_of
from gongkai.features.disclosure.selectors.directory import column_tree
from gongkai.portal import site_map
from gongkai.portal.pages.selectors import site_path_of_host
from gongkai.portal.pages.showing import Pages, shown_at
from gongkai.portal.release.parts import part_files
from gongkai.portal.release.shared import Moment
from gongkai.portal.robots import robots_text

PLAIN_TEXT = "text/plain; charset=utf-8"
_KINDS = {".xml": "application/xml", ".js": "text/javascript"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page of the site whose name was asked for, of the primary one else, as its editors published it."""
    now = timezone.now()
    path = site_path_of_host(request.get_host().partition(":")[0])
    shown = shown_at(path, Pages(now, timezone.localdate(now)))
    if shown is None:
        raise Http404("没有首页")
    return render(request, *shown)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell the supervisor whether the database answers, and which version runs; 503 when it does not."""
    lines = [f"version {version('gongkai')}"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return HttpResponse("\n".join(["database unavailable", *lines, ""]), content_type=PLAIN_TEXT, status=503)
    return HttpResponse("\n".join(["database ok", *lines, ""]), content_type=PLAIN_TEXT)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read the public pages and keep them out of the staff side."""
    return HttpResponse(robots_text(), content_type=PLAIN_TEXT)


@require_safe
def map_of_site(request: HttpRequest) -> HttpResponse:
    """Show every column, unit and service on one page."""
    now = timezone.now()
    context = site_map.context(columns=column_tree(), pages=Pages(now, timezone.localdate(now)))
    return render(request, site_map.TEMPLATE, context)


@require_safe
def released(request: HttpRequest, **named: object) -> HttpResponse:
    """Send a page that stands only in the static release, where the release itself does not have it at the moment."""
    path = request.path.removeprefix("/")
    part = part_of(f"{path}index.html" if path.endswith("/") else path)
    now = timezone.now()
    files = part_files(part, Moment(now, timezone.localdate(now))) if part is not None else {}
    data = next(iter(files.values()), None)
    if not isinstance(data, bytes):
        raise Http404("没有这一页")
    kind = next((kind for ending, kind in _KINDS.items() if path.endswith(ending)), "text/html")
    return HttpResponse(data, content_type=f"{kind}; charset=utf-8")
