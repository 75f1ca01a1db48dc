"""Pages of sites where the static release does not have them at the moment."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.selectors import file_open
from gongkai.portal.pages.pictures import MEDIA_TYPE, picture_get, picture_of
from gongkai.portal.pages.showing import Pages, shown_at


@require_safe
def page(request: HttpRequest, **named: Any) -> HttpResponse:
    """Show what the public reads at this address."""
    now = timezone.now()
    shown = shown_at(request.path.strip("/"), Pages(now, timezone.localdate(now)))
    if shown is None:
        raise Http404("没有这个页面")
    return render(request, *shown)


@require_safe
def picture(request: HttpRequest, slug: str, name: str, site: str = "") -> HttpResponseBase:
    """Send the picture of a topic."""
    file_id = picture_of(name)
    actor = getattr(request, "actor", None) or Actor.anonymous()
    file = picture_get(actor=actor, file_id=file_id) if file_id is not None else None
    if file is None:
        raise Http404("没有这张图片")
    response = FileResponse(file_open(actor=actor, file=file), content_type=MEDIA_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache"
    return response
